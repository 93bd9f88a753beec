package io.github.dgiqa.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Follows a TIFF's chain of directories before ImageJ's reader does, which would follow a circle for ever, believe any
 * count, and show the bytes of some compressed pixels as if they were pixels.
 */
final class TiffStructure {

	private static final int BIG_TIFF = 43;
	private static final int ENTRY_BYTES = 12;
	private static final int COMPRESSION = 259;
	private static final int JPEG = 7;
	private static final int PREDICTOR = 317;
	private static final int FLOAT_PREDICTOR = 3;
	private static final int SHORT = 3;
	/** Bytes of a value of each type of the TIFF 6.0 specification; index 0 is none. */
	private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

	private final RandomAccessFile file;
	private final boolean little;

	private TiffStructure(final RandomAccessFile file) throws IOException {
		this.file = file;
		little = file.read() == 'I';
		file.read();
	}

	/** What is wrong with the file's structure, or null. */
	static String problem(final Path path) throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
			return new TiffStructure(file).problem();
		}
	}

	private String problem() throws IOException {
		if (file.length() < 8) return "it is cut off in its header";
		if (u16() == BIG_TIFF) return "it is a BigTIFF, which ImageJ's own reader cannot read; convert it to TIFF";
		final Set<Long> seen = new HashSet<>();
		for (long at = u32(); at != 0; at = u32()) {
			if (!seen.add(at)) return "its directories run in a circle";
			if (at > file.length() - 2) return "it is cut off: a directory lies behind its end";
			file.seek(at);
			final int entries = u16();
			if (at + 2 + (long) entries * ENTRY_BYTES + 4 > file.length()) return "it is cut off in a directory";
			for (int i = 0; i < entries; i++) {
				final int tag = u16();
				final int type = u16();
				final long bytes = u32() * (type < TYPE_BYTES.length ? TYPE_BYTES[type] : 0);
				final long offset = u32();
				final long value = type == SHORT && !little ? offset >> Short.SIZE : offset;
				if (tag == COMPRESSION && value == JPEG) return "its pixels are compressed as JPEG, which ImageJ's own reader does not undo; save it with LZW or without compression";
				if (tag == PREDICTOR && value == FLOAT_PREDICTOR)
					return "its pixels are compressed with the floating point predictor, which ImageJ's own reader does not undo; save it without compression";
				if (bytes > 4 && offset > file.length() - bytes) return "it is cut off, or damaged: values lie behind its end";
			}
		}
		return seen.isEmpty() ? "it has no image" : null;
	}

	private int u16() throws IOException {
		final int a = file.read();
		final int b = file.read();
		return little ? b << 8 | a : a << 8 | b;
	}

	private long u32() throws IOException {
		final long a = u16();
		final long b = u16();
		return little ? b << 16 | a : a << 16 | b;
	}
}
