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

	private final Path folder;
	private Process process;
	private boolean closed;

	Scratch() {
		try {
			folder = Files.createTempDirectory(PREFIX);
		}
		catch (final IOException e) {
			throw new DgiqaException("There is no place for temporary files (java.io.tmpdir): " + DgiqaException.sentence(e) + ".", e);
		}
	}

	/** A place in the folder, where nothing is yet. */
	Path place(final String name) {
		return folder.resolve(name);
	}

	/** A new folder in it, empty. */
	Path folder(final String name) {
		try {
			return Files.createTempDirectory(folder, name);
		}
		catch (final IOException e) {
			throw new DgiqaException("A folder for temporary files cannot be made: " + DgiqaException.sentence(e) + ".", e);
		}
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
		for (int i = 0; i < TRIES && Files.exists(folder); i++)
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
