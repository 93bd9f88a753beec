package io.github.dgiqa.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Weights by a formula, for networks whose trained weights the program does not have: random in appearance, of a size
 * that keeps a network's values in range, and different for each key.
 */
public final class ClosedForm {

	/** The elements of a tensor, by their place in row-major order. */
	@FunctionalInterface
	public interface Elements {
		float at(long index);
	}

	private static final long FNV_OFFSET = 0xcbf29ce484222325L;
	private static final long FNV_PRIME = 0x100000001b3L;
	private static final long STEP = 0x9E3779B97F4A7C15L;
	private static final double UNIT = 1.0 / (1 << 24);
	private static final Set<String> EMBEDDINGS = Set.of("relative_position_bias_table", "cls_token", "pos_embed", "mask_token");

	private ClosedForm() {}

	/** A tensor, float32, in PyTorch's own memory. @param manager owns it; it is on its device */
	public static NDArray array(final String key, final Shape shape, final NDManager manager) {
		try (NDManager onCpu = manager.newSubManager(Device.cpu())) {
			final NDArray made = onCpu.create(shape, DataType.FLOAT32);
			final FloatBuffer memory = made.toByteBuffer(true).asFloatBuffer();
			final Elements elements = elements(key, shape);
			for (int i = 0; memory.hasRemaining(); i++)
				memory.put(elements.at(i));
			final NDArray there = made.toDevice(manager.getDevice(), false);
			there.attach(manager);
			return there;
		}
	}

	/** The elements of a tensor. */
	public static Elements elements(final String key, final Shape shape) {
		final String last = key.substring(key.lastIndexOf('.') + 1);
		if (last.equals("num_batches_tracked")) return i -> 0;
		final long seed = seed(key);
		if (last.equals("running_var")) return i -> (float) (0.5 + u(seed, i));
		if (last.equals("running_mean")) return i -> (float) ((2 * u(seed, i) - 1) * 0.1);
		if (last.equals("weight") && shape.dimension() == 1) return i -> (float) (1 + (2 * u(seed, i) - 1) * 0.1);
		if (last.equals("gamma")) return i -> (float) (0.5 + 0.5 * u(seed, i));
		if (last.endsWith("bias")) return i -> (float) ((2 * u(seed, i) - 1) * 0.02);
		if (EMBEDDINGS.contains(last)) return i -> (float) ((2 * u(seed, i) - 1) * 0.2);
		final double range = Math.sqrt(3.0 / shape.slice(1).size());
		return i -> (float) ((2 * u(seed, i) - 1) * range);
	}

	/** FNV-1a of the key. */
	private static long seed(final String key) {
		long hash = FNV_OFFSET;
		for (final byte b : key.getBytes(StandardCharsets.UTF_8))
			hash = (hash ^ Byte.toUnsignedLong(b)) * FNV_PRIME;
		return hash;
	}

	/** The generator SplitMix64 at a place in its sequence, as a number from 0 to 1. */
	private static double u(final long seed, final long index) {
		long z = seed + (index + 1) * STEP;
		z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
		z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
		z ^= z >>> 31;
		return (z >>> 40) * UNIT;
	}
}
