package io.github.dgiqa.engine;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

import java.util.ArrayList;
import java.util.List;

/**
 * Asks NVIDIA's driver for its GPUs. DJL asks CUDA's runtime instead, which many machines with a GPU do not have
 * installed.
 */
final class NvidiaDriver {

	private static final int NAME_BYTES = 256;
	/** From cuda.h. */
	private static final int NO_DEVICE = 100;

	private final NativeLibrary library;

	private NvidiaDriver(final NativeLibrary library) {
		this.library = library;
	}

	static Gpus ask(final Machine machine) {
		if (machine.isMac()) return Gpus.none("Macs have no NVIDIA GPU");
		final String file = machine.isWindows() ? "nvcuda" : "libcuda.so.1";
		if (!CLibrary.isReachable()) return Gpus.none("NVIDIA's driver cannot be asked, for " + CLibrary.UNREACHABLE);
		final NativeLibrary driver;
		try {
			driver = NativeLibrary.getInstance(file);
		}
		catch (final UnsatisfiedLinkError e) {
			return Gpus.none("NVIDIA's driver (" + file + ") is not installed");
		}
		try {
			return new NvidiaDriver(driver).gpus();
		}
		catch (final UnsatisfiedLinkError e) {
			return Gpus.none("NVIDIA's driver (" + file + ") is not one that this program understands: " + e.getMessage());
		}
	}

	private Gpus gpus() {
		final int started = call("cuInit", 0);
		if (started == NO_DEVICE) return Gpus.none("NVIDIA's driver finds none, or CUDA_VISIBLE_DEVICES hides it");
		if (started != 0) return Gpus.none("NVIDIA's driver answers with error " + started);
		final int[] cuda = {0};
		final int[] count = {0};
		call("cuDriverGetVersion", (Object) cuda);
		call("cuDeviceGetCount", (Object) count);
		final List<String> names = new ArrayList<>();
		for (int i = 0; i < count[0]; i++) {
			final int[] device = {0};
			final byte[] name = new byte[NAME_BYTES];
			call("cuDeviceGet", device, i);
			call("cuDeviceGetName", name, name.length, device[0]);
			names.add(Native.toString(name));
		}
		return names.isEmpty() ? Gpus.none("NVIDIA's driver finds none") : new Gpus(names, cuda[0], null);
	}

	private int call(final String function, final Object... arguments) {
		return library.getFunction(function).invokeInt(arguments);
	}
}
