package io.github.dgiqa.image;

/** The windows of the triangle filter, widened when reducing: for each output the first input and the weights, which add up to 1. */
final class Triangle {

	private final int[] from;
	private final float[][] weights;

	/** Where values come from. */
	interface Source {

		/** Fills a row with those at y. */
		void read(int y, float[] row);
	}

	private Triangle(final int inputs, final int outputs) {
		from = new int[outputs];
		weights = new float[outputs][];
		final float scale = (float) inputs / outputs;
		final float support = Math.max(scale, 1);
		for (int i = 0; i < outputs; i++) {
			final float center = scale * (i + 0.5f);
			from[i] = Math.max((int) (center - support + 0.5f), 0);
			final int to = Math.min((int) (center + support + 0.5f), inputs);
			weights[i] = new float[to - from[i]];
			float sum = 0;
			for (int k = 0; k < weights[i].length; k++) {
				weights[i][k] = Math.max(0, 1 - Math.abs((k + from[i] - center + 0.5f) / support));
				sum += weights[i][k];
			}
			for (int k = 0; k < weights[i].length; k++)
				weights[i][k] /= sum;
		}
	}

	/** newWidth * newHeight values, row by row. */
	static float[] resize(final int width, final int height, final int newWidth, final int newHeight, final Source source) {
		final Triangle columns = new Triangle(width, newWidth);
		final Triangle rows = new Triangle(height, newHeight);
		final float[] result = new float[Math.multiplyExact(newWidth, newHeight)];
		final float[] row = new float[width];
		final float[] line = new float[newWidth];
		int j = 0;
		for (int y = 0; y < height; y++) {
			source.read(y, row);
			columns.reduce(row, line);
			while (rows.from[j] + rows.weights[j].length <= y)
				j++;
			for (int k = j; k < newHeight && rows.from[k] <= y; k++) {
				final float weight = rows.weights[k][y - rows.from[k]];
				for (int i = 0; i < newWidth; i++)
					result[k * newWidth + i] += weight * line[i];
			}
		}
		return result;
	}

	private void reduce(final float[] row, final float[] line) {
		for (int i = 0; i < line.length; i++) {
			float sum = 0;
			for (int k = 0; k < weights[i].length; k++)
				sum += weights[i][k] * row[from[i] + k];
			line[i] = sum;
		}
	}
}
