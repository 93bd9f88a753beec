package io.github.dgiqa.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;

import io.github.dgiqa.Reference;
import io.github.dgiqa.weights.WeightWriter.Elements;
import io.github.dgiqa.weights.WeightWriter.Form;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Weights by a formula, with which PyTorch computed the expected values of the tests: random in appearance, of a size
 * that keeps a network's values in range, and different for each key.
 */
public final class Fill {

	private static final long FNV_OFFSET = 0xcbf29ce484222325L;
	private static final long FNV_PRIME = 0x100000001b3L;
	private static final long STEP = 0x9E3779B97F4A7C15L;
	private static final double UNIT = 1.0 / (1 << 24);
	private static final Set<String> EMBEDDINGS = Set.of("relative_position_bias_table", "cls_token", "pos_embed", "mask_token");

	private Fill() {}

	/** Writes a weight file with these tensors, filled. */
	public static void write(final Map<String, Shape> shapes, final Path file, final Form form) throws IOException {
		WeightWriter.write(shapes, key -> elements(key, shapes.get(key)), file, form);
	}

	/** The same tensors in memory. */
	public static Map<String, NDArray> arrays(final Map<String, Shape> shapes, final NDManager manager) {
		final Map<String, NDArray> arrays = new HashMap<>();
		shapes.forEach((key, shape) -> arrays.put(key, array(key, shape, manager)));
		return arrays;
	}

	/** One of them. */
	public static NDArray array(final String key, final Shape shape, final NDManager manager) {
		final Elements elements = elements(key, shape);
		final float[] values = new float[(int) shape.size()];
		for (int i = 0; i < values.length; i++)
			values[i] = elements.at(i);
		return manager.create(values, shape);
	}

	/** The keys and shapes of a published network: dgiqa, depth_anything_vits, depth_anything_vitb or depth_anything_vitl. */
	public static Map<String, Shape> published(final String network) {
		final Map<String, Shape> shapes = new LinkedHashMap<>();
		for (final Map.Entry<String, JsonElement> entry : Reference.json("state_dict_shapes.json").getAsJsonObject(network).entrySet())
			shapes.put(entry.getKey(), shape(entry.getValue().getAsJsonArray()));
		return shapes;
	}

	private static Shape shape(final JsonArray sides) {
		return new Shape(sides.asList().stream().mapToLong(JsonElement::getAsLong).toArray());
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
