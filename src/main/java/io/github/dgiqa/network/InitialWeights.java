package io.github.dgiqa.network;

import ai.djl.ndarray.types.Shape;

import java.util.Arrays;

import org.apache.commons.rng.UniformRandomProvider;

/**
 * Weights of a network that has learned nothing: convolutions normal with variance 2 / inputs (He et al., arXiv
 * 1502.01852), linear layers with 1 / inputs, other tables with deviation 0.02; norms that change nothing; biases 0.
 */
public final class InitialWeights {

	private static final double TABLE_DEVIATION = 0.02;
	private static final int CONVOLUTION_AXES = 4;

	private InitialWeights() {}

	/** The values of a weight or buffer, in row-major order. @param random what they are drawn from, where they are by chance */
	public static float[] of(final Layer.Named named, final UniformRandomProvider random) {
		final float[] values = new float[(int) named.shape().size()];
		switch (named.parameter().getType()) {
			case GAMMA, RUNNING_VAR -> Arrays.fill(values, 1);
			case WEIGHT -> normal(values, deviation(named.shape()), random);
			case OTHER -> normal(values, TABLE_DEVIATION, random);
			default -> {} // biases and means are 0
		}
		return values;
	}

	private static double deviation(final Shape shape) {
		if (shape.dimension() < 2) return TABLE_DEVIATION;
		final double inputs = shape.size() / (double) shape.get(0);
		return Math.sqrt((shape.dimension() == CONVOLUTION_AXES ? 2 : 1) / inputs);
	}

	private static void normal(final float[] values, final double deviation, final UniformRandomProvider random) {
		for (int i = 0; i < values.length; i++) // Box and Muller's; 1 - u is never 0
			values[i] = (float) (deviation * Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble())) * StrictMath.cos(2 * Math.PI * random.nextDouble()));
	}
}
