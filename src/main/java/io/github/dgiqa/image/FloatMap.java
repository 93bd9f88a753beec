package io.github.dgiqa.image;

/**
 * One channel of floats.
 *
 * @param values width * height values, row by row
 */
public record FloatMap(int width, int height, float[] values) {

	/** Bilinear resize without antialias, as PyTorch's {@code interpolate} with {@code align_corners=False}. */
	public FloatMap resize(final int newWidth, final int newHeight) {
		if (newWidth == width && newHeight == height) return this;
		final float[] result = new float[Math.multiplyExact(newWidth, newHeight)];
		final float[] line = new float[newWidth];
		final Rows rows = new Rows(newWidth, newHeight);
		for (int y = 0; y < newHeight; y++) {
			rows.read(y, line);
			System.arraycopy(line, 0, result, y * newWidth, newWidth);
		}
		return new FloatMap(newWidth, newHeight, result);
	}

	/** As {@link Plane#resizeAntialiased}: for reducing. */
	public FloatMap resizeAntialiased(final int newWidth, final int newHeight) {
		if (newWidth == width && newHeight == height) return this;
		return new FloatMap(newWidth, newHeight, Triangle.resize(width, height, newWidth, newHeight, (y, row) -> System.arraycopy(values, y * width, row, 0, width)));
	}

	/** The region with its corner at (x,y), which must be inside. */
	public FloatMap region(final int x, final int y, final int regionWidth, final int regionHeight) {
		final float[] region = new float[regionWidth * regionHeight];
		for (int row = 0; row < regionHeight; row++)
			System.arraycopy(values, (y + row) * width + x, region, row * regionWidth, regionWidth);
		return new FloatMap(regionWidth, regionHeight, region);
	}

	/** The same, left and right exchanged. */
	public FloatMap mirrored() {
		final float[] mirrored = new float[values.length];
		for (int i = 0; i < values.length; i++)
			mirrored[i] = values[i - i % width + width - 1 - i % width];
		return new FloatMap(width, height, mirrored);
	}

	/**
	 * What {@link #resize} would give, scaled so that its lowest value becomes 0 and its highest 1, times 255, truncated.
	 * A constant map becomes 0.
	 */
	public Plane toEightBits(final int newWidth, final int newHeight) {
		final Rows rows = new Rows(newWidth, newHeight);
		final float[] line = new float[newWidth];
		float min = Float.POSITIVE_INFINITY;
		float max = Float.NEGATIVE_INFINITY;
		for (int y = 0; y < newHeight; y++) {
			rows.read(y, line);
			for (final float value : line) {
				min = Math.min(min, value);
				max = Math.max(max, value);
			}
		}
		final float range = max - min + 1e-8f;
		final byte[] result = new byte[Math.multiplyExact(newWidth, newHeight)];
		for (int y = 0; y < newHeight; y++) {
			rows.read(y, line);
			for (int x = 0; x < newWidth; x++)
				result[y * newWidth + x] = (byte) (int) ((line[x] - min) / range * 255);
		}
		return new Plane(newWidth, newHeight, result);
	}

	/** Rows of the resized map, made when asked for: the whole of it may be a hundred megapixels. */
	private final class Rows {

		private final Taps columns;
		private final Taps rows;

		Rows(final int newWidth, final int newHeight) {
			columns = new Taps(width, newWidth);
			rows = new Taps(height, newHeight);
		}

		void read(final int y, final float[] line) {
			final int upper = rows.first[y] * width;
			final int lower = rows.second[y] * width;
			final float h1 = rows.weight[y];
			final float h0 = 1 - h1;
			for (int x = 0; x < line.length; x++) {
				final int a = columns.first[x];
				final int b = columns.second[x];
				final float w1 = columns.weight[x];
				final float w0 = 1 - w1;
				line[x] = h0 * (w0 * values[upper + a] + w1 * values[upper + b]) + h1 * (w0 * values[lower + a] + w1 * values[lower + b]);
			}
		}
	}

	private static final class Taps {

		final int[] first;
		final int[] second;
		final float[] weight;

		Taps(final int inputs, final int outputs) {
			first = new int[outputs];
			second = new int[outputs];
			weight = new float[outputs];
			final float scale = (float) inputs / outputs;
			for (int i = 0; i < outputs; i++) {
				final float at = Math.max(scale * (i + 0.5f) - 0.5f, 0);
				first[i] = Math.min((int) at, inputs - 1);
				second[i] = Math.min(first[i] + 1, inputs - 1);
				weight[i] = at - first[i];
			}
		}
	}
}
