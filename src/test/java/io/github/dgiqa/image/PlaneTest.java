package io.github.dgiqa.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import com.google.gson.JsonArray;

import io.github.dgiqa.Reference;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.TorchEngine;

import java.nio.file.Path;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaneTest {

	/** OpenCV's own result, at every 16th pixel. */
	@ParameterizedTest
	@ValueSource(strings = {"coffee", "chelsea"})
	void resizeAsThePublishedProgramDoes(final String name) {
		final JsonArray size = Reference.json("compact.json").getAsJsonObject(name).getAsJsonArray("resized");
		final int width = size.get(0).getAsInt();
		final int height = size.get(1).getAsInt();
		final Picture picture = ImageFile.open(Path.of("samples", name + ".png")).picture(0);
		try (NDManager manager = TorchEngine.start(DeviceChoice.CPU, 0).newManager()) {
			final NDArray array = Reference.arrays(manager, "compact.npz").get(name + ".small.rgb");
			final int rows = (int) array.getShape().get(0);
			final int columns = (int) array.getShape().get(1);
			assertEquals((height + 15) / 16, rows);
			assertEquals((width + 15) / 16, columns);
			final byte[] expected = array.toByteArray();
			int same = 0;
			for (int c = 0; c < 3; c++) {
				final Plane small = picture.planes().get(c).resize(width, height);
				for (int y = 0; y < rows; y++)
					for (int x = 0; x < columns; x++) {
						final int found = small.values()[y * 16 * width + x * 16] & 0xff;
						final int wanted = expected[(y * columns + x) * 3 + c] & 0xff;
						assertTrue(Math.abs(found - wanted) <= 1, () -> found + " instead of " + wanted);
						if (found == wanted) same++;
					}
			}
			assertTrue(same >= 0.99 * expected.length, same + " of " + expected.length + " are identical");
		}
	}

	/** At 4 from 2, the outputs lie at -1/4, 1/4, 3/4 and 5/4: 255/4 = 63.75, 255*3/4 = 191.25. */
	@Test
	void enlargesByHand() {
		final byte[] expected = bytes(0, 64, 191, 255);
		assertArrayEquals(expected, new Plane(2, 1, bytes(0, 255)).resize(4, 1).values());
		assertArrayEquals(expected, new Plane(1, 2, bytes(0, 255)).resize(1, 4).values());
		// 100x + 80y at x and y of 0, 1/4, 3/4, 1
		assertArrayEquals(bytes(0, 25, 75, 100, 20, 45, 95, 120, 60, 85, 135, 160, 80, 105, 155, 180), new Plane(2, 2, bytes(0, 100, 80, 180)).resize(4, 4).values());
	}

	/** Without antialias: 8 to 2 takes the middle of pixels 1 and 2, and of 5 and 6. */
	@Test
	void reducesByHand() {
		assertArrayEquals(bytes(15, 55), new Plane(8, 1, bytes(255, 10, 20, 255, 255, 50, 60, 255)).resize(2, 1).values());
	}

	@Test
	void onePixelBecomesAConstant() {
		assertArrayEquals(bytes(200, 200, 200, 200, 200, 200), new Plane(1, 1, bytes(200)).resize(3, 2).values());
	}

	@Test
	void sameSizeIsTheSame() {
		final Plane plane = noise(37, 23);
		assertArrayEquals(plane.values(), plane.resize(37, 23).values());
		assertArrayEquals(plane.values(), bytesOf(plane.resizeAntialiased(37, 23)));
	}

	@ParameterizedTest
	@CsvSource({"101, 64, 0, 0, 101, 64", "101, 64, 13, 7, 40, 50", "101, 64, 100, 63, 1, 1", "20, 12, 5, 3, 15, 9", "37, 23, 1, 2, 30, 20", "1, 300, 0, 250, 1, 50"})
	void regionOfTheResizedPlane(final int width, final int height, final int x, final int y, final int regionWidth, final int regionHeight) {
		final Plane plane = noise(37, 23);
		final Plane all = plane.resize(width, height);
		final Plane region = plane.resizedRegion(width, height, x, y, regionWidth, regionHeight);
		assertEquals(regionWidth, region.width());
		assertEquals(regionHeight, region.height());
		for (int j = 0; j < regionHeight; j++)
			for (int i = 0; i < regionWidth; i++)
				assertEquals(all.values()[(y + j) * width + x + i], region.values()[j * regionWidth + i], i + "," + j);
	}

	/**
	 * 8 to 4 of 0, 10, ... 70. The triangle spans two pixels to each side of 1, 3, 5 and 7: weights 1/4, 3/4, 3/4, 1/4 of
	 * a sum of 2 inside; at the ends one 1/4 is outside, so the sum is 7/4: (0*3/4 + 10*3/4 + 20*1/4) / (7/4) = 50/7.
	 */
	@Test
	void antialiasedReductionByHand() {
		final float[] ends = {50 / 7f, 25, 45, 440 / 7f};
		assertArrayEquals(ends, new Plane(8, 1, bytes(0, 10, 20, 30, 40, 50, 60, 70)).resizeAntialiased(4, 1), 1e-5f);
		assertArrayEquals(ends, new Plane(1, 8, bytes(0, 10, 20, 30, 40, 50, 60, 70)).resizeAntialiased(1, 4), 1e-5f);
		final byte[] both = new byte[64];
		for (int i = 0; i < both.length; i++)
			both[i] = (byte) (10 * (i % 8) + 20 * (i / 8));
		final float[] expected = new float[16];
		for (int i = 0; i < expected.length; i++)
			expected[i] = ends[i % 4] + 2 * ends[i / 4];
		assertArrayEquals(expected, new Plane(8, 8, both).resizeAntialiased(4, 4), 1e-4f);
	}

	/** Nothing to widen when enlarging: the weights are those of the plain resize, and nothing is rounded. */
	@Test
	void antialiasedEnlargementByHand() {
		assertArrayEquals(new float[] {0, 63.75f, 191.25f, 255}, new Plane(2, 1, bytes(0, 255)).resizeAntialiased(4, 1), 1e-4f);
		assertArrayEquals(new float[] {9, 9, 9, 9, 9, 9}, new Plane(1, 1, bytes(9)).resizeAntialiased(2, 3), 1e-5f);
	}

	private static Plane noise(final int width, final int height) {
		final byte[] values = new byte[width * height];
		new Random(1).nextBytes(values);
		return new Plane(width, height, values);
	}

	private static byte[] bytesOf(final float[] values) {
		final byte[] bytes = new byte[values.length];
		for (int i = 0; i < bytes.length; i++) {
			assertEquals(values[i], Math.rint(values[i]));
			bytes[i] = (byte) (int) values[i];
		}
		return bytes;
	}

	private static byte[] bytes(final int... values) {
		final byte[] bytes = new byte[values.length];
		for (int i = 0; i < bytes.length; i++)
			bytes[i] = (byte) values[i];
		return bytes;
	}
}
