package io.github.dgiqa.engine;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of the C library under PyTorch. Elsewhere than on Linux with glibc nothing is done. */
final class CLibrary {

	// from malloc.h
	private static final int M_TRIM_THRESHOLD = -1;
	private static final int M_MMAP_THRESHOLD = -3;

	// from mman.h: unlike the others of its kind it changes no byte, whoever the memory is of
	private static final int MADV_PAGEOUT = 21;
	private static final long PAGE = 4096;
	/** Bytes below which nothing is set aside. */
	private static final int WORTH_A_CALL = 1 << 20;

	/** The largest that glibc takes; arrays up to this size are kept for the next of their kind. */
	private static final int KEPT_ARRAY = 32 << 20;
	private static final int KEPT_IN_ALL = 512 << 20;

	/** Bytes, half of what PyTorch's list of its operators takes; all at once would be more than an array that is kept. */
	private static final int HALF_OF_LIST = 29 << 20;

	private static final Path THREADS = Path.of("/proc/self/task");
	/** The beginning of the name of the threads of Java's second compiler. */
	private static final String COMPILER = "C2 CompilerThre";
	// from resource.h
	private static final int PRIO_PROCESS = 0;
	private static final int LEAST = 19;

	/** How often a thread of OpenMP looks for work before it sleeps. */
	private static final String SPINS = "1000";

	/** Why nothing native can be called beside PyTorch, as a part of a sentence. */
	static final String UNREACHABLE = "JNA cannot be loaded: it needs a folder for temporary files that programs can be run from (java.io.tmpdir), or another version of it is at work in this process";

	private CLibrary() {}

	/** Whether functions of libraries can be called through JNA. */
	static boolean isReachable() {
		try {
			return Native.POINTER_SIZE > 0;
		}
		catch (final LinkageError e) {
			return false;
		}
	}

	/**
	 * Lets the heap keep what is freed; once, before the engine starts. As glibc comes, it asks the kernel for each large
	 * array and gives it back at once, which costs a quarter of the time.
	 */
	static void keepFreed() {
		find("mallopt").ifPresent(mallopt -> {
			mallopt.invokeInt(new Object[] {M_MMAP_THRESHOLD, KEPT_ARRAY});
			mallopt.invokeInt(new Object[] {M_TRIM_THRESHOLD, KEPT_IN_ALL});
		});
	}

	/**
	 * Makes room for what PyTorch needs while its libraries are loaded; in the thread that loads them, after
	 * {@link #keepFreed}. Left alone, glibc lets the heap of a thread grow by a page at a time, and each is a call of the
	 * kernel.
	 */
	static void makeRoom() {
		if (!isReachable() || !Platform.isLinux()) return;
		final long first = Native.malloc(HALF_OF_LIST);
		final long second = Native.malloc(HALF_OF_LIST);
		Native.free(second);
		Native.free(first);
	}

	/**
	 * Lets Java's second compiler, which makes often used code faster still, take what time the processors have left; once.
	 * Otherwise it takes as much as the networks of the first image, and they wait for it.
	 */
	static void letCompilerWait() {
		find("setpriority").ifPresent(set -> {
			try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
				for (final Path thread : threads)
					if (isCompiler(thread)) set.invokeInt(new Object[] {PRIO_PROCESS, Integer.parseInt(thread.getFileName().toString()), LEAST});
			}
			catch (IOException | DirectoryIteratorException e) {
				// it is faster for it, no more
			}
		});
	}

	private static boolean isCompiler(final Path thread) {
		try {
			return Files.readString(thread.resolve("comm")).startsWith(COMPILER);
		}
		catch (final IOException e) {
			return false; // it has just ended
		}
	}

	/** Gives the kernel back what is kept: a few milliseconds, and the next arrays cost a little more. */
	static void giveBack() {
		find("malloc_trim").ifPresent(trim -> trim.invokeInt(new Object[] {0L}));
	}

	/** Lets the kernel have the pages of an array in a mapped file; it reads them again where they are needed. */
	static void setAside(final ByteBuffer array) {
		if (array.capacity() < WORTH_A_CALL) return;
		find("madvise").ifPresent(advise -> {
			final long start = Pointer.nativeValue(Native.getDirectBufferPointer(array));
			final long from = (start + PAGE - 1) / PAGE * PAGE;
			final long length = (start + array.capacity() - from) / PAGE * PAGE;
			if (length > 0) advise.invokeInt(new Object[] {new Pointer(from), new NativeLong(length), MADV_PAGEOUT});
		});
	}

	/**
	 * Lets the threads of a computation sleep sooner when they wait for each other; once, before the engine starts. As
	 * they come, they keep their processors busy with waiting: beside another program that needs one, images took seven
	 * times as long. What the user has set stays.
	 */
	static void waitBriefly() {
		if (System.getenv("OMP_WAIT_POLICY") != null) return;
		find("setenv").ifPresent(setenv -> setenv.invokeInt(new Object[] {"GOMP_SPINCOUNT", SPINS, 0}));
	}

	private static Optional<Function> find(final String name) {
		if (!isReachable()) {
			Notices.once("PyTorch may be several times slower than it could be, for " + UNREACHABLE + ".");
			return Optional.empty();
		}
		if (!Platform.isLinux()) return Optional.empty();
		try {
			return Optional.of(NativeLibrary.getProcess().getFunction(name));
		}
		catch (final UnsatisfiedLinkError e) {
			return Optional.empty(); // another C library
		}
	}
}
