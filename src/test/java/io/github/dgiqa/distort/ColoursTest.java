package io.github.dgiqa.distort;

import static io.github.dgiqa.distort.Checks.SIDE;
import static io.github.dgiqa.distort.Checks.apply;
import static io.github.dgiqa.distort.Checks.assertSame;
import static io.github.dgiqa.distort.Checks.lab;
import static io.github.dgiqa.distort.Checks.picture;
import static io.github.dgiqa.distort.Checks.pixels;
import static io.github.dgiqa.distort.Checks.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.plugin.filter.GaussianBlur;
import ij.process.FloatProcessor;

import io.github.dgiqa.Photographs;
import io.github.dgiqa.image.Picture;

import java.awt.Color;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

/** color_diffusion, color_shift, color_quantization, color_saturation_1, color_saturation_2; ImageJ's L*a*b* is the reference. */
class ColoursTest {

	/** What rounding to 8 bits does to L*, a*, b* of a middle grey, at most. */
	private static final double ROUNDING = 1;

	@Test
	void labIsImageJs() {
		final Picture all = picture(64, 64, (x, y) -> x * 4 << 16 | y * 4 << 8 | (x + y) * 2);
		final Lab lab = Lab.of(Channels.of(all));
		for (int i = 0; i < pixels(all); i++)
			assertArrayEquals(lab(all, i), new double[] {lab.l()[i], lab.a()[i], lab.b()[i]}, 0.05, "pixel " + i);
		assertSame(all, lab.rgb().picture(), "there and back");
	}

	@Test
	void colorDiffusionBlursColourAlone() {
		final double[] sigmas = {1, 3, 6, 8, 12};
		final Picture before = Checks.weakColours();
		for (int level = 1; level <= 5; level++) {
			final Picture after = apply("color_diffusion", before, level);
			for (int component = 0; component < 3; component++) {
				final FloatProcessor expected = new FloatProcessor(before.width(), before.height());
				for (int i = 0; i < pixels(before); i++)
					expected.setf(i, (float) lab(before, i)[component]);
				if (component > 0) new GaussianBlur().blurFloat(expected, sigmas[level - 1], sigmas[level - 1], 1e-4);
				for (int i = 0; i < pixels(before); i++)
					assertEquals(expected.getf(i), lab(after, i)[component], ROUNDING, "level " + level + ", component " + component + " of pixel " + i);
			}
		}
	}

	@Test
	void colorShiftMovesGreen() {
		final int[] shifts = {1, 3, 6, 8, 12};
		final Picture before = picture(SIDE, 8, (x, y) -> x << 16 | (x * 7 & 0xff) << 8 | 255 - x);
		for (int level = 1; level <= 5; level++) {
			final int shift = shifts[level - 1];
			final Picture expected = picture(SIDE, 8, (x, y) -> x << 16 | (Math.max(0, x - shift) * 7 & 0xff) << 8 | 255 - x);
			assertSame(expected, apply("color_shift", before, level), "level " + level);
		}
	}

	@Test
	void colorQuantizationLeavesSoManyColours() {
		final int[] colours = {64, 48, 32, 16, 8};
		final Picture photograph = Photographs.open("coffee");
		for (int level = 1; level <= 5; level++)
			assertEquals(colours[level - 1], Arrays.stream(apply("color_quantization", photograph, level).rgb()).distinct().count(), "level " + level);
	}

	/** Java's own HSB. */
	@Test
	void colorSaturationInHsv() {
		final double[] factors = {0.4, 0.2, 0.1, 0};
		final Picture before = picture(64, 64, (x, y) -> 255 - 2 * x << 16 | 90 + 2 * y << 8 | x + y);
		for (int level = 1; level <= 4; level++) {
			final Picture after = apply("color_saturation_1", before, level);
			for (int i = 0; i < pixels(before); i++) {
				final float[] was = hsb(before, i);
				final float[] is = hsb(after, i);
				assertEquals(was[2], is[2], 1e-6, "value");
				assertEquals(factors[level - 1] * was[1], is[1], 0.51 / 255 / was[2], "saturation");
				if (is[1] * is[2] > 0.1) assertEquals(was[0], is[0], 0.01, "hue");
			}
		}
		// -0.4: value 100, and as far beyond it as 0.4 times the distance of each channel; the hue of 20 degrees becomes 200
		final Picture complement = apply("color_saturation_1", picture(1, 1, (x, y) -> 100 << 16 | 60 << 8 | 40), 5);
		assertEquals(100 << 16 | 116 << 8 | 124, complement.rgb(0));
		assertEquals(200 / 360.0, hsb(complement, 0)[0], 1e-3);
	}

	private static float[] hsb(final Picture picture, final int i) {
		return Color.RGBtoHSB(value(picture, 0, i), value(picture, 1, i), value(picture, 2, i), null);
	}

	@Test
	void colorSaturationInLab() {
		final int[] factors = {1, 2, 3};
		final Picture photograph = Photographs.open("coffee");
		assertSame(photograph, apply("color_saturation_2", photograph, 1), "a factor of 1");
		final Picture before = Checks.weakColours();
		for (int level = 2; level <= 3; level++) {
			final Picture after = apply("color_saturation_2", before, level);
			for (int i = 0; i < pixels(before); i++) {
				final double[] was = lab(before, i);
				final double factor = factors[level - 1];
				assertArrayEquals(new double[] {was[0], factor * was[1], factor * was[2]}, lab(after, i), ROUNDING, "pixel " + i);
			}
		}
		// 6 and 9 times: a weak red of a* about 3, whose a* and b* can be that large
		final Picture weak = picture(1, 1, (x, y) -> 0x867f7d);
		for (final int[] step : new int[][] {{4, 6}, {5, 9}}) {
			final double[] was = lab(weak, 0);
			final double[] is = lab(apply("color_saturation_2", weak, step[0]), 0);
			assertArrayEquals(new double[] {was[0], step[1] * was[1], step[1] * was[2]}, is, ROUNDING);
			assertTrue(Math.hypot(is[1], is[2]) > 15);
		}
	}
}
