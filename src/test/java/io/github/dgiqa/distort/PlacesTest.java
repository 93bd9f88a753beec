package io.github.dgiqa.distort;

import static io.github.dgiqa.distort.Checks.ROUNDING;
import static io.github.dgiqa.distort.Checks.SIDE;
import static io.github.dgiqa.distort.Checks.apply;
import static io.github.dgiqa.distort.Checks.picture;
import static io.github.dgiqa.distort.Checks.pixels;
import static io.github.dgiqa.distort.Checks.places;
import static io.github.dgiqa.distort.Checks.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.image.Picture;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

/** jitter, non_eccentricity_patch, pixelate, color_block. */
class PlacesTest {

	/** Levels a pixel. */
	private static final int STEEP = 8;
	private static final Picture SLOPE = picture(32, 4096, (x, y) -> STEEP * x * 0x010101);

	/**
	 * On a slope of s levels a pixel, a pass displaces by s d with d normal. The next reads between the displaced pixels: of
	 * the displacements so far it takes a mean, whose variance is all of theirs where neighbours move together, and theirs
	 * times the squares of the bilinear weights where each moves alone.
	 */
	@Test
	void jitterDisplacesByItsDeviation() {
		final double[] deviations = {0.05, 0.1, 0.2, 0.5, 1};
		for (int level = 1; level <= 5; level++) {
			final double a = deviations[level - 1];
			final Chance chance = Chance.of(level, "", 0, SLOPE);
			final double once = meanSquare(Places.scattered(Channels.of(SLOPE), a, chance));
			assertEquals(STEEP * STEEP * a * a, once, 0.04 * STEEP * STEEP * a * a, "one pass, level " + level); // 32768 numbers: five deviations
			final double kept = Math.pow(squaresOfWeights(a), 2);
			double alone = 0;
			for (int pass = 0; pass < 5; pass++)
				alone = a * a + kept * alone;
			final double five = meanSquare(Channels.of(apply("jitter", SLOPE, level)));
			assertTrue(five > 0.97 * (STEEP * STEEP * alone + ROUNDING), "level " + level + ": " + five);
			assertTrue(five < 1.03 * (STEEP * STEEP * 5 * a * a + ROUNDING), "level " + level + ": " + five);
		}
	}

	/** Of the distance from the slope, away from its ends. */
	private static double meanSquare(final Channels picture) {
		double sum = 0;
		int n = 0;
		for (int i = 0; i < picture.planes()[0].length; i++) {
			if (i % picture.width() < 12 || i % picture.width() > 19) continue;
			sum += Math.pow(255 * picture.planes()[0][i] - STEEP * (i % picture.width()), 2);
			n++;
		}
		return sum / n;
	}

	/** The mean of (1 - f)^2 + f^2 over the fractions f of normal numbers. */
	private static double squaresOfWeights(final double deviation) {
		double sum = 0;
		double weights = 0;
		for (double z = -6; z <= 6; z += 1e-3) {
			final double at = z * deviation;
			final double f = at - Math.floor(at);
			final double weight = Math.exp(-z * z / 2);
			sum += weight * ((1 - f) * (1 - f) + f * f);
			weights += weight;
		}
		return sum / weights;
	}

