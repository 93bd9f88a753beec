package io.github.dgiqa.distort;

import static io.github.dgiqa.distort.Checks.ROUNDING;
import static io.github.dgiqa.distort.Checks.SEED;
import static io.github.dgiqa.distort.Checks.SIDE;
import static io.github.dgiqa.distort.Checks.SURE;
import static io.github.dgiqa.distort.Checks.apply;
import static io.github.dgiqa.distort.Checks.assertSame;
import static io.github.dgiqa.distort.Checks.channel;
import static io.github.dgiqa.distort.Checks.flat;
import static io.github.dgiqa.distort.Checks.mean;
import static io.github.dgiqa.distort.Checks.picture;
import static io.github.dgiqa.distort.Checks.pixels;
import static io.github.dgiqa.distort.Checks.value;
import static io.github.dgiqa.distort.Checks.variance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Picture;

import org.apache.commons.math3.distribution.PoissonDistribution;
import org.junit.jupiter.api.Test;

/** low_light, haze, lens_flare. */
class NaturalTest {

	/** Of each ghost its place from the source through the middle, its radius in diagonals, its strongest colour, and how strong that is. */
	private static final double[][] GHOSTS = {{0.45, 0.025, 0, 0.22}, {0.7, 0.05, 1, 0.16}, {1.25, 0.018, 1, 0.26}, {1.5, 0.07, 2, 0.18}, {1.8, 0.035, 0, 0.24}, {2.15, 0.11, 2, 0.14}};

	/** Of n photons the variance is n; read noise of 2 photons adds 4. */
	@Test
	void lowLightHasPhotonAndReadNoise() {
		final double[] gammas = {1.5, 2, 2.5, 3, 4};
		final double[] full = {1000, 500, 250, 120, 60};
		for (int level = 1; level <= 5; level++)
			for (final int grey : new int[] {180, 220}) {
				final Picture dark = apply("low_light", flat(grey), level);
				final double photons = full[level - 1] * Math.pow(grey / 255.0, gammas[level - 1]);
				final double unit = 255 / full[level - 1];
				final double expected = (photons + 4) * unit * unit + ROUNDING;
				for (int c = 0; c < 3; c++) {
					assertEquals(photons * unit, mean(channel(dark, c)), SURE * Math.sqrt(expected / pixels(dark)) + 0.01, "level " + level + ", grey " + grey);
					// a few are clipped, and Poisson's fourth moment is a little above the normal one
					assertEquals(expected, variance(channel(dark, c)), 0.04 * expected, "level " + level + ", grey " + grey);
				}
			}
	}

	@Test
	void photonsFollowPoisson() {
		for (final double mean : new double[] {0.003, 0.9, 7.5, 60, 1000}) {
			final LowLight.Photons photons = LowLight.Photons.of(mean);
			final PoissonDistribution poisson = new PoissonDistribution(mean);
			for (int i = 0; i < photons.cumulated().length; i++)
				assertEquals(poisson.cumulativeProbability(photons.first() + i), photons.cumulated()[i], 1e-9);
			final int median = poisson.inverseCumulativeProbability(0.5);
			assertEquals(median, photons.draw(0.5 - 1e-9), 1);
			assertEquals(photons.first(), photons.draw(0));
			assertEquals(photons.first() + photons.cumulated().length - 1, photons.draw(1 - 1e-17));
		}
		assertEquals(0, LowLight.Photons.of(0).draw(0.999), "no light");
	}

	/** I = J t + 0.9 (1 - t), t = exp(-beta d); the checks' depth is near at the right. */
	@Test
	void hazeFollowsTheDepth() {
		final double[] betas = {0.5, 1, 1.5, 2, 3};
		final Picture before = picture(SIDE, 2, (x, y) -> y == 0 ? 0x000000 : 0xff8000);
		for (int level = 1; level <= 5; level++) {
			final Picture hazy = apply("haze", before, level);
			for (int i = 0; i < pixels(before); i++)
				for (int c = 0; c < 3; c++) {
					final double t = Math.exp(-betas[level - 1] * (1 - i % SIDE / 255.0));
					assertEquals(value(before, c, i) * t + 0.9 * 255 * (1 - t), value(hazy, c, i), 0.51, "level " + level + ", pixel " + i);
				}
			assertEquals(0xff8000, hazy.rgb(2 * SIDE - 1), "the nearest is clear");
		}
	}

