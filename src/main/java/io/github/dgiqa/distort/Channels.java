package io.github.dgiqa.distort;

import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * A picture in floats: 0 is black, 1 is white, values beyond are clipped when it becomes a picture again.
 *
 * @param planes red, green, blue; width * height values each, row by row
 */
record Channels(int width, int height, float[][] planes) {

	/** Values of 8 bits. */
	static final int VALUES = 256;

	private static final int WHITE = VALUES - 1;

	/** The three colours. */
	static final int COUNT = 3;

	static Channels of(final Picture picture) {
		final float[][] planes = new float[COUNT][];
		for (int c = 0; c < COUNT; c++)
			planes[c] = floats(picture.planes().get(c).values());
		return new Channels(picture.width(), picture.height(), planes);
	}

	private static float[] floats(final byte[] values) {
		final float[] floats = new float[values.length];
		for (int i = 0; i < values.length; i++)
			floats[i] = (values[i] & 0xff) / (float) WHITE;
		return floats;
	}

	/** Clipped, and rounded to 8 bits. */
	Picture picture() {
		final Plane[] bytes = new Plane[COUNT];
		for (int c = 0; c < COUNT; c++) {
			final byte[] values = new byte[planes[c].length];
			for (int i = 0; i < values.length; i++)
				values[i] = (byte) eightBits(planes[c][i]);
			bytes[c] = new Plane(width, height, values);
		}
		return new Picture(bytes[0], bytes[1], bytes[2], List.of());
	}

	/** 0 to 255. */
	static int eightBits(final double value) {
		return (int) (Math.max(0, Math.min(1, value)) * WHITE + 0.5);
	}

	/** Another plane in place of each. */
	Channels each(final UnaryOperator<float[]> work) {
		return new Channels(width, height, new float[][] {work.apply(planes[0]), work.apply(planes[1]), work.apply(planes[2])});
	}

	/** Another value in place of each, as a function of that value alone. */
	Channels map(final DoubleUnaryOperator curve) {
		return each(plane -> map(plane, curve));
	}

	static float[] map(final float[] plane, final DoubleUnaryOperator curve) {
		final float[] mapped = new float[plane.length];
		for (int i = 0; i < plane.length; i++)
			mapped[i] = (float) curve.applyAsDouble(plane[i]);
		return mapped;
	}

	/** A picture of its own with the same values. */
	Channels copy() {
		return each(float[]::clone);
	}
}
