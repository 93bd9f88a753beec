package io.github.dgiqa.distort;

import static io.github.dgiqa.distort.Checks.apply;
import static io.github.dgiqa.distort.Checks.assertSame;
import static io.github.dgiqa.distort.Checks.picture;
import static io.github.dgiqa.distort.Checks.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.Photographs;
import io.github.dgiqa.distort.Filters.Kernel;
import io.github.dgiqa.image.Picture;

import org.junit.jupiter.api.Test;

/** gaussian_blur, lens_blur, motion_blur. */
class BlursTest {

	private static final int SIDE = 255;
	private static final int MIDDLE = SIDE / 2;

	/** A wave's amplitude falls by the Gaussian's transfer function, exp(-2 pi^2 sigma^2 f^2), along both axes. */
	@Test
	void gaussianBlurHasTheGaussiansSpectrum() {
		final double[] sigmas = {0.1, 0.5, 1, 2, 5};
		for (int level = 2; level <= 5; level++)
			for (final int waves : new int[] {1, 5, 11, 25}) {
				final double f = waves / 192.0; // without a short period, whose roundings would add up
				final double expected = Math.exp(-2 * Math.pow(Math.PI * sigmas[level - 1] * f, 2));
				// a kernel of half a pixel is too narrow for its samples to be all of it
				final double tolerance = sigmas[level - 1] == 0.5 ? 0.015 : 0.003;
				final Picture right = picture(256, 64, (x, y) -> wave(x, f));
				assertEquals(expected, amplitude(apply("gaussian_blur", right, level), f, true) / amplitude(right, f, true), tolerance, "level " + level + ", f " + f);
				final Picture down = picture(64, 256, (x, y) -> wave(y, f));
				assertEquals(expected, amplitude(apply("gaussian_blur", down, level), f, false) / amplitude(down, f, false), tolerance, "level " + level + ", f " + f);
			}
		// at a pixel's distance it is exp(-50) of what it is in the middle
		assertSame(Checks.places(), apply("gaussian_blur", Checks.places(), 1), "a sigma of 0.1");
	}

	private static int wave(final int at, final double f) {
		return (int) Math.round(128 + 100 * Math.cos(2 * Math.PI * f * at)) * 0x010101;
	}

	/** By projection on the wave, away from the borders. */
	private static double amplitude(final Picture picture, final double f, final boolean right) {
		double real = 0;
		double imaginary = 0;
		for (int at = 32; at < 224; at++) {
			final int value = value(picture, 1, right ? 32 * picture.width() + at : at * picture.width() + 32);
			real += value * Math.cos(2 * Math.PI * f * at);
			imaginary += value * Math.sin(2 * Math.PI * f * at);
		}
		return 2 * Math.hypot(real, imaginary) / 192;
	}

	/** MATLAB's documented fspecial('disk', 1), and what the area of a disk says. */
	@Test
	void lensBlurIsADisk() {
		final float[] one = Blurs.disk(1).values();
		final double[] published = {0.0251, 0.1453, 0.0251, 0.1453, 0.3183, 0.1453, 0.0251, 0.1453, 0.0251};
		for (int i = 0; i < published.length; i++)
			assertEquals(published[i], one[i], 5e-4);
		final int[] radii = {1, 2, 4, 6, 8};
		for (int level = 1; level <= 5; level++) {
			final int radius = radii[level - 1];
			final Kernel disk = Blurs.disk(radius);
			double sum = 0;
			for (int i = 0; i < disk.values().length; i++) {
				sum += disk.values()[i];
				final int x = Math.abs(i % disk.side() - disk.side() / 2);
				final int y = Math.abs(i / disk.side() - disk.side() / 2);
				if (Math.hypot(x + 0.5, y + 0.5) <= radius) assertEquals(1 / (Math.PI * radius * radius), disk.values()[i], 1e-5);
				if (Math.hypot(Math.max(0, x - 0.5), Math.max(0, y - 0.5)) >= radius) assertEquals(0, disk.values()[i]);
			}
			assertEquals(1, sum, 1e-5);
			final Picture point = apply("lens_blur", point(), level);
			assertEquals(255 / (Math.PI * radius * radius), value(point, 0, MIDDLE * SIDE + MIDDLE), 0.51);
			assertEquals(0, value(point, 0, MIDDLE * SIDE + MIDDLE + radius + 1));
		}
	}

