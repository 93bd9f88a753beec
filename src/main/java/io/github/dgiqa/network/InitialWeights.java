package io.github.dgiqa.network;

import ai.djl.ndarray.types.Shape;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.core.source64.XoShiRo256PlusPlus;

/**
 * Weights of a network that has learned nothing: convolutions normal with variance 2 / inputs (He et al., arXiv
 * 1502.01852), linear layers with 1 / inputs, other tables with deviation 0.02; norms that change nothing; biases 0.
 * Each depends on the seed and the weight's path only.
 */
public final class InitialWeights {

	private static final double TABLE_DEVIATION = 0.02;
	private static final int CONVOLUTION_AXES = 4;
	private static final int STATE = 4;

	private InitialWeights() {}

	/** The values of a weight or buffer, in row-major order. */
	public static float[] of(final Layer.Named named, final long seed) {
		final float[] values = new float[(int) named.shape().size()];
		switch (named.parameter().getType()) {
			case GAMMA, RUNNING_VAR -> Arrays.fill(values, 1);
			case WEIGHT -> normal(values, deviation(named.shape()), seed, named.path());
			case OTHER -> normal(values, TABLE_DEVIATION, seed, named.path());
			default -> {} // biases and means are 0
		}
		return values;
	}

	private static double deviation(final Shape shape) {
		if (shape.dimension() < 2) return TABLE_DEVIATION;
		final double inputs = shape.size() / (double) shape.get(0);
		return Math.sqrt((shape.dimension() == CONVOLUTION_AXES ? 2 : 1) / inputs);
	}

	private static void normal(final float[] values, final double deviation, final long seed, final String path) {
		final UniformRandomProvider random = new XoShiRo256PlusPlus(state(seed, path));
		for (int i = 0; i < values.length; i++) // Box and Muller's; 1 - u is never 0
			values[i] = (float) (deviation * Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble())) * StrictMath.cos(2 * Math.PI * random.nextDouble()));
	}

	private static long[] state(final long seed, final String path) {
		try {
			final MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).flip());
			final long[] state = new long[STATE];
			ByteBuffer.wrap(digest.digest(path.getBytes(StandardCharsets.UTF_8))).asLongBuffer().get(state);
			return state;
		}
		catch (final NoSuchAlgorithmException e) {
			throw new IllegalStateException(e); // every Java has it
		}
	}
}
