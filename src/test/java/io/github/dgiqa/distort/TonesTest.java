package io.github.dgiqa.distort;

import static io.github.dgiqa.distort.Checks.apply;
import static io.github.dgiqa.distort.Checks.assertSame;
import static io.github.dgiqa.distort.Checks.lab;
import static io.github.dgiqa.distort.Checks.picture;
import static io.github.dgiqa.distort.Checks.row;
import static io.github.dgiqa.distort.Checks.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.plugin.filter.GaussianBlur;
import ij.process.FloatProcessor;

import io.github.dgiqa.Photographs;
import io.github.dgiqa.image.Picture;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

/** brighten, darken, mean_shift, contrast_change, quantization, high_sharpen. */
class TonesTest {

	private static final Picture GREYS = row(x -> x);

	@Test
	void brightenLiftsLightness() {
		checkLightness("brighten", new double[] {0.1, 0.2, 0.4, 0.7, 1.1});
	}

	@Test
	void darkenLowersLightness() {
		checkLightness("darken", new double[] {-0.05, -0.1, -0.2, -0.4, -0.8});
	}

	/** The parabola through 0, 1, and half of the strength above the middle; ImageJ's L* of the greys. */
	private static void checkLightness(final String type, final double[] strengths) {
		for (int level = 1; level <= 5; level++) {
			final Picture after = apply(type, GREYS, level);
			final double s = strengths[level - 1];
			for (int grey = 0; grey < 256; grey++) {
				final double was = lab(GREYS, grey)[0] / 100;
				final double expected = Math.max(0, Math.min(100, 100 * was + 200 * s * was * (1 - was)));
				assertEquals(expected, lab(after, grey)[0], 0.4, type + " " + level + " of " + grey); // a level is up to 0.5 of L*
			}
			assertEquals(0, after.rgb(0));
			assertEquals(0xffffff, after.rgb(255));
		}
		final Picture colour = picture(1, 1, (x, y) -> 0x8c7a6e);
		final double[] was = lab(colour, 0);
		final double[] is = lab(apply(type, colour, 3), 0);
		assertEquals(was[1], is[1], 1, "a*");
		assertEquals(was[2], is[2], 1, "b*");
	}

	@Test
	void meanShiftAdds() {
		final double[] shifts = {0, 0.08, -0.08, 0.15, -0.15};
		for (int level = 1; level <= 5; level++) {
			final Picture after = apply("mean_shift", GREYS, level);
			for (int grey = 0; grey < 256; grey++)
				assertEquals(Math.max(0, Math.min(255, grey + 255 * shifts[level - 1])), value(after, 2, grey), 0.51, "level " + level);
		}
		assertSame(GREYS, apply("mean_shift", GREYS, 1), "a shift of 0");
	}

	/** A quarter and three quarters (64 and 191 of 255 are near) move apart or together by a quarter of the strength. */
	@Test
	void contrastBendsAboutTheMiddle() {
		final double[] strengths = {0.3, 0.15, 0, -0.4, -0.6};
		for (int level = 1; level <= 5; level++) {
			final Picture after = apply("contrast_change", GREYS, level);
			assertEquals(64 - 255 * strengths[level - 1] / 4, value(after, 0, 64), 1, "level " + level);
			assertEquals(191 + 255 * strengths[level - 1] / 4, value(after, 0, 191), 1, "level " + level);
			assertEquals(0, after.rgb(0));
			assertEquals(0xffffff, after.rgb(255));
			for (int grey = 1; grey < 256; grey++)
				assertTrue(value(after, 0, grey) >= value(after, 0, grey - 1), "no tone overtakes another");
		}
		assertSame(GREYS, apply("contrast_change", GREYS, 3), "a strength of 0");
	}

	@Test
	void quantizationLeavesSoManyLevels() {
		final int[] levels = {20, 16, 13, 10, 7};
		for (int level = 1; level <= 5; level++) {
			final int n = levels[level - 1];
			final Picture after = apply("quantization", GREYS, level);
			final int[] found = Arrays.stream(after.rgb()).map(rgb -> rgb & 0xff).distinct().toArray();
			assertEquals(n, found.length, "level " + level);
			for (int k = 0; k < n; k++) {
				final int wanted = found[k];
				assertEquals(255.0 * k / (n - 1), wanted, 0.51, "equally far from each other, black and white among them");
				assertEquals(256.0 / n, Arrays.stream(after.rgb()).filter(rgb -> (rgb & 0xff) == wanted).count(), 1, "as many greys become each");
			}
		}
		final Picture photograph = apply("quantization", Photographs.open("coffee"), 5);
		for (int c = 0; c < 3; c++)
			assertEquals(7, Arrays.stream(Checks.channel(photograph, c)).distinct().count());
	}

	/** L* + amount (L* - blurred L*), ImageJ's Gaussian of 3 pixels, where white and black do not clip it. */
	@Test
	void highSharpenAddsWhatABlurTakes() {
		final int[] amounts = {1, 2, 3, 6, 12};
		// a soft step, so that even 12 times stays within the range
		final Picture before = picture(96, 32, (x, y) -> (int) Math.round(120 + 12 * Math.tanh((x - 48) / 4.0)) * 0x010101);
		final FloatProcessor blurred = new FloatProcessor(96, 32);
		for (int i = 0; i < 96 * 32; i++)
			blurred.setf(i, (float) lab(before, i)[0]);
		new GaussianBlur().blurFloat(blurred, 3, 3, 1e-4);
		for (int level = 1; level <= 5; level++) {
			final Picture after = apply("high_sharpen", before, level);
			for (int i = 0; i < 96 * 32; i++) {
				final double was = lab(before, i)[0];
				assertEquals(was + amounts[level - 1] * (was - blurred.getf(i)), lab(after, i)[0], 0.35, "level " + level + ", pixel " + i);
			}
		}
		assertSame(Checks.flat(90), apply("high_sharpen", Checks.flat(90), 5), "an even ground");
	}
}
