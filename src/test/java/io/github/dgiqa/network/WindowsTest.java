package io.github.dgiqa.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Windows of a map of 4x4 tokens, worked out by hand. */
class WindowsTest {

	@Test
	void windowByWindow() {
		final Windows windows = Windows.of(4, 4, 2, 0);
		assertEquals(4, windows.count());
		assertArrayEquals(new int[] {0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15}, windows.places());
		assertArrayEquals(new int[] {0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15}, windows.tokensOfPlaces());
		assertArrayEquals(new float[4 * 16], windows.mask());
	}

	/** The last window holds the four corners of the map, of which none may see another. */
	@Test
	void shiftedWindows() {
		final Windows windows = Windows.of(4, 4, 2, 1);
		assertArrayEquals(new int[] {5, 6, 9, 10, 7, 4, 11, 8, 13, 14, 1, 2, 15, 12, 3, 0}, windows.places());
		final int[] back = windows.tokensOfPlaces();
		assertEquals(15, back[0]);
		assertEquals(0, back[5]);
		final float[] mask = windows.mask();
		for (int i = 0; i < 4; i++)
			for (int j = 0; j < 4; j++) {
				assertEquals(0, mask[i * 4 + j], "the first window has no seam");
				assertEquals(i % 2 == j % 2 ? 0 : -10_000, mask[16 + i * 4 + j], "the second is cut from top to bottom");
				assertEquals(i / 2 == j / 2 ? 0 : -10_000, mask[32 + i * 4 + j], "the third from left to right");
				assertEquals(i == j ? 0 : -10_000, mask[48 + i * 4 + j], "the last both ways");
			}
	}

	@Test
	void aMapOfOneWindowIsNotShifted() {
		assertEquals(0, Windows.of(7, 7, 7, 3).shift());
		assertThrows(IllegalArgumentException.class, () -> Windows.of(8, 7, 7, 3));
	}

	/** From token 0 (upper left) to token 3 (lower right) of a 2x2 window: one up and one left, the first row of nine. */
	@Test
	void relativePositions() {
		final int[] rows = Windows.relativePositions(2);
		assertEquals(0, rows[3]);
		assertEquals(4, rows[0]);
		assertEquals(8, rows[3 * 4]);
		assertEquals(3, rows[1]);
		assertEquals(1, rows[2]);
	}
}
