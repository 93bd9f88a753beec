package io.github.dgiqa.distort;

import static io.github.dgiqa.distort.Checks.ROUNDING;
import static io.github.dgiqa.distort.Checks.SIDE;
import static io.github.dgiqa.distort.Checks.SURE;
import static io.github.dgiqa.distort.Checks.apply;
import static io.github.dgiqa.distort.Checks.channel;
import static io.github.dgiqa.distort.Checks.covariance;
import static io.github.dgiqa.distort.Checks.flat;
import static io.github.dgiqa.distort.Checks.mean;
import static io.github.dgiqa.distort.Checks.picture;
import static io.github.dgiqa.distort.Checks.pixels;
import static io.github.dgiqa.distort.Checks.value;
import static io.github.dgiqa.distort.Checks.variance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.image.Picture;

import org.junit.jupiter.api.Test;

/** white_noise, white_noise_color_component, impulse_noise, multiplicative_noise, denoise. */
class NoisesTest {

	private static final int N = SIDE * SIDE;
	private static final double WHITE = 255 * 255;

	/** Of N normal numbers, the variance's own deviation is sqrt(2 / N) of it, the mean's sqrt(variance / N). */
	@Test
	void whiteNoiseHasItsVariance() {
		final double[] variances = {0.001, 0.002, 0.003, 0.005, 0.01};
		for (int level = 1; level <= 5; level++) {
			final Picture noisy = apply("white_noise", flat(128), level);
			final double expected = variances[level - 1] * WHITE + ROUNDING;
			for (int c = 0; c < 3; c++) {
				assertEquals(expected, variance(channel(noisy, c)), SURE * expected * Math.sqrt(2.0 / N), "level " + level);
				assertEquals(128, mean(channel(noisy, c)), SURE * Math.sqrt(expected / N));
				assertEquals(0, covariance(channel(noisy, c), channel(noisy, (c + 1) % 3)), SURE * expected / Math.sqrt(N), "channels have noise of their own");
			}
			assertNormal(channel(noisy, 0), Math.sqrt(expected));
			assertUncorrelated(channel(noisy, 1), expected);
		}
	}

	/** 68.27% of a normal distribution lies within one deviation, 95.45% within two. */
	private static void assertNormal(final double[] values, final double deviation) {
		final double[] shares = {0.6827, 0.9545};
		for (int k = 1; k <= 2; k++) {
			int within = 0;
			for (final double value : values)
				if (Math.abs(value - 128) <= k * deviation) within++;
			// whole levels: half of one more or less at both ends
			assertEquals(shares[k - 1], (double) within / N, 0.4 / deviation);
		}
	}

	/** From pixel to pixel. */
	private static void assertUncorrelated(final double[] values, final double variance) {
		final double[] next = new double[values.length];
		System.arraycopy(values, 1, next, 0, values.length - 1);
		next[values.length - 1] = values[0];
		assertEquals(0, covariance(values, next), SURE * variance / Math.sqrt(N));
	}

	/** Taken back to Y', Cb, Cr of ITU-R BT.601 by the coefficients of the recommendation. */
	@Test
	void whiteNoiseInYCbCr() {
		final double[] variances = {0.0001, 0.0005, 0.001, 0.002, 0.003};
		final double[][] rec601 = {{65.481, 128.553, 24.966}, {-37.797, -74.203, 112}, {112, -93.786, -18.214}};
		for (int level = 1; level <= 5; level++) {
			final Picture noisy = apply("white_noise_color_component", flat(128), level);
			final double[][] ycbcr = new double[3][N];
			for (int k = 0; k < 3; k++)
				for (int c = 0; c < 3; c++)
					for (int i = 0; i < N; i++)
						ycbcr[k][i] += rec601[k][c] / 255 * value(noisy, c, i);
			for (int k = 0; k < 3; k++) {
				double rounding = 0;
				for (int c = 0; c < 3; c++)
					rounding += ROUNDING * Math.pow(rec601[k][c] / 255, 2);
				final double expected = variances[level - 1] * WHITE + rounding;
				assertEquals(expected, variance(ycbcr[k]), SURE * expected * Math.sqrt(2.0 / N), "level " + level + ", component " + k);
				assertEquals(0, covariance(ycbcr[k], ycbcr[(k + 1) % 3]), SURE * expected / Math.sqrt(N));
			}
		}
	}

