package io.github.dgiqa.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.io.FileSaver;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;

import java.awt.Color;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FloatMapTest {

	@Test
	void enlargesByHand() {
		assertArrayEquals(new float[] {0, 0.25f, 0.75f, 1}, new FloatMap(2, 1, new float[] {0, 1}).resize(4, 1).values());
		assertArrayEquals(new float[] {0, 0.25f, 0.75f, 1}, new FloatMap(1, 2, new float[] {0, 1}).resize(1, 4).values());
		// f(x,y) = x + 2y at x and y of 0, 1/4, 3/4, 1
		final float[] expected = {
			0, 0.25f, 0.75f, 1,
			0.5f, 0.75f, 1.25f, 1.5f,
			1.5f, 1.75f, 2.25f, 2.5f,
			2, 2.25f, 2.75f, 3};
		assertArrayEquals(expected, new FloatMap(2, 2, new float[] {0, 1, 2, 3}).resize(4, 4).values());
	}

	/** Without antialias: 8 to 2 takes the middle of pixels 1 and 2, and of 5 and 6. */
	@Test
	void reducesByHand() {
		assertArrayEquals(new float[] {15, 55}, new FloatMap(8, 1, new float[] {1000, 10, 20, 1000, 1000, 50, 60, 1000}).resize(2, 1).values());
	}

	@Test
	void onePixelBecomesAConstant() {
		assertArrayEquals(new float[] {7, 7, 7, 7, 7, 7}, new FloatMap(1, 1, new float[] {7}).resize(3, 2).values());
	}

	@Test
	void sameSizeIsTheSame() {
		final FloatMap map = new FloatMap(2, 1, new float[] {3, 4});
		assertSame(map, map.resize(2, 1));
	}

	/** 63.75 and 191.25 are truncated. */
	@Test
	void eightBitsAreTruncated() {
		final byte[] expected = {0, 63, (byte) 191, (byte) 255};
		assertArrayEquals(expected, new FloatMap(2, 1, new float[] {0, 1}).toEightBits(4, 1).values());
		assertArrayEquals(expected, new FloatMap(2, 1, new float[] {-6, -2}).toEightBits(4, 1).values());
		assertArrayEquals(new byte[] {(byte) 255, 0}, new FloatMap(2, 1, new float[] {5, 1}).toEightBits(2, 1).values());
	}

	/** The range is that of the enlarged map: 1000 is not reached when 8 pixels become 2. */
	@Test
	void eightBitsOfTheResizedRange() {
		assertArrayEquals(new byte[] {0, (byte) 255}, new FloatMap(8, 1, new float[] {1000, 10, 20, 1000, 1000, 50, 60, 1000}).toEightBits(2, 1).values());
	}

	@Test
	void constantMapBecomesZero() {
		assertArrayEquals(new byte[6], new FloatMap(2, 1, new float[] {0.3f, 0.3f}).toEightBits(3, 2).values());
	}

	/** 1e-8 / (1e-8 + 1e-8) * 255 = 127.5. */
	@Test
	void denominatorIsLargerByTheSmallConstant() {
		assertArrayEquals(new byte[] {0, 127}, new FloatMap(2, 1, new float[] {0, 1e-8f}).toEightBits(2, 1).values());
	}

	/** 4 to 2: the triangle is 4 wide, its weights 1/8, 3/8, 3/8, 1/8 in the middle; at the border what is outside counts nothing. */
	@Test
	void reducesWithAntialiasByHand() {
		final float[] expected = {(3 * 1 + 3 * 2 + 1 * 3) / 7f, (1 * 2 + 3 * 3 + 3 * 4) / 7f};
		assertArrayEquals(expected, new FloatMap(4, 1, new float[] {1, 2, 3, 4}).resizeAntialiased(2, 1).values(), 1e-6f);
		assertArrayEquals(expected, new FloatMap(1, 4, new float[] {1, 2, 3, 4}).resizeAntialiased(1, 2).values(), 1e-6f);
	}

	@Test
	void regionAndMirror() {
		final FloatMap region = new FloatMap(3, 2, new float[] {1, 2, 3, 4, 5, 6}).region(1, 0, 2, 2);
		assertArrayEquals(new float[] {2, 3, 5, 6}, region.values());
		assertArrayEquals(new float[] {3, 2, 6, 5}, region.mirrored().values());
	}

	/** 8, 16 and 32 bits are what they are in the file. */
	@Test
	void filesKeepAllBits(@TempDir final Path folder) {
		final ShortProcessor sixteen = new ShortProcessor(2, 2, new short[] {0, 1, 256, (short) 65535}, null);
		sixteen.setMinAndMax(100, 200);
		final FileSaver saver = new FileSaver(new ImagePlus("", sixteen));
		assertTrue(saver.saveAsPng(folder.resolve("sixteen.png").toString()));
		assertTrue(saver.saveAsTiff(folder.resolve("sixteen.tif").toString()));
		assertTrue(new FileSaver(new ImagePlus("", new FloatProcessor(2, 2, new float[] {-1.5f, 0, 1e-6f, 1e6f}))).saveAsTiff(folder.resolve("float.tif").toString()));
		final ByteProcessor eight = new ByteProcessor(2, 2, new byte[] {0, 1, 127, (byte) 255});
		assertTrue(new FileSaver(new ImagePlus("", eight)).saveAsPng(folder.resolve("eight.png").toString()));
		assertTrue(new FileSaver(new ImagePlus("", eight.convertToRGB())).saveAsPng(folder.resolve("grey.png").toString()));
		assertArrayEquals(new float[] {0, 1, 256, 65535}, map(folder.resolve("sixteen.png")));
		assertArrayEquals(new float[] {0, 1, 256, 65535}, map(folder.resolve("sixteen.tif")));
		assertArrayEquals(new float[] {-1.5f, 0, 1e-6f, 1e6f}, map(folder.resolve("float.tif")));
		assertArrayEquals(new float[] {0, 1, 127, 255}, map(folder.resolve("eight.png")));
		assertArrayEquals(new float[] {0, 1, 127, 255}, map(folder.resolve("grey.png")));
		eight.setLut(LUT.createLutFromColor(Color.RED));
		assertTrue(new FileSaver(new ImagePlus("", eight)).saveAsTiff(folder.resolve("red.tif").toString()));
		assertEquals("It has colours; values of one channel are needed: save it in greys.", assertThrows(ImageException.class, () -> map(folder.resolve("red.tif"))).getMessage());
	}

	private static float[] map(final Path file) {
		try (ImageFile image = ImageFile.open(file)) {
			return image.map(0).values();
		}
	}
}
