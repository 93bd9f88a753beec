package io.github.dgiqa.image;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Follows a GIF's blocks to its end. ImageJ's reader would leave out the frames from where the file is cut off. */
final class GifStructure {

	private static final int SIGNATURE_AND_SIZE_BYTES = 10;
	private static final int FRAME_SIZE_BYTES = 8;
	private static final int EXTENSION = 0x21;
	private static final int FRAME = 0x2c;

	private final DataInputStream in;

	private GifStructure(final DataInputStream in) {
		this.in = in;
	}

	/** What is wrong with the file's structure, or null. */
	static String problem(final Path path) throws IOException {
		try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
			new GifStructure(in).follow();
			return null;
		}
		catch (final EOFException e) {
			return "it is cut off: its end is missing";
		}
	}

	private void follow() throws IOException {
		in.skipNBytes(SIGNATURE_AND_SIZE_BYTES);
		final int flags = in.readUnsignedByte();
		in.skipNBytes(2);
		skipColours(flags);
		while (true) {
			final int block = in.readUnsignedByte();
			if (block == EXTENSION) in.skipNBytes(1);
			else if (block == FRAME) {
				in.skipNBytes(FRAME_SIZE_BYTES);
				skipColours(in.readUnsignedByte());
				in.skipNBytes(1);
			}
			else return; // the trailer, or something that ImageJ's reader judges
			for (int length = in.readUnsignedByte(); length > 0; length = in.readUnsignedByte())
				in.skipNBytes(length);
		}
	}

	private void skipColours(final int flags) throws IOException {
		if ((flags & 0x80) != 0) in.skipNBytes(3L << (flags & 7) + 1);
	}
}
