package io.github.dgiqa.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A weight file's bytes, wherever they are: memory-mapped from a file, or read from a stream into native memory. Views
 * stay valid after {@link #close()}.
 */
public final class Bytes implements AutoCloseable {

	private static final int CHUNK = 1 << 24;

	private final String name;
	private final FileChannel channel;
	private final ByteBuffer memory;
	private final long size;

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

	/** Reads a stream to its end, at most 2 GB. */
	public static Bytes of(final String name, final InputStream in) throws IOException {
		final byte[] all = in.readAllBytes();
		return new Bytes(name, null, ByteBuffer.allocateDirect(all.length).put(all).flip(), all.length);
	}

	/** The file's name, for messages. */
	public String name() {
		return name;
	}

	public long size() {
		return size;
	}

	/** A little-endian, read-only view. */
	ByteBuffer view(final long from, final long length) throws IOException {
		if (from < 0 || length < 0 || from > size - length) throw new IndexOutOfBoundsException(from + "+" + length + " of " + size);
		final ByteBuffer view = channel != null ? channel.map(FileChannel.MapMode.READ_ONLY, from, length) : memory.slice((int) from, (int) length).asReadOnlyBuffer();
		return view.order(ByteOrder.LITTLE_ENDIAN);
	}

	/** SHA-256 of all bytes, 64 lower-case hex digits. */
	public String sha256() throws IOException {
		try {
			final MessageDigest digest = MessageDigest.getInstance("SHA-256");
			for (long at = 0; at < size; at += CHUNK)
				digest.update(view(at, Math.min(CHUNK, size - at)));
			return HexFormat.of().formatHex(digest.digest());
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
