package io.github.dgiqa.distort;

/**
 * Non-local means (Buades, Coll and Morel 2005): each pixel becomes the mean of those around it whose neighbourhoods look
 * alike, in the three channels at once.
 */
final class NonLocalMeans {

	/** Pixels to each side of a neighbourhood's middle. */
	private static final int PATCH = 2;
	/** Pixels to each side in which others are looked for. */
	private static final int SEARCH = 6;
	/** Of the noise's deviation: differences that still count as alike. */
	private static final double STRENGTH = 0.75;

	private static final int STEPS_OF_ONE = 256;
	/** exp(-x) below x = 8, then nothing. */
	private static final float[] WEIGHTS = weights();

	private final Channels picture;
	private final int width;
	private final int height;
	private final double noise;
	private final double scale;
	private final float[] sums;
	private final float[][] values;

	private NonLocalMeans(final Channels picture, final double deviation) {
		this.picture = picture;
		width = picture.width();
		height = picture.height();
		noise = 2 * deviation * deviation;
		scale = STEPS_OF_ONE / (STRENGTH * STRENGTH * deviation * deviation);
		sums = new float[width * height];
		values = new float[Channels.COUNT][width * height];
	}

	/** @param deviation of the noise in the picture */
	static Channels apply(final Channels noisy, final double deviation) {
		final NonLocalMeans work = new NonLocalMeans(noisy, deviation);
		work.addThemselves();
		// the neighbour's neighbour the other way is the same pair: half of the plane is enough
		for (int dy = 0; dy <= SEARCH; dy++)
			for (int dx = dy == 0 ? 1 : -SEARCH; dx <= SEARCH; dx++)
				if (Math.abs(dx) < work.width && dy < work.height) work.addBoth(dx, dy);
		for (final float[] plane : work.values)
			for (int i = 0; i < plane.length; i++)
				plane[i] /= work.sums[i];
		return new Channels(work.width, work.height, work.values);
	}

	/** Each pixel itself, with the weight 1. */
	private void addThemselves() {
		for (int i = 0; i < sums.length; i++)
			add(i, i, 1);
	}

	private void add(final int to, final int from, final float weight) {
		sums[to] += weight;
		for (int c = 0; c < Channels.COUNT; c++)
			values[c][to] += weight * picture.planes()[c][from];
	}

	/** Each pixel and the one at (dx,dy) from it, to each other. */
	private void addBoth(final int dx, final int dy) {
		final int left = Math.max(0, -dx);
		final int columns = width - Math.abs(dx);
		final int rows = height - dy;
		final double[] integral = integral(dx, dy, left, columns, rows);
		final int stride = columns + 1;
		for (int y = 0; y < rows; y++) {
			final int top = Math.max(0, y - PATCH);
			final int bottom = Math.min(rows, y + PATCH + 1);
			for (int x = 0; x < columns; x++) {
				final int first = Math.max(0, x - PATCH);
				final int last = Math.min(columns, x + PATCH + 1);
				final double sum = integral[bottom * stride + last] - integral[top * stride + last] - integral[bottom * stride + first] + integral[top * stride + first];
				final double different = sum / ((bottom - top) * (last - first) * Channels.COUNT) - noise;
				final int step = (int) (Math.max(0, different) * scale);
				if (step >= WEIGHTS.length) continue;
				final int here = y * width + left + x;
				final int there = here + dy * width + dx;
				add(here, there, WEIGHTS[step]);
				add(there, here, WEIGHTS[step]);
			}
		}
	}

	/** Sums over all above and to the left of the squared differences of each pixel and the one at (dx,dy) from it. */
	private double[] integral(final int dx, final int dy, final int left, final int columns, final int rows) {
		final int stride = columns + 1;
		final double[] integral = new double[stride * (rows + 1)];
		for (int y = 0; y < rows; y++) {
			double row = 0;
			for (int x = 0; x < columns; x++) {
				final int here = y * width + left + x;
				final int there = here + dy * width + dx;
				for (final float[] plane : picture.planes())
					row += (plane[here] - plane[there]) * (plane[here] - plane[there]);
				integral[(y + 1) * stride + x + 1] = integral[y * stride + x + 1] + row;
			}
		}
		return integral;
	}

	private static float[] weights() {
		final float[] weights = new float[8 * STEPS_OF_ONE];
		for (int i = 0; i < weights.length; i++)
			weights[i] = (float) StrictMath.exp(-(double) i / STEPS_OF_ONE);
		return weights;
	}
}
