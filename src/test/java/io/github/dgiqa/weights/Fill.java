package io.github.dgiqa.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;

import io.github.dgiqa.Reference;
import io.github.dgiqa.bench.ClosedForm;
import io.github.dgiqa.bench.ClosedForm.Elements;
import io.github.dgiqa.weights.WeightWriter.Form;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tensors of the {@link ClosedForm}, with which PyTorch computed the expected values of the tests, in files and in memory. */
public final class Fill {

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
		return ClosedForm.array(key, shape, manager);
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
		return ClosedForm.elements(key, shape);
	}
}
