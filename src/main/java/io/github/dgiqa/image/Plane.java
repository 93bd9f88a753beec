package io.github.dgiqa.image;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One channel of 8-bit values.
 *
 * @param values width * height unsigned bytes, row by row
 */
public record Plane(int width, int height, byte[] values) {

	// OpenCV's bilinear resize of 8-bit images, which the published program uses: coefficients of 11 bits.
	private static final int ONE = 1 << 11;

	/** A plane with values of its own. */
	public Plane copy() {
		return new Plane(width, height, values.clone());
	}

	/** The region with its corner at (x,y), which must be inside. */
	public Plane region(final int x, final int y, final int regionWidth, final int regionHeight) {
		final byte[] region = new byte[regionWidth * regionHeight];
		for (int row = 0; row < regionHeight; row++)
			System.arraycopy(values, (y + row) * width + x, region, row * regionWidth, regionWidth);
		return new Plane(regionWidth, regionHeight, region);
	}

	/** The same, left and right exchanged. */
	public Plane mirrored() {
		final byte[] mirrored = new byte[values.length];
		for (int i = 0; i < values.length; i++)
			mirrored[i] = values[i - i % width + width - 1 - i % width];
		return new Plane(width, height, mirrored);
	}

	/** The results of some work on each plane; of neighbours that are the same object, as in a grey picture, only one is worked on. */
	public static <T> List<T> each(final List<Plane> planes, final Function<Plane, T> work) {
		final List<T> done = new ArrayList<>();
		for (int i = 0; i < planes.size(); i++)
			done.add(i > 0 && planes.get(i) == planes.get(i - 1) ? done.get(i - 1) : work.apply(planes.get(i)));
		return done;
	}

	/** Bilinear resize, without antialias, rounded to 8 bits. */
	public Plane resize(final int newWidth, final int newHeight) {
		return resizedRegion(newWidth, newHeight, 0, 0, newWidth, newHeight);
	}

	/** The region at (x,y) of what {@link #resize} would give, without making the rest. */
	public Plane resizedRegion(final int newWidth, final int newHeight, final int x, final int y, final int regionWidth, final int regionHeight) {
		if (newWidth == width && newHeight == height) return region(x, y, regionWidth, regionHeight);
		final Taps columns = new Taps(width, newWidth, x, regionWidth);
		final Taps rows = new Taps(height, newHeight, y, regionHeight);
		final byte[] result = new byte[Math.multiplyExact(regionWidth, regionHeight)];
		final int[][] lines = {new int[regionWidth], new int[regionWidth]};
		final int[] lineOf = {-1, -1};
		for (int j = 0; j < regionHeight; j++) {
			final int[] upper = line(rows.first[j], columns, lines, lineOf);
			final int[] lower = line(rows.second[j], columns, lines, lineOf);
			final int b0 = ONE - rows.weight[j];
			final int b1 = rows.weight[j];
			for (int i = 0; i < regionWidth; i++)
				result[j * regionWidth + i] = (byte) (((b0 * (upper[i] >> 4) >> 16) + (b1 * (lower[i] >> 4) >> 16) + 2) >> 2);
		}
		return new Plane(regionWidth, regionHeight, result);
	}

	/** A row of the source, resized along x and scaled by 2^11; neighbours alternate between the two lines, so the other of a pair stays. */
	private int[] line(final int row, final Taps columns, final int[][] lines, final int[] lineOf) {
		final int slot = row & 1;
		final int[] line = lines[slot];
		if (lineOf[slot] == row) return line;
		lineOf[slot] = row;
		final int offset = row * width;
		for (int i = 0; i < line.length; i++) {
			final int a = values[offset + columns.first[i]] & 0xff;
			final int b = values[offset + columns.second[i]] & 0xff;
			line[i] = a * (ONE - columns.weight[i]) + b * columns.weight[i];
		}
		return line;
	}

	/** For each output position the two inputs and the second one's weight, of {@link #ONE}. */
	private static final class Taps {

		final int[] first;
		final int[] second;
		final int[] weight;

