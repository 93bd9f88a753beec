package io.github.dgiqa.download;

import io.github.dgiqa.Lock;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file on its way: {@code NAME.part}, and beside it {@code NAME.part.info} with its {@link Origin}, locked as long as
 * this is open. Both are gone when the file is whole; both stay where it can be continued.
 */
final class PartFile implements Closeable {

	private final Path target;
	private final Path part;
	private final Source source;
	private final Lock lock;
	private final Disk disk;
	private final Checksum checksum = new Checksum();
	private Origin origin;
	private OutputStream out;
	private long length;
	/** How many bytes are in the checksum. */
	private long summed;

	private PartFile(final Path target, final Source source, final Lock lock, final Disk disk) throws IOException {
		this.target = target;
		this.source = source;
		this.lock = lock;
		this.disk = disk;
		part = part(target);
		origin = Origin.parse(lock.text());
		if (origin != null && !origin.serves(source)) origin = null;
		length = origin != null && Files.isRegularFile(part) ? Files.size(part) : 0;
		if (origin != null && origin.all() >= 0 && length > origin.all()) forget();
	}

	/** Opens it; null where another thread or program has it open. */
	static PartFile attempt(final Path target, final Source source, final Disk disk) throws IOException {
		final Lock lock = Lock.attempt(sibling(target, ".part.info"));
		if (lock == null) return null;
		PartFile file = null;
		try {
			file = new PartFile(target, source, lock, disk);
			return file;
		}
		finally {
			if (file == null) lock.close();
		}
	}

	/** Where the bytes of an unfinished file are. */
	static Path part(final Path target) {
		return sibling(target, ".part");
	}

	private static Path sibling(final Path target, final String suffix) {
		return target.resolveSibling(target.getFileName() + suffix);
	}

	/** How many bytes there are. */
	long length() {
		return length;
	}

	/** The length that the file will have; {@link Source#UNKNOWN} where that is not known. */
	long all() {
		return origin == null ? source.bytes() : origin.all();
	}

	boolean isWhole() {
		return origin != null && length > 0 && length == origin.all();
	}

	/** What the bytes are a part of; null without bytes that can be continued. */
	Origin origin() {
		return length == 0 || !origin.serves(source) ? null : origin;
	}

	/** Begins anew without touching the disk: until {@link #begin} the next program can still go on with what is there. */
	void forget() {
		origin = null;
		length = 0;
	}

	/** Begins anew with an empty file. */
	void begin(final Origin of) throws IOException {
		discard();
		lock.write(of.text());
		origin = of;
	}

	/** Deletes the bytes. */
	void discard() throws IOException {
		closeStream();
		Files.deleteIfExists(part); // before the origin is another: a program that ends here must leave no bytes of a wrong one
		forget();
		checksum.end();
		summed = 0;
	}

	/** Makes ready for going on. */
	void sum(final Ticker ticker) throws IOException {
		if (summed == length) return;
		checksum.end();
		checksum.add(part, ticker);
		summed = length;
	}

	void append(final byte[] bytes, final int count) throws IOException {
		if (out == null) out = disk.append(part);
		out.write(bytes, 0, count);
		checksum.add(bytes, count);
		length += count;
		summed += count;
	}

	/** The SHA-256 of all bytes. */
	String sha256(final Ticker ticker) throws IOException {
		sum(ticker);
		summed = 0;
		return checksum.end();
	}

	/** Gives the whole file its name. */
	void finish() throws IOException {
		if (out == null) out = disk.append(part); // an empty file
		closeStream();
		try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
			channel.force(true); // else the name may outlive a power failure, and the bytes not
		}
		try {
			move();
		}
		catch (final IOException e) {
			throw Sentences.unmovable(part, target, e);
		}
	}

	private void move() throws IOException {
		try {
			Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (final AtomicMoveNotSupportedException e) {
			Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
		}
	}

	private void closeStream() throws IOException {
		if (out != null) out.close();
		out = null;
	}

	@Override
	public void close() throws IOException {
		try (lock) {
			closeStream();
			final boolean useless = length > 0 && origin() == null;
			if (!useless && Files.exists(part) && Files.size(part) > 0) return;
			Files.deleteIfExists(part);
			lock.delete();
		}
	}
}
