package io.github.dgiqa.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

/** Values worked out by hand on images of a few pixels. */
class BaselineTest {

	private static final double TINY = 1e-4;

	private static double[] of(final int width, final int... values) {
		final byte[] bytes = new byte[values.length];
		for (int i = 0; i < bytes.length; i++)
			bytes[i] = (byte) values[i];
		return Baseline.of(Picture.grey(new Plane(width, values.length / width, bytes), List.of()), 2 * values.length);
	}

	private static double value(final Baseline baseline, final double[] values) {
		return values[baseline.ordinal()];
	}

	@Test
	void aPointOnBlack() {
		final double[] values = of(3, 0, 0, 0, 0, 90, 0, 0, 0, 0);
		// Laplacian: -360 in the middle, 90 at its four neighbours: sum 0, squares 129600 + 4 * 8100 = 162000, over n - 1 = 8
		assertEquals(20250, value(Baseline.LAPLACIAN_VARIANCE, values), TINY);
		// Sobel: each corner (90, 90), each edge's middle 180 in one direction, the middle 0: (4 * 16200 + 4 * 32400) / 9
		assertEquals(21600, value(Baseline.TENENGRAD, values), 0.01);
		// mean 10, squares of deviations 80^2 + 8 * 10^2 = 7200, over 8, over 10
		assertEquals(90, value(Baseline.NORMALISED_VARIANCE, values), TINY);
		// residuals 360, 4 of 180, 4 of 90: median 180
		assertEquals(180 / 0.6744897501960817 / 6, value(Baseline.NOISE, values), TINY);
		// 1/9 and 8/9
		assertEquals((Math.log(9) / 9 + 8 * Math.log(9 / 8.0) / 9) / Math.log(2), value(Baseline.ENTROPY, values), 1e-12);
		assertEquals(2, value(Baseline.BYTES_PER_PIXEL, values), 1e-12);
	}

	@Test
	void nothingToSee() {
		for (final double[] values : List.of(of(2, 0, 0, 0, 0), of(2, 7, 7, 7, 7), of(1, 9)))
			for (final Baseline baseline : Baseline.values())
				if (baseline != Baseline.BYTES_PER_PIXEL) assertEquals(0, value(baseline, values), 1e-9, baseline.key());
	}

	@Test
	void coloursCountByTheirLuminance() {
		final Picture red = Picture.rgb(2, 1, new int[] {0xff0000, 0x00ff00}, List.of());
		// 76.245 and 149.685: mean 112.965, variance 73.44^2 / 2
		assertEquals(73.44 * 73.44 / 2 / 112.965, value(Baseline.NORMALISED_VARIANCE, Baseline.of(red, 1)), 1e-3);
		assertEquals(1, value(Baseline.ENTROPY, Baseline.of(red, 1)), 1e-12);
	}

	@Test
	void noiseOfAKnownDeviationIsFound() {
		final int side = 256;
		final Random random = new Random(5);
		final int[] pixels = new int[side * side];
		for (int i = 0; i < pixels.length; i++)
			pixels[i] = (int) Math.round(60 + 100.0 * (i % side) / side + 10 * random.nextGaussian());
		assertEquals(10, value(Baseline.NOISE, of(side, pixels)), 0.3);
		assertTrue(Baseline.NOISE.lowerIsBetter() && !Baseline.TENENGRAD.lowerIsBetter());
	}
}
