package io.github.dgiqa.batch;

import io.github.dgiqa.DgiqaException;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** That a file of rows is this run's, as long as it is open: FILE.resume.lock. It ends with the process. */
final class Claim implements Closeable {

	private final Path file;
	private final FileChannel channel;

	private Claim(final Path file, final FileChannel channel) {
		this.file = file;
		this.channel = channel;
	}

	/** @throws DgiqaException where another run has it */
	static Claim on(final Path rows) throws IOException {
		final Path file = rows.resolveSibling(SideFile.of(rows).getFileName() + ".lock");
		while (true) {
			final FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
			try {
				if (!lock(channel)) throw new DgiqaException(rows.getFileName() + " is being written by another run: wait for it, or choose another file.");
				if (isInPlace(file, channel)) return new Claim(file, channel);
			}
			catch (final IOException | RuntimeException e) {
				channel.close();
				throw e;
			}
			// whoever had it before has removed it meanwhile
			channel.close();
		}
	}

	private static boolean lock(final FileChannel channel) {
		try {
			// not its content, which can be read this way on all systems
			final FileLock lock = channel.tryLock(Long.MAX_VALUE - 1, 1, false);
			return lock != null;
		}
		catch (final OverlappingFileLockException e) {
			return false; // in this process
		}
		catch (final IOException e) {
			return true; // some network file systems have no locks
		}
	}

	private static boolean isInPlace(final Path file, final FileChannel channel) throws IOException {
		final String token = UUID.randomUUID().toString();
		channel.truncate(0);
		channel.write(ByteBuffer.wrap(token.getBytes(StandardCharsets.US_ASCII)));
		return Files.exists(file) && Files.readString(file, StandardCharsets.US_ASCII).equals(token);
	}

	@Override
	public void close() throws IOException {
		try {
			Files.deleteIfExists(file);
		}
		catch (final IOException e) {
			// some systems keep what is open; the lock is what counts
		}
		channel.close();
	}
}
