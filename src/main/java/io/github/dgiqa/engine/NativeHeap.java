package io.github.dgiqa.engine;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

import java.util.Optional;

/**
 * The C library's heap, from which PyTorch takes its arrays. As glibc comes, it asks the kernel for each large array and
 * gives it back at once, which costs a quarter of the time, and what it keeps is more and more in pieces. Elsewhere than
 * on glibc nothing is done.
 */
final class NativeHeap {

	// from malloc.h
	private static final int M_TRIM_THRESHOLD = -1;
	private static final int M_MMAP_THRESHOLD = -3;

	/** The largest that glibc takes; arrays up to this size are kept for the next of their kind. */
	private static final int KEPT_ARRAY = 32 << 20;
	private static final int KEPT_IN_ALL = 512 << 20;

	private NativeHeap() {}

	/** Lets the heap keep what is freed; once, before the engine starts. */
	static void keepFreed() {
		find("mallopt").ifPresent(mallopt -> {
			mallopt.invokeInt(new Object[] {M_MMAP_THRESHOLD, KEPT_ARRAY});
			mallopt.invokeInt(new Object[] {M_TRIM_THRESHOLD, KEPT_IN_ALL});
		});
	}

	/** Gives the kernel back what is kept: a few milliseconds, and the next arrays cost a little more. */
	static void giveBack() {
		find("malloc_trim").ifPresent(trim -> trim.invokeInt(new Object[] {0L}));
	}

	private static Optional<Function> find(final String name) {
		if (!Platform.isLinux()) return Optional.empty();
		try {
			return Optional.of(NativeLibrary.getInstance(Platform.C_LIBRARY_NAME).getFunction(name));
		}
		catch (final LinkageError e) {
			return Optional.empty(); // another C library, or another version of JNA's native part in this process
		}
	}
}
