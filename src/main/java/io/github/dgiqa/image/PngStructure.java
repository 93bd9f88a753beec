package io.github.dgiqa.image;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * Follows a PNG's chunks to its end. ImageJ's reader looks neither at their check sums nor for the last one, and would
 * show what a damaged file has left.
 */
final class PngStructure {

	private static final int SIGNATURE_BYTES = 8;
	private static final int TYPE_BYTES = 4;

	private PngStructure() {}

	/** What is wrong with the file's structure, or null. */
	static String problem(final Path path) throws IOException {
		try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
			in.skipNBytes(SIGNATURE_BYTES);
			boolean pixels = false;
			String type = "";
			while (!type.equals("IEND")) {
				final long length = Integer.toUnsignedLong(in.readInt());
				final CRC32 sum = new CRC32();
				type = new String(read(in, TYPE_BYTES, sum), StandardCharsets.ISO_8859_1);
				for (long left = length; left > 0;)
					left -= read(in, (int) Math.min(left, 1 << 16), sum).length;
				final boolean needed = Character.isUpperCase(type.charAt(0));
				if (in.readInt() != (int) sum.getValue() && needed) return "it is damaged: a check sum is wrong";
				pixels |= type.equals("IDAT");
			}
			return pixels ? null : "it is damaged: it has no image data";
		}
		catch (final EOFException e) {
			return "it is cut off: its end is missing";
		}
	}

	private static byte[] read(final DataInputStream in, final int length, final CRC32 sum) throws IOException {
		final byte[] bytes = new byte[length];
		in.readFully(bytes);
		sum.update(bytes);
		return bytes;
	}
}
