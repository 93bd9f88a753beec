package io.github.dgiqa.distort;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ij.process.ColorSpaceConverter;

import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Picture;

import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/** Pictures to distort, and what is measured on the results. */
final class Checks {

	static final int SIDE = 256;
	static final long SEED = 42;

	/** Standard deviations within which a figure must lie. */
	static final double SURE = 5;
	/** Variance of rounding to whole levels. */
	static final double ROUNDING = 1.0 / 12;

	private static final ColorSpaceConverter CONVERTER = new ColorSpaceConverter("D65");

	private Checks() {}

	static Picture apply(final String type, final Picture picture, final int level) {
		return apply(type, picture, level, SEED);
	}

	/** With a depth that grows from left to right: the right is near. */
	static Picture apply(final String type, final Picture picture, final int level, final long seed) {
		final float[] inverseDepth = new float[picture.width() * picture.height()];
		for (int i = 0; i < inverseDepth.length; i++)
			inverseDepth[i] = 3 + 2 * (i % picture.width());
		return Distortions.find(type).apply(new Scene(picture, () -> new FloatMap(picture.width(), picture.height(), inverseDepth)), level, seed);
	}

	/** @param rgb 0xRRGGBB at x, y */
	static Picture picture(final int width, final int height, final IntBinaryOperator rgb) {
		final int[] pixels = new int[width * height];
		for (int i = 0; i < pixels.length; i++)
			pixels[i] = rgb.applyAsInt(i % width, i / width);
		return Picture.rgb(width, height, pixels, List.of());
	}

	/** A square of one grey. */
	static Picture flat(final int grey) {
		return picture(SIDE, SIDE, (x, y) -> grey * 0x010101);
	}

	/** One row, the grey at each of its 256 columns. */
	static Picture row(final IntUnaryOperator grey) {
		return picture(SIDE, 1, (x, y) -> grey.applyAsInt(x) * 0x010101);
	}

	/** Pixels whose colour says where they are: red is x, green is y. */
	static Picture places() {
		return picture(SIDE, SIDE, (x, y) -> x << 16 | y << 8 | 77);
	}

	/** Weak colours, each in a square of four pixels. */
	static Picture weakColours() {
		return picture(64, 64, (x, y) -> {
			final int k = x / 4 * 7 + y / 4 * 13;
			return 110 + k % 37 << 16 | 110 + k * 5 % 37 << 8 | 110 + k * 3 % 37;
		});
	}

	/** 0 to 255. @param c 0 to 2: red, green, blue */
	static int value(final Picture picture, final int c, final int i) {
		return picture.planes().get(c).values()[i] & 0xff;
	}

	static int pixels(final Picture picture) {
		return picture.width() * picture.height();
	}

	/** L*, a*, b* by ImageJ. */
	static double[] lab(final Picture picture, final int i) {
		return CONVERTER.RGBtoLAB(picture.rgb(i));
	}

	static double mean(final double[] values) {
		double sum = 0;
		for (final double value : values)
			sum += value;
		return sum / values.length;
	}

	static double covariance(final double[] a, final double[] b) {
		final double meanA = mean(a);
		final double meanB = mean(b);
		double sum = 0;
		for (int i = 0; i < a.length; i++)
			sum += (a[i] - meanA) * (b[i] - meanB);
		return sum / (a.length - 1);
	}

	static double variance(final double[] values) {
		return covariance(values, values);
	}

	/** A channel in levels. */
	static double[] channel(final Picture picture, final int c) {
		final double[] values = new double[pixels(picture)];
		for (int i = 0; i < values.length; i++)
			values[i] = value(picture, c, i);
		return values;
	}

	static void assertSame(final Picture expected, final Picture found, final String what) {
		assertEquals(-1, firstDifference(expected, found), what + ": the first pixel that differs");
	}

	/** The first pixel in which two pictures differ, or -1. */
	static int firstDifference(final Picture a, final Picture b) {
		assertEquals(a.width(), b.width());
		assertEquals(a.height(), b.height());
		for (int i = 0; i < pixels(a); i++)
			if (a.rgb(i) != b.rgb(i)) return i;
		return -1;
	}

	/** Mean square of the differences, in levels. */
	static double squareError(final Picture a, final Picture b) {
		double sum = 0;
		for (int c = 0; c < Channels.COUNT; c++)
			for (int i = 0; i < pixels(a); i++)
				sum += Math.pow(value(a, c, i) - value(b, c, i), 2);
		return sum / pixels(a) / Channels.COUNT;
	}
}
