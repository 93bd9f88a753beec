package io.github.dgiqa.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Follows a TIFF's chain of directories before ImageJ's reader does, which would follow a circle for ever, believe any
 * count, and show the bytes of some compressed pixels as if they were pixels.
 */
final class TiffStructure {

	private static final int HEADER_BYTES = 8;
	private static final int BIG_TIFF = 43;
	private static final int ENTRY_BYTES = 12;
	private static final int COMPRESSION = 259;
	private static final int JPEG = 7;
	private static final int PREDICTOR = 317;
	private static final int FLOAT_PREDICTOR = 3;
	private static final int SHORT = 3;
	/** Bytes of a value of each type of the TIFF 6.0 specification. Of others, as of the first, it is sure that they have one. */
	private static final int[] TYPE_BYTES = {1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

	private final RandomAccessFile file;
	private final long length;
	private ByteOrder order;

	private TiffStructure(final RandomAccessFile file) throws IOException {
		this.file = file;
		length = file.length();
	}

	/** What is wrong with the file's structure, or null. */
	static String problem(final Path path) throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
			return new TiffStructure(file).problem();
		}
	}

	private String problem() throws IOException {
		if (length < HEADER_BYTES) return "it is cut off in its header";
		order = file.read() == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
		final ByteBuffer header = read(0, HEADER_BYTES);
		if (header.getShort(2) == BIG_TIFF) return "it is a BigTIFF, which ImageJ's own reader cannot read; convert it to TIFF";
		final Set<Long> seen = new HashSet<>();
		for (long at = Integer.toUnsignedLong(header.getInt(4)); at != 0;) {
			if (!seen.add(at)) return "its directories run in a circle";
			if (at > length - 2) return "it is cut off: a directory lies behind its end";
			final int bytes = Short.toUnsignedInt(read(at, 2).getShort()) * ENTRY_BYTES;
			if (at + 2 + bytes + 4 > length) return "it is cut off in a directory";
			final ByteBuffer directory = read(at + 2, bytes + 4);
			while (directory.remaining() > 4) {
				final String problem = entry(directory);
				if (problem != null) return problem;
			}
			at = Integer.toUnsignedLong(directory.getInt());
		}
		return seen.isEmpty() ? "it has no image" : null;
	}

	private String entry(final ByteBuffer directory) {
		final int tag = Short.toUnsignedInt(directory.getShort());
		final int type = Short.toUnsignedInt(directory.getShort());
		final long bytes = Integer.toUnsignedLong(directory.getInt()) * TYPE_BYTES[type < TYPE_BYTES.length ? type : 0];
		final int first = Short.toUnsignedInt(directory.getShort(directory.position()));
		final long offset = Integer.toUnsignedLong(directory.getInt());
		final long value = type == SHORT ? first : offset;
		if (tag == COMPRESSION && value == JPEG) return "its pixels are compressed as JPEG, which ImageJ's own reader does not undo; save it with LZW or without compression";
		if (tag == PREDICTOR && value == FLOAT_PREDICTOR)
			return "its pixels are compressed with the floating point predictor, which ImageJ's own reader does not undo; save it without compression";
		if (bytes > 4 && offset > length - bytes) return "it is cut off, or damaged: values lie behind its end";
		return null;
	}

	private ByteBuffer read(final long at, final int count) throws IOException {
		final byte[] bytes = new byte[count];
		file.seek(at);
		file.readFully(bytes);
		return ByteBuffer.wrap(bytes).order(order);
	}
}
