package io.github.dgiqa.weights;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * A weight file's bytes, wherever they are: in a file, or read from a stream into native memory. Views of a file are its
 * pages, mapped into memory: they stay valid after {@link #close()}, and the file must not change or get shorter as long
 * as they are used. Files can be replaced: write another and rename it.
 */
public final class Bytes implements AutoCloseable {

	private static final int CHUNK = 1 << 20;
	private static final int STREAMED = 1 << 16;

	private final String name;
	private final FileChannel channel;
	private final long size;
	/** All bytes, in memory or mapped; null as long as no view of the file was asked for, and for a file above 2 GB. */
	private ByteBuffer memory;

	private Bytes(final String name, final FileChannel channel, final ByteBuffer memory, final long size) {
		this.name = name;
		this.channel = channel;
		this.memory = memory;
		this.size = size;
	}

	/** Opens a file of any size; close it after use. */
	public static Bytes of(final Path file) throws IOException {
		final FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
		return new Bytes(file.toString(), channel, null, channel.size());
	}

	/** A copy of bytes that are in memory. */
	public static Bytes of(final String name, final byte[] bytes) {
		return new Bytes(name, null, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), bytes.length);
	}

	/**
	 * Reads a stream.
	 *
	 * @param size bytes to be read
	 * @throws EOFException where there are fewer
	 */
	public static Bytes of(final String name, final InputStream in, final int size) throws IOException {
		final ByteBuffer all = ByteBuffer.allocateDirect(size);
		final byte[] chunk = new byte[STREAMED];
		while (all.hasRemaining()) {
			final int count = in.read(chunk, 0, Math.min(STREAMED, all.remaining()));
			if (count < 0) throw new EOFException(name + " ends after " + all.position() + " bytes");
			all.put(chunk, 0, count);
		}
		return new Bytes(name, null, all.flip(), size);
	}

	/** The file's name, for messages. */
	public String name() {
		return name;
	}

	public long size() {
		return size;
	}

	/** Whether they are in memory whatever is read of them. */
	boolean areInMemory() {
		return channel == null;
	}

	/** A little-endian, read-only view. */
	ByteBuffer view(final long from, final long length) throws IOException {
		checkRange(from, length);
		// The system limits the number of mappings: one for the whole file where Java can address it
		final ByteBuffer view = size > Integer.MAX_VALUE ? channel.map(FileChannel.MapMode.READ_ONLY, from, length) : all().slice((int) from, (int) length).asReadOnlyBuffer();
		return view.order(ByteOrder.LITTLE_ENDIAN);
	}

	private synchronized ByteBuffer all() throws IOException {
		if (memory == null) memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
		return memory;
	}

	/** Fills a buffer, without the file's pages staying in memory. */
	void read(final long from, final ByteBuffer to) throws IOException {
		checkRange(from, to.remaining());
		if (areInMemory()) {
			to.put(memory.slice((int) from, to.remaining()));
			return;
		}
		for (long at = from; to.hasRemaining();) {
			final int count = channel.read(to, at);
			if (count < 0) throw new EOFException(name + " became shorter while it was read");
			at += count;
		}
	}

	/** The bytes for those who want a channel. Closing it has no effect. */
	SeekableByteChannel channel() {
		return new Channel();
	}

	private final class Channel implements SeekableByteChannel {

		private long position;

		@Override
		public int read(final ByteBuffer to) throws IOException {
			if (position >= size) return -1;
			final int count = (int) Math.min(to.remaining(), size - position);
			final int limit = to.limit();
			Bytes.this.read(position, to.limit(to.position() + count));
			to.limit(limit);
			position += count;
			return count;
		}

		@Override
		public long position() {
			return position;
		}

		@Override
		public SeekableByteChannel position(final long newPosition) {
			if (newPosition < 0) throw new IllegalArgumentException("position " + newPosition);
			position = newPosition;
			return this;
		}

		@Override
		public long size() {
			return size;
		}

		@Override
		public int write(final ByteBuffer from) {
			throw new NonWritableChannelException();
		}

		@Override
		public SeekableByteChannel truncate(final long newSize) {
			throw new NonWritableChannelException();
		}

		@Override
		public boolean isOpen() {
			return true;
		}

		@Override
		public void close() {}
	}

	private void checkRange(final long from, final long length) {
		if (from < 0 || length < 0 || from > size - length) throw new IndexOutOfBoundsException(from + "+" + length + " of " + size);
	}

	/** SHA-256 of all bytes, 64 lower-case hex digits. */
	public String sha256() throws IOException {
		final MessageDigest digest = sha256Digest();
		each(digest::update);
		return HexFormat.of().formatHex(digest.digest());
	}

	/** CRC-32 of all bytes, as in jars. */
	public long crc32() throws IOException {
		final CRC32 checksum = new CRC32();
		each(checksum::update);
		return checksum.getValue();
	}

	private void each(final Consumer<ByteBuffer> what) throws IOException {
		final ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, size));
		for (long at = 0; at < size; at += CHUNK) {
			read(at, chunk.clear().limit((int) Math.min(CHUNK, size - at)));
			what.accept(chunk.flip());
		}
	}

	static MessageDigest sha256Digest() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (final NoSuchAlgorithmException e) {
			throw new IllegalStateException(e); // every Java has SHA-256
		}
	}

	@Override
	public void close() {
		if (channel == null) return;
		try {
			channel.close();
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}
}
