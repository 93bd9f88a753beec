package io.github.dgiqa.bench;

import io.github.dgiqa.DgiqaException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.commons.io.file.PathUtils;

/** What a benchmark leaves on the machine while it runs: a folder for temporary files, and a process. */
final class Scratch implements AutoCloseable {

	private static final String PREFIX = "dgiqa-bench";
	/** How often removing is tried again: another thread may write a last file meanwhile. */
	private static final int TRIES = 100;

	/** Null before it is needed. */
	private Path folder;
	private Process process;
	private boolean closed;

	/** A place in the folder. */
	Path place(final String name) {
		return folder().resolve(name);
	}

	/** A new folder in it, empty. */
	Path folder(final String name) {
		try {
			return Files.createTempDirectory(folder(), name);
		}
		catch (final IOException e) {
			throw noPlace(e);
		}
	}

	private synchronized Path folder() {
		if (closed) throw new IllegalStateException("the benchmark has ended");
		try {
			if (folder == null) folder = Files.createTempDirectory(PREFIX);
			return folder;
		}
		catch (final IOException e) {
			throw noPlace(e);
		}
	}

	private static DgiqaException noPlace(final IOException e) {
		return new DgiqaException("Temporary files cannot be written (java.io.tmpdir names their folder): " + DgiqaException.sentence(e) + ".", e);
	}

	/** Starts a process; one at a time. */
	synchronized Process start(final ProcessBuilder builder) throws IOException {
		if (closed) throw new IOException("the benchmark has ended");
		process = builder.start();
		return process;
	}

	/** Ends the process, if there is one, and removes the folder and all in it. From any thread. */
	@Override
	public void close() {
		end();
		for (int i = 0; i < TRIES && folder != null && Files.exists(folder); i++)
			remove(folder);
	}

	private synchronized void end() {
		closed = true;
		if (process == null) return;
		process.destroyForcibly();
		process.onExit().join();
	}

	/** Removes a folder and all in it, as far as that is possible. */
	static void remove(final Path folder) {
		try {
			PathUtils.deleteDirectory(folder);
		}
		catch (final IOException e) {
			// the next try, or the system's own tidying, comes to it
		}
	}
}
