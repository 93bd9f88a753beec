package io.github.dgiqa.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;

import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.weights.WeightWriter;
import io.github.dgiqa.weights.WeightWriter.Form;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model with a weight file of the user's: which fit, and what is said of those that do not. */
class OwnWeightsTest extends NativeMemory {

	@TempDir
	Path folder;

	private StoredModel model;
	private Map<String, Shape> tensors;

	@BeforeEach
	void takeTheTensorsOfAModel() {
		model = ModelStore.of(null).find("depth-compact");
		tensors = new LinkedHashMap<>(model.network().stateDict());
	}

	/** All elements 0. */
	private StoredModel with(final StoredModel changed) throws IOException {
		final Path file = folder.resolve("weights.pth");
		WeightWriter.write(tensors, key -> i -> 0, file, Form.ZIP);
		return changed.with(file);
	}

	private String refusal(final StoredModel changed) throws IOException {
		final StoredModel refused = with(changed);
		return assertThrows(ModelException.class, () -> refused.load(manager)).getMessage();
	}

	@Test
	void whatFitsIsLoaded() throws IOException {
		final StoredModel mine = with(model);
		assertTrue(mine.name().matches("depth-compact@[0-9a-f]{8}"), mine.name());
		assertEquals(0, mine.load(manager).namedParameters().get(0).parameter().getArray().sum().getFloat());
	}

	@Test
	void oneTensorMissing() throws IOException {
		tensors.remove("out.bias");
		assertTrue(refusal(model).contains("1 tensor is missing (out.bias (1)); this looks like another version of Compact inverse depth"));
	}

	@Test
	void oneTensorTooMany() throws IOException {
		tensors.put("out.scale", new Shape(2, 3));
		assertTrue(refusal(model).contains("1 is unexpected (out.scale (2, 3)); this looks like another version of Compact inverse depth"));
	}

	@Test
	void oneTensorOfAnotherShape() throws IOException {
		tensors.put("out.bias", new Shape(5));
		assertTrue(refusal(model).contains("1 has a wrong shape (out.bias (5) instead of (1));"));
	}

	@Test
	void allOfThem() throws IOException {
		final String message = refusal(ModelStore.of(null).find("depth-anything-vits"));
		assertTrue(message.contains("which needs 239 tensors: 239 tensors are missing (pretrained.cls_token (1, 1, 384); pretrained.pos_embed (1, 1370, 384); pretrained.mask_token (1, 384); ...), "), message);
		assertTrue(message.endsWith("; this looks like Compact inverse depth; Depth Anything ViT-S was expected: choose another file, or the model depth-compact."), message);
	}

	@Test
	void noneOfTheKnown() throws IOException {
		tensors = Map.of("a", new Shape(1));
		assertTrue(refusal(model).endsWith("1 is unexpected (a (1)); this looks like none of the known models; Compact inverse depth was expected: choose another file."));
	}

	/** --weights and --depth-weights swapped. */
	@Test
	void theOtherModelsWeights() throws IOException {
		assertTrue(refusal(ModelStore.of(null).find("dgiqa")).contains("this looks like Compact inverse depth, DGIQA was expected: name it as weights of the other model (Depth weights in a dialog,"));
	}

	@Test
	void whatIsNoFile() {
		assertTrue(assertThrows(ModelException.class, () -> model.with(folder)).getMessage().contains("which is a folder; name a weight file"));
		assertTrue(assertThrows(ModelException.class, () -> model.with(folder.resolve("nothing.pth"))).getMessage().contains("nothing.pth is missing"));
	}
}
