package io.github.dgiqa.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PyTorch that was found, and whether this program can use it.
 *
 * @param origin where it is from
 * @param folder the folder with its libraries; null for the one in the program
 * @param version such as 2.7.1; null where nothing tells
 * @param flavor cpu, or cu and the digits of a CUDA version
 * @param problem why it is not used, as the end of a sentence; null where it can be
 */
record Libtorch(Origin origin, Path folder, String version, String flavor, String problem) {

	/** In the order in which they are looked for. */
	enum Origin {
		/** The user points to it. */
		YOURS("yours, " + Surroundings.LIBRARY_PATH),
		/** Downloaded or installed before, into DJL's folder. */
		INSTALLED("installed"),
		/** On the class path. */
		PROGRAM("in the program");

		private final String words;

		Origin(final String words) {
			this.words = words;
		}

		@Override
		public String toString() {
			return words;
		}
	}

	static final String CPU = "cpu";

	private static final int CHUNK = 1 << 20;

	private static final Pattern CUDA = Pattern.compile("cu\\d{3}");
	/** 2.7.1+cpu, 2.7.1+cu128; in a Python package between quotes. */
	private static final Pattern BUILD = Pattern.compile("(\\d+\\.\\d+\\.\\d+)(?:\\+(\\w+))?");

	static boolean isCuda(final String flavor) {
		return CUDA.matcher(flavor).matches();
	}

	/** What tells the version of the libtorch in a folder, {@code VERSION} or {@code VERSION+FLAVOR}; null where nothing does. */
	static Matcher build(final Path folder) {
		final Path above = folder.toAbsolutePath().normalize().getParent();
		if (above == null) return null;
		// libtorch's own archive has the first, PyTorch's package for Python the second
		for (final String name : new String[] {"build-version", "version.py"}) {
			try {
				final Matcher build = BUILD.matcher(Files.readString(above.resolve(name)));
				if (build.find()) return build;
			}
			catch (final IOException e) {
				// not this one
			}
		}
		return null;
	}

	/**
	 * Whether a library names a version as its own. To try is no way to find out: where a function is missing in another
	 * version, Linux ends the process.
	 */
	static boolean isOf(final String version, final Path library) {
		final byte[] sought = ("\0" + version + "\0").getBytes(StandardCharsets.US_ASCII);
		final byte[] chunk = new byte[CHUNK];
		try (InputStream in = Files.newInputStream(library)) {
			int kept = 0;
			for (int count = in.readNBytes(chunk, 0, CHUNK); count > 0; count = in.readNBytes(chunk, kept, CHUNK - kept)) {
				if (indexOf(sought, chunk, kept + count) >= 0) return true;
				kept = Math.min(sought.length - 1, kept + count);
				System.arraycopy(chunk, CHUNK - kept, chunk, 0, kept);
			}
		}
		catch (final IOException e) {
			return false; // the next to open it says why
		}
		return false;
	}

	private static int indexOf(final byte[] sought, final byte[] in, final int length) {
		for (int at = 0; at + sought.length <= length; at++)
			if (in[at + 1] == sought[1] && Arrays.equals(in, at, at + sought.length, sought, 0, sought.length)) return at;
		return -1;
	}

	Libtorch refused(final String reason) {
		return new Libtorch(origin, folder, version, flavor, reason);
	}

	boolean isUsable() {
		return problem == null;
	}

	boolean isCuda() {
		return isCuda(flavor);
	}

	/** For people: "PyTorch 2.7.1 for CUDA 12.8 (installed, FOLDER)". */
	@Override
	public String toString() {
		final String target = isCuda() ? "CUDA " + flavor.substring(2, 4) + "." + flavor.substring(4) : flavor;
		return "PyTorch " + (version == null ? "of an unknown version" : version) + " for " + target + " (" + origin + (folder == null ? "" : ", " + folder) + ")";
	}
}
