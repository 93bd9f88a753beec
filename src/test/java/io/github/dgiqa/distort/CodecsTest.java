package io.github.dgiqa.distort;

import static io.github.dgiqa.distort.Checks.apply;
import static io.github.dgiqa.distort.Checks.assertSame;
import static io.github.dgiqa.distort.Checks.picture;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.Photographs;
import io.github.dgiqa.image.ImageException;
import io.github.dgiqa.image.Picture;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

/** jpeg, jpeg2000: what stands in their files. */
class CodecsTest {

	private static final Picture PHOTOGRAPH = Photographs.open("coffee");

	/** ITU-T T.81, tables K.1 and K.2, row by row. */
	private static final int[][] STANDARD = {
		{16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99},
		{17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99}};

	private static final int DQT = 0xdb;
	private static final int BASELINE = 0xc0;

	/** The tables of the standard times 5000 / quality percent, in whole numbers, 1 to 255: what libjpeg writes. */
	@Test
	void jpegHasTheTablesOfItsQuality() {
		final int[] qualities = {43, 36, 24, 7, 4};
		for (int level = 1; level <= 5; level++) {
			final byte[] file = codec("jpeg").encode(PHOTOGRAPH, level);
			final int[][] found = new int[2][];
			int frames = 0;
			for (int at = 2; (file[at + 1] & 0xff) != 0xda; at += 2 + length(file, at)) {
				if ((file[at + 1] & 0xff) == DQT)
					for (int table = at + 4; table < at + 2 + length(file, at); table += 65)
						found[file[table]] = natural(file, table + 1);
				if ((file[at + 1] & 0xff) == BASELINE) {
					frames++;
					// 8 bits, 400 x 600, three components: luminance twice as fine as both colours, tables 0, 1, 1
					assertArrayEquals(new byte[] {8, 400 >> 8, (byte) 400, 600 >> 8, 600 & 0xff, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1}, Arrays.copyOfRange(file, at + 4, at + 19));
				}
			}
			assertEquals(1, frames);
			for (int table = 0; table < 2; table++)
				for (int i = 0; i < 64; i++)
					assertEquals(Math.max(1, Math.min(255, (STANDARD[table][i] * (5000 / qualities[level - 1]) + 50) / 100)), found[table][i], "level " + level + ", table " + table + ", entry " + i);
		}
	}

	private static int length(final byte[] file, final int marker) {
		return (file[marker + 2] & 0xff) << 8 | file[marker + 3] & 0xff;
	}

	/** From the zigzag order of the file to rows. */
	private static int[] natural(final byte[] file, final int at) {
		final int[] rows = new int[64];
		int i = 0;
		for (int diagonal = 0; diagonal < 15; diagonal++)
			for (int k = 0; k <= diagonal; k++) {
				final int x = diagonal % 2 == 0 ? k : diagonal - k;
				final int y = diagonal - x;
				if (x < 8 && y < 8) rows[y * 8 + x] = file[at + i++] & 0xff;
			}
		return rows;
	}

	/** So many times smaller than three bytes a pixel; the boxes of the format around the code stream have less than 200 bytes. */
	@Test
	void jpeg2000HasItsRate() {
		final int[] ratios = {16, 32, 45, 120, 170};
		for (final Picture picture : List.of(PHOTOGRAPH, Photographs.open("chelsea")))
			for (int level = 1; level <= 5; level++) {
				final byte[] file = codec("jpeg2000").encode(picture, level);
				final double wanted = 3.0 * picture.width() * picture.height() / ratios[level - 1];
				assertTrue(file.length < wanted + 200 && file.length > 0.97 * wanted, "level " + level + ": " + file.length + " bytes, wanted " + wanted);
				assertArrayEquals(new byte[] {0, 0, 0, 12, 'j', 'P', ' ', ' ', 13, 10, (byte) 0x87, 10}, Arrays.copyOf(file, 12), "the signature of JP2");
			}
	}

	@Test
	void theResultIsWhatTheFileHolds() {
		for (final String name : List.of("jpeg", "jpeg2000")) {
			final Codec codec = codec(name);
			assertSame(codec.decode(codec.encode(PHOTOGRAPH, 2)), apply(name, PHOTOGRAPH, 2), name);
		}
	}

	@Test
	void smallPictures() {
		final Picture pixel = picture(1, 1, (x, y) -> 0x808080);
		assertEquals(128, Checks.value(apply("jpeg", pixel, 1), 0, 0), 2);
		assertTrue(assertThrows(ImageException.class, () -> apply("jpeg2000", pixel, 5)).getMessage().startsWith("A picture of 1 x 1 pixels cannot be made 170 times smaller by JPEG 2000"));
	}

	private static Codec codec(final String name) {
		return (Codec) Distortions.find(name);
	}
}
