package io.github.dgiqa.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.io.FileSaver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Headers that ImageJ's reader would follow for hours. */
@Timeout(60)
class BmpTest {

	private static final int BITS = 28;
	private static final int COLOURS = 46;

	@TempDir
	private Path folder;
	private byte[] good;

	@BeforeEach
	void write() throws IOException {
		final Path file = folder.resolve("good.bmp");
		assertTrue(new FileSaver(IJ.createImage("", "8-bit ramp", 20, 10, 1)).saveAsBmp(file.toString()));
		good = Files.readAllBytes(file);
	}

	private Picture open(final byte[] bytes) throws IOException {
		final Path file = Files.write(folder.resolve("a.bmp"), bytes);
		try (ImageFile image = ImageFile.open(file)) {
			return image.picture(0);
		}
	}

	private byte[] with(final int at, final int value, final int length) {
		final ByteBuffer bytes = ByteBuffer.wrap(good.clone()).order(ByteOrder.LITTLE_ENDIAN);
		if (length == Short.BYTES) bytes.putShort(at, (short) value);
		else bytes.putInt(at, value);
		return bytes.array();
	}

	@Test
	void oneOfImageJs() throws IOException {
		assertEquals(20, open(good).width());
		assertEquals(20, open(with(COLOURS, 256, Integer.BYTES)).width());
	}

	@Test
	void aPaletteThatIsNotThere() {
		for (final int colours : new int[] {0x4448490d, -1, good.length / 4}) {
			final String message = assertThrows(ImageException.class, () -> open(with(COLOURS, colours, Integer.BYTES))).getMessage();
			assertEquals("The BMP cannot be read: it says that its palette has " + Integer.toUnsignedLong(colours) + " colours, which need " + (54 + 4 * Integer.toUnsignedLong(colours)) + " bytes, and the file has " + good.length + ".", message);
		}
	}

	@Test
	void bitsThatNoBmpHas() {
		for (final int bits : new int[] {0, 3, 48})
			assertEquals("The BMP cannot be read: it says that its pixels have " + bits + " bits.", assertThrows(ImageException.class, () -> open(with(BITS, bits, Short.BYTES))).getMessage());
	}
}
