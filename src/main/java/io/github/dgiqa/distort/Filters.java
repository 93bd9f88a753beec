package io.github.dgiqa.distort;

import ij.plugin.filter.Convolver;
import ij.process.FloatProcessor;

/** ImageJ's convolution of one plane; beyond the borders the outermost pixels go on. */
final class Filters {

	/** Deviations of a Gaussian at which its kernel ends. */
	private static final int REACH = 4;

	private Filters() {}

	/**
	 * A square kernel of odd side whose values add up to 1.
	 *
	 * @param values side * side values, row by row
	 */
	record Kernel(int side, float[] values) {

		/** Scales values of any sum. */
		static Kernel of(final int side, final double[] weights) {
			double sum = 0;
			for (final double weight : weights)
				sum += weight;
			final float[] values = new float[weights.length];
			for (int i = 0; i < values.length; i++)
				values[i] = (float) (weights[i] / sum);
			return new Kernel(side, values);
		}
	}

	/** Another plane, convolved. */
	static float[] convolve(final float[] plane, final int width, final int height, final Kernel kernel) {
		final FloatProcessor pixels = new FloatProcessor(width, height, plane.clone());
		final Convolver convolver = new Convolver();
		convolver.setNormalize(false);
		convolver.convolveFloat(pixels, kernel.values, kernel.side, kernel.side);
		return (float[]) pixels.getPixels();
	}

	/** Another plane, blurred by a Gaussian. @param sigma in pixels */
	static float[] gaussian(final float[] plane, final int width, final int height, final double sigma) {
		final FloatProcessor pixels = new FloatProcessor(width, height, plane.clone());
		// not ImageJ's GaussianBlur: Math.exp makes its kernel, and may differ from machine to machine
		final float[] kernel = gaussian(sigma);
		final Convolver convolver = new Convolver();
		convolver.convolveFloat1D(pixels, kernel, kernel.length, 1, 1);
		convolver.convolveFloat1D(pixels, kernel, 1, kernel.length, 1);
		return (float[]) pixels.getPixels();
	}

	private static float[] gaussian(final double sigma) {
		final int radius = (int) Math.ceil(REACH * sigma);
		final double[] weights = new double[2 * radius + 1];
		double sum = 0;
		for (int i = -radius; i <= radius; i++) {
			weights[i + radius] = StrictMath.exp(-i * i / (2 * sigma * sigma));
			sum += weights[i + radius];
		}
		final float[] kernel = new float[weights.length];
		for (int i = 0; i < kernel.length; i++)
			kernel[i] = (float) (weights[i] / sum);
		return kernel;
	}
}
