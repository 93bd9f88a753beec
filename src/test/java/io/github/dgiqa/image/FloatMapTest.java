package io.github.dgiqa.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

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
}