	/** Each changed pixel comes from 16 pixels away; those of a square come from the same side. */
	@Test
	void patchesComeFromNearby() {
		final int[] patches = {20, 40, 60, 80, 100};
		final Picture before = places();
		for (int level = 1; level <= 5; level++) {
			final Picture after = apply("non_eccentricity_patch", before, level);
			final Map<Integer, Integer> offsets = new HashMap<>();
			int changed = 0;
			for (int i = 0; i < pixels(before); i++) {
				if (before.rgb(i) == after.rgb(i)) continue;
				changed++;
				final int dx = value(after, 0, i) - i % SIDE;
				final int dy = value(after, 1, i) - i / SIDE;
				assertEquals(77, value(after, 2, i));
				final boolean border = i % SIDE < 32 || i % SIDE >= SIDE - 32 || i / SIDE < 32 || i / SIDE >= SIDE - 32;
				if (!border) assertEquals(16, Math.hypot(dx, dy), 0.75, "pixel " + i);
				offsets.merge(dx * 1000 + dy, 1, Integer::sum);
			}
			final int most = patches[level - 1] * 16 * 16;
			assertTrue(changed <= most, "no more than so many patches");
			// a pixel is free of a patch at one of 241 * 241 places with this probability, of all of them with its power
			double expected = 0;
			for (int i = 0; i < pixels(before); i++)
				expected += 1 - Math.pow(1 - reached(i % SIDE) * reached(i / SIDE) / (241.0 * 241), patches[level - 1]);
			assertEquals(expected, changed, 0.1 * expected, "level " + level);
			assertTrue(offsets.size() <= patches[level - 1], "one direction for each patch");
			assertTrue(offsets.size() > patches[level - 1] / 2, "directions by chance");
		}
	}

	/** From how many places along an axis a patch reaches this one. */
	private static int reached(final int at) {
		return Math.min(16, Math.min(at + 1, SIDE - at));
	}

	/** As many columns and rows as a picture made smaller by 0.95 - strength^0.6 has, each repeated. */
	@Test
	void pixelateMakesBlocks() {
		final double[] strengths = {0.01, 0.05, 0.1, 0.2, 0.5};
		for (int level = 1; level <= 5; level++) {
			final long blocks = Math.round(SIDE * (0.95 - Math.pow(strengths[level - 1], 0.6)));
			final Picture after = apply("pixelate", places(), level);
			final int widest = (int) Math.ceil((double) SIDE / blocks);
			int run = 0;
			int found = 0;
			for (int x = 0; x < SIDE; x++) {
				final boolean same = x > 0 && value(after, 0, x) == value(after, 0, x - 1);
				run = same ? run + 1 : 1;
				if (!same) found++;
				assertTrue(run <= widest, "a block of " + run);
				assertTrue(Math.abs(value(after, 0, x) - x) < widest, "each shows what is there");
				for (int y = 0; y < SIDE; y++) {
					assertEquals(value(after, 0, x), value(after, 0, y * SIDE + x), "a column is one throughout");
					assertEquals(value(after, 0, y), value(after, 1, y * SIDE + x), "rows are as columns");
				}
			}
			assertEquals(blocks, found, "level " + level);
		}
	}

	/** So many colours are new; each lies in a square of 32 pixels, whole where no later one covers it. */
	@Test
	void colorBlocksAreSquares() {
		final int[] blocks = {2, 4, 6, 8, 10};
		for (int level = 1; level <= 5; level++) {
			final Picture after = apply("color_block", Checks.flat(128), level);
			final int[] colours = Arrays.stream(after.rgb()).filter(rgb -> rgb != 0x808080).distinct().toArray();
			assertEquals(blocks[level - 1], colours.length, "level " + level);
			int whole = 0;
			for (final int colour : colours) {
				int left = SIDE;
				int right = 0;
				int top = SIDE;
				int bottom = 0;
				int count = 0;
				for (int i = 0; i < pixels(after); i++) {
					if (after.rgb(i) != colour) continue;
					left = Math.min(left, i % SIDE);
					right = Math.max(right, i % SIDE);
					top = Math.min(top, i / SIDE);
					bottom = Math.max(bottom, i / SIDE);
					count++;
				}
				assertTrue(right - left < 32 && bottom - top < 32, "a square of 32 pixels");
				if (count == 32 * 32) whole++;
			}
			assertTrue(whole >= 1, "the last is covered by none");
		}
	}

	/** Where a block or patch is larger than the picture. */
	@Test
	void tinyPictures() {
		final Picture tiny = picture(5, 3, (x, y) -> 0x102030 * (x + 1));
		assertEquals(1, Arrays.stream(apply("color_block", tiny, 5).rgb()).distinct().count());
		for (final String type : new String[] {"jitter", "non_eccentricity_patch", "pixelate"})
			assertEquals(15, pixels(apply(type, tiny, 5)));
	}
}
