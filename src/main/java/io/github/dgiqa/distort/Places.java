package io.github.dgiqa.distort;

import java.util.Arrays;

/** jitter, non_eccentricity_patch, pixelate, color_block. */
final class Places {

	private static final int PASSES = 5;
	/** Pixels. */
	private static final int PATCH = 16;
	private static final int BLOCK = 32;

	private Places() {}

	/**
	 * Takes each pixel from a place nearby, five times over. An equivalent: how KADID draws the places is not published.
	 *
	 * @param displacement deviation of the place, in pixels along each axis
	 */
	static Channels jitter(final Channels picture, final double displacement, final Chance chance) {
		Channels result = picture;
		for (int pass = 0; pass < PASSES; pass++)
			result = scattered(result, displacement, chance);
		return result;
	}

	/** One pass. */
	static Channels scattered(final Channels from, final double displacement, final Chance chance) {
		final Channels to = from.copy();
		final int width = from.width();
		for (int i = 0; i < to.planes()[0].length; i++) {
			final double x = inside(i % width + displacement * chance.normal(), width);
			final double y = inside(i / width + displacement * chance.normal(), from.height());
			for (int c = 0; c < Channels.COUNT; c++)
				to.planes()[c][i] = (float) bilinear(from.planes()[c], width, from.height(), x, y);
		}
		return to;
	}

	private static double inside(final double at, final int length) {
		return Math.max(0, Math.min(length - 1, at));
	}

	private static double bilinear(final float[] plane, final int width, final int height, final double x, final double y) {
		final int left = (int) x;
		final int top = (int) y;
		final int right = Math.min(left + 1, width - 1);
		final int bottom = Math.min(top + 1, height - 1);
		final double wx = x - left;
		final double wy = y - top;
		return (1 - wy) * ((1 - wx) * plane[top * width + left] + wx * plane[top * width + right]) + wy * ((1 - wx) * plane[bottom * width + left] + wx * plane[bottom * width + right]);
	}

	/**
	 * Puts squares of 16 pixels, at places by chance, where those 16 pixels away, in a direction by chance, should not be.
	 * An equivalent: sizes and distances are not published.
	 *
	 * @param patches how many
	 */
	static Channels patches(final Channels picture, final double patches, final Chance chance) {
		final Channels result = picture.copy();
		final int columns = Math.min(PATCH, picture.width());
		final int rows = Math.min(PATCH, picture.height());
		final int right = picture.width() - columns;
		final int bottom = picture.height() - rows;
		for (int patch = 0; patch < patches; patch++) {
			final int x = chance.below(right + 1);
			final int y = chance.below(bottom + 1);
			final double angle = 2 * Math.PI * chance.uniform();
			final int fromX = (int) inside(x + Math.rint(PATCH * StrictMath.cos(angle)), right + 1);
			final int fromY = (int) inside(y + Math.rint(PATCH * StrictMath.sin(angle)), bottom + 1);
			for (int c = 0; c < Channels.COUNT; c++)
				for (int row = 0; row < rows; row++)
					System.arraycopy(picture.planes()[c], (fromY + row) * picture.width() + fromX, result.planes()[c], (y + row) * picture.width() + x, columns);
		}
		return result;
	}

	/**
	 * Makes the picture smaller by a factor of 0.95 - strength^0.6, and as large as before, each time by the nearest pixel.
	 * An equivalent: what the published strength does is not said.
	 */
	static Channels pixelate(final Channels picture, final double strength, final Chance chance) {
		final double scale = 0.95 - StrictMath.pow(strength, 0.6);
		final int[] columns = nearest(picture.width(), scale);
		final int[] rows = nearest(picture.height(), scale);
		return picture.each(plane -> {
			final float[] blocks = new float[plane.length];
			for (int i = 0; i < blocks.length; i++)
				blocks[i] = plane[rows[i / picture.width()] * picture.width() + columns[i % picture.width()]];
			return blocks;
		});
	}

	/** Which of its pixels stands at each place of a line that was made smaller and large again. */
	private static int[] nearest(final int length, final double scale) {
		final int small = Math.max(1, (int) Math.rint(length * scale));
		final int[] from = new int[length];
		for (int i = 0; i < length; i++) {
			final int block = (int) ((2L * i + 1) * small / (2L * length));
			from[i] = (int) ((2L * block + 1) * length / (2L * small));
		}
		return from;
	}

	/** Puts squares of 32 pixels, each of one colour by chance, at places by chance. An equivalent: their size is not published. @param blocks how many */
	static Channels blocks(final Channels picture, final double blocks, final Chance chance) {
		final Channels result = picture.copy();
		final int columns = Math.min(BLOCK, picture.width());
		final int rows = Math.min(BLOCK, picture.height());
		for (int block = 0; block < blocks; block++) {
			final int x = chance.below(picture.width() - columns + 1);
			final int y = chance.below(picture.height() - rows + 1);
			for (final float[] plane : result.planes()) {
				final float value = (float) chance.uniform();
				for (int row = y; row < y + rows; row++)
					Arrays.fill(plane, row * picture.width() + x, row * picture.width() + x + columns, value);
			}
		}
		return result;
	}
}