	/** MATLAB's documented kernels along the axes; in any direction a line of the given length. */
	@Test
	void motionBlurIsALine() {
		assertKernel(new double[] {0.125, 0.25, 0.25, 0.25, 0.125}, Blurs.line(4, 0), true);
		assertKernel(new double[] {0.125, 0.25, 0.25, 0.25, 0.125}, Blurs.line(4, Math.PI / 2), false);
		final int[] lengths = {1, 2, 4, 6, 10};
		for (int level = 1; level <= 5; level++) {
			final int length = lengths[level - 1];
			for (double angle = 0; angle < Math.PI; angle += 0.3) {
				final Kernel line = Blurs.line(length, angle);
				double sum = 0;
				double along = 0;
				double across = 0;
				for (int i = 0; i < line.values().length; i++) {
					final double x = i % line.side() - line.side() / 2;
					final double y = line.side() / 2 - i / line.side();
					sum += line.values()[i];
					along += line.values()[i] * Math.pow(x * Math.cos(angle) + y * Math.sin(angle), 2);
					across += line.values()[i] * Math.pow(y * Math.cos(angle) - x * Math.sin(angle), 2);
					if (line.values()[i] > 0) assertTrue(Math.hypot(x, y) < (length + 1) / 2.0, "beyond the line's ends");
				}
				assertEquals(1, sum, 1e-5);
				// a box of the length, its ends sloping over a pixel; taken at whole pixels
				final double expected = length == 1 ? 0 : (length * length + 1) / 12.0;
				assertEquals(expected, along, length == 1 ? 0 : 0.06 * expected + 0.1, "length " + length + ", angle " + angle);
				assertTrue(across < 0.25, "as thin as a pixel: " + across);
			}
		}
		final Picture photograph = Photographs.open("coffee");
		assertSame(photograph, apply("motion_blur", photograph, 1), "a length of 1");
	}

	private static void assertKernel(final double[] expected, final Kernel kernel, final boolean right) {
		assertEquals(expected.length, kernel.side());
		for (int i = 0; i < kernel.values().length; i++) {
			final int along = right ? i % kernel.side() : i / kernel.side();
			final int across = right ? i / kernel.side() : i % kernel.side();
			assertEquals(across == kernel.side() / 2 ? expected[along] : 0, kernel.values()[i], 1e-6);
		}
	}

	/** What a point of light becomes is such a line, at an angle that the seed chooses. */
	@Test
	void motionBlurOfAPoint() {
		for (long seed = 0; seed < 5; seed++) {
			final Picture blurred = apply("motion_blur", point(), 5, seed);
			double mass = 0;
			double xx = 0;
			double yy = 0;
			double xy = 0;
			for (int i = 0; i < SIDE * SIDE; i++) {
				final double x = i % SIDE - MIDDLE;
				final double y = i / SIDE - MIDDLE;
				mass += value(blurred, 2, i);
				xx += value(blurred, 2, i) * x * x;
				yy += value(blurred, 2, i) * y * y;
				xy += value(blurred, 2, i) * x * y;
			}
			assertEquals(255, mass, 12); // of some 20 roundings
			final double half = (xx + yy) / 2;
			final double root = Math.hypot((xx - yy) / 2, xy);
			assertEquals(100 / 12.0, (half + root) / mass, 0.6);
			assertTrue((half - root) / mass < 0.25);
		}
	}

	private static Picture point() {
		return picture(SIDE, SIDE, (x, y) -> x == MIDDLE && y == MIDDLE ? 0xffffff : 0);
	}
}
