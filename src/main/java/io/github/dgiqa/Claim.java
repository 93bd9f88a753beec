package io.github.dgiqa;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** That what a file tells of is this run's to write, as long as it is open: FILE.lock. It ends with the process. */
public final class Claim implements Closeable {

	private final Lock lock;

	private Claim(final Lock lock) {
		this.lock = lock;
	}

	/**
	 * Claims.
	 *
	 * @param file under its real name
	 * @param name what the user calls it
	 * @throws DgiqaException where another run has it
	 */
	public static Claim on(final Path file, final String name) throws IOException {
		final Path locked = file.resolveSibling(file.getFileName() + ".lock");
		Lock lock = Lock.attempt(locked);
		// whoever had it may have removed it meanwhile
		if (lock == null) lock = Lock.attempt(locked);
		if (lock == null) throw new DgiqaException(name + " is being written by another run: wait for it, or choose another name.");
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
