package io.github.dgiqa.batch;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.Lock;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** That a file of rows is this run's, as long as it is open: FILE.resume.lock. It ends with the process. */
final class Claim implements Closeable {

	private final Lock lock;

	private Claim(final Lock lock) {
		this.lock = lock;
	}

	/** @throws DgiqaException where another run has it */
	static Claim on(final Path rows) throws IOException {
		final Path file = rows.resolveSibling(SideFile.of(rows).getFileName() + ".lock");
		Lock lock = Lock.attempt(file);
		// whoever had it may have removed it meanwhile
		if (lock == null) lock = Lock.attempt(file);
		if (lock == null) throw new DgiqaException(rows.getFileName() + " is being written by another run: wait for it, or choose another file.");
		return new Claim(lock);
	}

	@Override
	public void close() throws IOException {
		try {
			lock.delete();
		}
		catch (final IOException e) {
			// some systems keep what is open; the lock is what counts
		}
		lock.close();
	}
}