	/** The number of changed pixels is binomial, and half of them are white. */
	@Test
	void impulseNoiseHasItsShare() {
		final double[] shares = {0.001, 0.005, 0.01, 0.02, 0.03};
		for (int level = 1; level <= 5; level++) {
			final Picture noisy = apply("impulse_noise", flat(128), level);
			int black = 0;
			int white = 0;
			for (int i = 0; i < N; i++) {
				if (noisy.rgb(i) == 0) black++;
				else if (noisy.rgb(i) == 0xffffff) white++;
				else assertEquals(0x808080, noisy.rgb(i));
			}
			final double half = shares[level - 1] / 2;
			assertEquals(half * N, black, SURE * Math.sqrt(half * N), "level " + level);
			assertEquals(half * N, white, SURE * Math.sqrt(half * N), "level " + level);
		}
	}

	/** The deviation goes with the value. A uniform distribution's fourth moment is 9/5 of the squared variance. */
	@Test
	void multiplicativeNoiseGoesWithTheValue() {
		final double[] variances = {0.001, 0.005, 0.01, 0.02, 0.05};
		for (int level = 1; level <= 5; level++)
			for (final int grey : new int[] {40, 80, 160}) {
				final Picture noisy = apply("multiplicative_noise", flat(grey), level);
				final double expected = variances[level - 1] * grey * grey + ROUNDING;
				final double reach = Math.sqrt(3 * variances[level - 1]) * grey;
				for (int c = 0; c < 3; c++) {
					assertEquals(expected, variance(channel(noisy, c)), SURE * expected * Math.sqrt(0.8 / N) + 0.03, "level " + level + ", grey " + grey);
					assertEquals(grey, mean(channel(noisy, c)), SURE * Math.sqrt(expected / N));
				}
				for (int i = 0; i < N; i++)
					assertEquals(grey, value(noisy, 0, i), reach + 0.51, "a uniform distribution has ends");
			}
		assertEquals(0, apply("multiplicative_noise", flat(0), 5).rgb(0), "black stays black");
	}

	/** Of the added noise little is left on an even ground, where the original had a step there is one, and texture is gone. */
	@Test
	void denoiseTakesNoiseAndTexture() {
		final double[] variances = {0.005, 0.01, 0.02, 0.04, 0.08};
		final Picture before = picture(SIDE, SIDE, (x, y) -> (x < SIDE / 2 ? 64 : y < SIDE / 2 ? 192 : 186 + 12 * ((x + y) % 2)) * 0x010101);
		for (int level = 1; level <= 5; level++) {
			final Picture after = apply("denoise", before, level);
			final double[] dark = part(after, 20, SIDE / 2 - 20, 20, SIDE - 20);
			assertTrue(variance(dark) < 0.25 * variances[level - 1] * WHITE, "level " + level + " leaves " + variance(dark));
			assertTrue(variance(part(after, SIDE / 2 + 20, SIDE - 20, SIDE / 2 + 20, SIDE - 20)) < 0.25 * variances[level - 1] * WHITE);
			if (level > 2) continue;
			assertEquals(64, mean(dark), 2);
			assertTrue(mean(part(after, SIDE / 2 + 2, SIDE / 2 + 3, 20, 100)) - mean(part(after, SIDE / 2 - 3, SIDE / 2 - 2, 20, 100)) > 110, "the step of 128 is steep");
		}
	}

	private static double[] part(final Picture picture, final int left, final int right, final int top, final int bottom) {
		final double[] values = new double[(right - left) * (bottom - top)];
		for (int i = 0; i < values.length; i++)
			values[i] = value(picture, 1, (top + i / (right - left)) * picture.width() + left + i % (right - left));
		return values;
	}

	/** Even where there is nothing else to compare with. */
	@Test
	void denoiseOfTinyPictures() {
		for (final int side : new int[] {1, 2, 7})
			assertEquals(side * side, pixels(apply("denoise", picture(side, side, (x, y) -> 0x808080), 1)));
	}
}
