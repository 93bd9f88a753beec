package io.github.dgiqa;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to something on a disk, which one thread of one program has at a time. The system takes it back from a
 * program that dies. The file that is locked also keeps a text.
 */
public final class Lock implements Closeable {

	/** Behind every text, since Windows lets nobody else read what is locked. */
	private static final long LOCKED = Long.MAX_VALUE - 1;

	private static final int LONGEST = 1 << 16;

	/** A file's lock is the whole process's, and gone once any of its threads closes the file: no second one may open it. */
	private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

	private final Path path;
	private final FileChannel file;

	private Lock(final Path path, final FileChannel file) {
		this.path = path;
		this.file = file;
	}

	/** Takes the lock, whose file is made where it is not there; null where another thread or program has it. */
	public static Lock attempt(final Path path) throws IOException {
		if (!HELD.add(path)) return null;
		FileChannel file = null;
		boolean taken = false;
		try {
			file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
			final Object opened = identity(path);
			taken = isLocked(file) && opened != null && opened.equals(identity(path));
			return taken ? new Lock(path, file) : null;
		}
		finally {
			if (!taken) {
				if (file != null) file.close();
				HELD.remove(path);
			}
		}
	}

	private static boolean isLocked(final FileChannel file) throws IOException {
		try {
			return file.tryLock(LOCKED, 1, false) != null;
		}
		catch (final OverlappingFileLockException e) { // held through another class loader
			return false;
		}
		catch (final ClosedByInterruptException e) {
			throw e;
		}
		catch (final IOException e) { // a file system without locks: the threads of this program keep apart still
			return true;
		}
	}

	/** Tells a file from one of the same name that took its place; null where there is none. */
	private static Object identity(final Path path) {
		try {
			final Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
			return Objects.requireNonNullElse(key, path); // Windows has no keys
		}
		catch (final IOException e) {
			return null;
		}
	}

	/** The text in its file; empty where none was written. */
	public String text() throws IOException {
		final ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), LONGEST));
		file.read(bytes, 0);
		return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
	}

	/** Replaces the text. */
	public void write(final String text) throws IOException {
		file.truncate(0);
		file.write(StandardCharsets.UTF_8.encode(text), 0);
	}

	/** Deletes the file, which only the one may do who has the lock. */
	public void delete() throws IOException {
		Files.deleteIfExists(path);
	}

	@Override
	public void close() throws IOException {
		try {
			file.close();
		}
		finally {
			HELD.remove(path);
		}
	}
}
