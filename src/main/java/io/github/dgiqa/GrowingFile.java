package io.github.dgiqa;

import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file to which whole pieces are added: of one that does not fit on the disk nothing is left. */
public final class GrowingFile implements Closeable {

	private final FileChannel channel;
	private long end;

	/**
	 * Opens a file, or makes one.
	 *
	 * @param end bytes of it that stay
	 */
	public GrowingFile(final Path file, final long end) throws IOException {
		channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
		this.end = end;
		channel.truncate(end);
	}

	/** Its length. */
	public long end() {
		return end;
	}

	/** Adds a piece, all of it or nothing. */
	public void append(final byte[] piece) throws IOException {
		final ByteBuffer rest = ByteBuffer.wrap(piece);
		try {
			channel.position(end);
			while (rest.hasRemaining())
				channel.write(rest);
		}
		catch (final IOException e) {
			channel.truncate(end);
			throw e;
		}
		end += piece.length;
	}

	/** Returns when all of it is on the disk, also where the power fails. */
	public void force() throws IOException {
		channel.force(false);
	}

	/** Writes to this file; each piece ends with a flush. What was not flushed is lost. */
	public Writer writer() {
		return new Pieces(this::append, this);
	}

	@Override
	public void close() throws IOException {
		channel.close();
	}

	/** Where a piece goes. */
	public interface Sink {

		void accept(byte[] piece) throws IOException;
	}

	/** Text that is passed on, in UTF-8, when it is flushed. A piece that was refused is forgotten. */
	public static final class Pieces extends Writer {

		private final Sink sink;
		private final Closeable end;
		private final StringBuilder piece = new StringBuilder();

		/** @param end is closed with it */
		public Pieces(final Sink sink, final Closeable end) {
			this.sink = sink;
			this.end = end;
		}

		@Override
		public void write(final char[] text, final int from, final int length) {
			piece.append(text, from, length);
		}

		@Override
		public void flush() throws IOException {
			final byte[] bytes = piece.toString().getBytes(StandardCharsets.UTF_8);
			piece.setLength(0);
			sink.accept(bytes);
		}

		@Override
		public void close() throws IOException {
			end.close();
		}
	}
}
