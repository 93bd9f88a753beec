package io.github.dgiqa.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;

import com.google.gson.JsonElement;

import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.Reference;
import io.github.dgiqa.weights.WeightWriter.Form;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FillTest extends NativeMemory {

	@TempDir
	private Path folder;

	@Test
	void firstValuesAreThoseOfThePublishedFill() {
		final Map<String, Shape> shapes = new HashMap<>(Fill.published("dgiqa"));
		shapes.putAll(Fill.published("depth_anything_vits"));
		for (final Map.Entry<String, JsonElement> expected : Reference.json("fill.json").entrySet()) {
			final String key = expected.getKey();
			for (int i = 0; i < expected.getValue().getAsJsonArray().size(); i++)
				assertEquals(expected.getValue().getAsJsonArray().get(i).getAsFloat(), Fill.elements(key, shapes.get(key)).at(i), key);
		}
	}

	@ParameterizedTest
	@EnumSource(Form.class)
	void whatIsWrittenIsRead(final Form form) throws IOException {
		final Map<String, Shape> shapes = new LinkedHashMap<>();
		shapes.put("fc.weight", new Shape(3, 50_000));
		shapes.put("norm.running_var", new Shape(7));
		shapes.put("norm.num_batches_tracked", new Shape());
		shapes.put("scale", new Shape(1));
		final Path file = folder.resolve("weights");
		Fill.write(shapes, file, form);
		try (Bytes bytes = Bytes.of(file)) {
			final Map<String, StoredTensor> tensors = WeightFile.tensors(bytes);
			assertEquals(3, tensors.size());
			for (final Map.Entry<String, StoredTensor> tensor : tensors.entrySet()) {
				final Shape shape = shapes.get(tensor.getKey());
				assertEquals(shape, tensor.getValue().shape());
				final float[] expected = new float[(int) shape.size()];
				for (int i = 0; i < expected.length; i++)
					expected[i] = Fill.elements(tensor.getKey(), shape).at(i);
				assertArrayEquals(expected, tensor.getValue().load(manager).toFloatArray());
			}
		}
	}
}
