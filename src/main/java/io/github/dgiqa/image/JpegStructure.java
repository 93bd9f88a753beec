package io.github.dgiqa.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Follows a JPEG's segments to its first scan. ImageJ's reader fills up with grey what is missing. */
final class JpegStructure {

	private static final int START_OF_SCAN = 0xda;
	private static final int CMYK_COMPONENTS = 4;

	private JpegStructure() {}

	/** What is wrong with the file's structure, or null. */
	static String problem(final Path path) throws IOException {
		final byte[] jpeg = Files.readAllBytes(path);
		int at = 2;
		while (at + 4 <= jpeg.length && (jpeg[at] & 0xff) == 0xff) {
			final int marker = jpeg[at + 1] & 0xff;
			if (marker == 0xff) { // fill byte
				at++;
				continue;
			}
			if (isFrame(marker) && at + 9 < jpeg.length && jpeg[at + 9] == CMYK_COMPONENTS)
				return "it has four colour channels (CMYK), which ImageJ does not show; convert it to RGB";
			at += 2 + ((jpeg[at + 2] & 0xff) << 8 | jpeg[at + 3] & 0xff);
			if (marker == START_OF_SCAN) break;
		}
		// an end-of-image marker before the first scan is that of a thumbnail
		for (int i = jpeg.length - 2; i >= at; i--)
			if ((jpeg[i] & 0xff) == 0xff && (jpeg[i + 1] & 0xff) == 0xd9) return null;
		return "it is cut off: its end is missing";
	}

	/** Whether a marker is one of SOF0 to SOF15: all from C0 to CF but DHT, JPG and DAC. */
	private static boolean isFrame(final int marker) {
		return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
	}
}