	/** The same at the units of any depth model, and all far where there is no depth. */
	@Test
	void hazeOfOtherDepths() {
		final Picture before = picture(4, 1, (x, y) -> 0);
		final Distortion haze = Distortions.find("haze");
		final Picture one = haze.apply(new Scene(before, () -> new FloatMap(4, 1, new float[] {0, 1, 2, 4})), 2, SEED);
		final Picture other = haze.apply(new Scene(before, () -> new FloatMap(4, 1, new float[] {-50, -25, 0, 50})), 2, SEED);
		assertSame(one, other, "another unit");
		final Picture even = haze.apply(new Scene(before, () -> new FloatMap(4, 1, new float[] {7, 7, 7, 7})), 2, SEED);
		for (int i = 0; i < 4; i++)
			assertEquals(0.9 * 255 * (1 - Math.exp(-1)), value(even, 0, i), 0.51);
	}

	/** On black, what is added: the same light at each level, times 0.2 to 1. */
	@Test
	void lensFlareAddsLight() {
		final Picture black = picture(240, 160, (x, y) -> 0);
		final Picture full = apply("lens_flare", black, 5);
		for (int level = 1; level <= 5; level++) {
			final double strength = 0.2 * level;
			final Picture flare = apply("lens_flare", black, level);
			for (int i = 0; i < pixels(black); i++)
				for (int c = 0; c < 3; c++) {
					if (value(full, c, i) < 255) assertEquals(strength * value(full, c, i), value(flare, c, i), 1.01);
					assertTrue(value(flare, c, i) >= strength * 255 * 0.12 * 0.82 - 0.5, "the veil is everywhere");
				}
		}
		final Picture bright = picture(240, 160, (x, y) -> 0xffffff);
		assertSame(bright, apply("lens_flare", bright, 5), "white stays white");
		final Picture any = Checks.weakColours();
		final Picture lit = apply("lens_flare", any, 1);
		for (int i = 0; i < pixels(any); i++)
			for (int c = 0; c < 3; c++)
				assertTrue(value(lit, c, i) >= value(any, c, i), "light is added");
	}

	/** The brightest pixel is the source, in the upper part; the ghosts' rims lie on the line from it through the middle. */
	@Test
	void lensFlareHasASourceAndGhosts() {
		final Picture black = picture(600, 400, (x, y) -> 0);
		final double diagonal = Math.hypot(600, 400);
		int seen = 0;
		for (long seed = 0; seed < 4; seed++) {
			final Picture flare = apply("lens_flare", black, 1, seed);
			int brightest = 0;
			for (int i = 0; i < pixels(black); i++)
				if (value(flare, 0, i) > value(flare, 0, brightest)) brightest = i;
			final double x = brightest % 600;
			final double y = brightest / 600;
			assertTrue(x >= 59 && x <= 541 && y >= 19 && y <= 141, "the source at " + x + ", " + y);
			for (final double[] ghost : GHOSTS) {
				final double toX = 299.5 - x;
				final double toY = 199.5 - y;
				final double inside = 0.8 * ghost[1] * diagonal;
				final double outside = 1.02 * ghost[1] * diagonal + 1;
				for (int direction = 0; direction < 4; direction++) {
					final double angle = Math.atan2(toY, toX) + direction * Math.PI / 2;
					final int[] in = {(int) Math.round(x + ghost[0] * toX + inside * Math.cos(angle)), (int) Math.round(y + ghost[0] * toY + inside * Math.sin(angle))};
					final int[] out = {(int) Math.round(x + ghost[0] * toX + outside * Math.cos(angle)), (int) Math.round(y + ghost[0] * toY + outside * Math.sin(angle))};
					if (outOfPicture(in) || outOfPicture(out) || inAnother(in, ghost, x, y) || inAnother(out, ghost, x, y)) continue;
					if (Math.hypot(in[0] - x, in[1] - y) < 0.2 * diagonal) continue; // where the glow is steep
					final int colour = (int) ghost[2];
					final double step = value(flare, colour, in[1] * 600 + in[0]) - value(flare, colour, out[1] * 600 + out[0]);
					// the source's own light is a little stronger on one side
					assertEquals(0.2 * 255 * ghost[3], step, 0.25 * 0.2 * 255 * ghost[3] + 2, "seed " + seed + ", ghost at " + ghost[0] + ", direction " + direction);
					seen++;
				}
			}
		}
		assertTrue(seen > 20, "of 96 rims enough are in the picture and alone: " + seen);
	}

	/** @param x of the source */
	private static boolean inAnother(final int[] at, final double[] ghost, final double x, final double y) {
		for (final double[] other : GHOSTS)
			if (other != ghost && Math.hypot(at[0] - x - other[0] * (299.5 - x), at[1] - y - other[0] * (199.5 - y)) < other[1] * Math.hypot(600, 400) + 2) return true;
		return false;
	}

	private static boolean outOfPicture(final int[] at) {
		return at[0] < 0 || at[1] < 0 || at[0] >= 600 || at[1] >= 400;
	}
}