		Taps(final int inputs, final int outputs, final int from, final int count) {
			first = new int[count];
			second = new int[count];
			weight = new int[count];
			final double scale = (double) inputs / outputs;
			for (int i = 0; i < count; i++) {
				final float at = (float) ((from + i + 0.5) * scale - 0.5);
				final int floor = (int) Math.floor(at);
				final boolean inside = floor >= 0 && floor < inputs - 1;
				first[i] = Math.max(0, Math.min(floor, inputs - 1));
				second[i] = Math.min(first[i] + 1, inputs - 1);
				weight[i] = inside ? (int) Math.rint((at - floor) * ONE) : 0;
			}
		}
	}

	/**
	 * Bilinear resize to floats, the triangle filter widened when reducing, as PyTorch's {@code interpolate} with
	 * {@code antialias=True, align_corners=False}. Values 0..255; the result is newWidth * newHeight values, row by row.
	 */
	public float[] resizeAntialiased(final int newWidth, final int newHeight) {
		return Triangle.resize(width, height, newWidth, newHeight, (y, row) -> {
			for (int x = 0; x < width; x++)
				row[x] = values[y * width + x] & 0xff;
		});
	}

	/** As {@link #resizeAntialiased}, rounded to 8 bits. */
	Plane reduced(final int newWidth, final int newHeight) {
		final float[] floats = resizeAntialiased(newWidth, newHeight);
		final byte[] bytes = new byte[floats.length];
		for (int i = 0; i < bytes.length; i++)
			bytes[i] = (byte) Math.round(floats[i]); // a mean of bytes
		return new Plane(newWidth, newHeight, bytes);
	}

	/**
	 * Bicubic resize to floats with a = -0.75, without antialias or clamp, as OpenCV's {@code INTER_CUBIC} of floats. Values
	 * around 0..255, newWidth * newHeight of them, row by row.
	 */
	public float[] resizeBicubic(final int newWidth, final int newHeight) {
		final Cubic columns = new Cubic(width, newWidth);
		final Cubic rows = new Cubic(height, newHeight);
		final float[] result = new float[Math.multiplyExact(newWidth, newHeight)];
		final float[][] lines = new float[Cubic.TAPS][newWidth];
		final int[] lineOf = {-1, -1, -1, -1};
		for (int j = 0; j < newHeight; j++) {
			for (int k = 0; k < Cubic.TAPS; k++) {
				final int row = rows.inputs[Cubic.TAPS * j + k];
				final int slot = row % Cubic.TAPS; // four neighbours never meet
				if (lineOf[slot] != row) columns.interpolate(values, row * width, lines[slot]);
				lineOf[slot] = row;
				final float weight = rows.weights[Cubic.TAPS * j + k];
				for (int i = 0; i < newWidth; i++)
					result[j * newWidth + i] += weight * lines[slot][i];
			}
		}
		return result;
	}

	/** For each output position the four inputs, repeated at the borders, and their weights (Keys, 1981). */
	private static final class Cubic {

		static final int TAPS = 4;
		private static final float A = -0.75f;

		final int[] inputs;
		final float[] weights;

		Cubic(final int length, final int outputs) {
			inputs = new int[TAPS * outputs];
			weights = new float[TAPS * outputs];
			final double scale = (double) length / outputs;
			for (int i = 0; i < outputs; i++) {
				final float at = (float) ((i + 0.5) * scale - 0.5);
				final int floor = (int) Math.floor(at);
				final float t = at - floor;
				final float[] four = {outer(1 + t), inner(t), inner(1 - t), 0};
				four[3] = 1 - four[0] - four[1] - four[2];
				for (int k = 0; k < TAPS; k++) {
					inputs[TAPS * i + k] = Math.max(0, Math.min(floor - 1 + k, length - 1));
					weights[TAPS * i + k] = four[k];
				}
			}
		}

		/** The weight of an input that is less than 1 away. */
		private static float inner(final float distance) {
			return ((A + 2) * distance - (A + 3)) * distance * distance + 1;
		}

		/** The weight of an input that is from 1 to 2 away. */
		private static float outer(final float distance) {
			return ((A * distance - 5 * A) * distance + 8 * A) * distance - 4 * A;
		}

		void interpolate(final byte[] values, final int offset, final float[] line) {
			for (int i = 0; i < line.length; i++) {
				float sum = 0;
				for (int k = TAPS * i; k < TAPS * (i + 1); k++)
					sum += weights[k] * (values[offset + inputs[k]] & 0xff);
				line[i] = sum;
			}
		}
	}
}
