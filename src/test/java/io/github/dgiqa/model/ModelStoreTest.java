package io.github.dgiqa.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.model.ModelDescription.Kind;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {

	private static final Path REPOSITORY = Path.of("models");

	@TempDir
	Path imagej;

	private Path copy(final String model, final String name) throws IOException {
		final Path folder = Files.createDirectories(imagej.resolve("models").resolve("dgiqa").resolve(name));
		Files.copy(REPOSITORY.resolve(model).resolve("model.json"), folder.resolve("model.json"));
		return folder;
	}

	@Test
	void modelsInTheBox() {
		final ModelStore store = ModelStore.of(null);
		assertEquals(Set.of("dgiqa-compact", "depth-compact", "dgiqa", "depth-anything-vits", "depth-anything-vitb", "depth-anything-vitl"), store.names());
		final ModelDescription quality = store.find("dgiqa-compact").description();
		assertEquals(Kind.QUALITY, quality.kind());
		assertEquals("depth-compact", quality.depth());
		assertEquals(ModelDescription.SamplingMode.GRID, quality.sampling().mode());
		assertEquals(384, quality.preprocessing().shortSide());
		assertEquals("in the program", store.find("dgiqa-compact").where());
	}

	@Test
	void publishedModels() {
		final ModelStore store = ModelStore.of(null);
		final ModelDescription quality = store.find("dgiqa", Kind.QUALITY).description();
		assertEquals(new ModelDescription.Sampling(ModelDescription.SamplingMode.RANDOM, 20, 42), quality.sampling());
		assertEquals("depth-anything-vits", quality.depth());
		assertEquals("not stated", quality.licence().name());
		for (final String name : List.of("depth-anything-vits", "depth-anything-vitb", "depth-anything-vitl")) {
			final ModelDescription depth = store.find(name, Kind.DEPTH).description();
			assertEquals("Apache-2.0", depth.licence().name());
			assertEquals(518, depth.preprocessing().shortSide());
			assertEquals(2072, depth.preprocessing().longSideLimit());
		}
	}

	@Test
	void theUsersFolderComesFirst() throws IOException {
		final Path mine = copy("dgiqa-compact", "dgiqa-compact");
		copy("depth-compact", "other");
		final ModelStore store = ModelStore.of(imagej);
		assertEquals(mine.toString(), store.find("dgiqa-compact").where());
		assertEquals("in the program", store.find("depth-compact").where());
		assertTrue(store.names().containsAll(Set.of("dgiqa-compact", "depth-compact", "other")));
		assertEquals(mine.toString(), ModelStore.of(null).find(mine.toString()).where());
	}

	@Test
	void whatIsNotThereOrOfAnotherKind() {
		final ModelStore store = ModelStore.of(null);
		assertTrue(message(() -> store.find("nothing")).contains("dgiqa-compact"));
		assertTrue(message(() -> store.find("../models")).contains("There is no model"));
		assertTrue(message(() -> store.find("")).contains("There is no model"));
		assertTrue(message(() -> store.find("src")).contains("no model.json"));
		assertTrue(message(() -> store.find("depth-compact", Kind.QUALITY)).contains("one for quality is needed"));
	}

	@Test
	void descriptionsThatCannotBeUsed() throws IOException {
		final String good = Files.readString(REPOSITORY.resolve("dgiqa-compact").resolve("model.json"));
		final Path file = copy("dgiqa-compact", "bad").resolve("model.json");
		final ModelStore store = ModelStore.of(imagej);
		for (final String[] change : new String[][] {
			{good, "", "is empty"},
			{good, "{", "is not a model description"},
			{good, "[1]", "is not a model description"},
			{"\"format\": 1", "\"format\": 2", "format is 2"},
			{"\"kind\": \"quality\"", "\"kind\": \"beauty\"", "kind is none of"},
			{"\"mode\": \"grid\"", "\"mode\": \"all\"", "sampling is none of"},
			{"\"kind\": \"quality\"", "\"kind\": \"depth\"", "neither an input_side nor"},
			{"\"mode\": \"grid\"", "\"mode\": \"random\", \"crops\": 20, \"seed\": -1", "a seed that is not from 0"},
			{"\"crop\": 224", "\"crop\": 500", "short_side"},
			{"\"sha256\": \"8", "\"sha256\": \"X", "SHA-256"},
			{"\"name\": \"dgiqa-compact.safetensors\"", "\"name\": \"../dgiqa-compact.safetensors\"", "name"}})
		{
			Files.writeString(file, good.replace(change[0], change[1]));
			final String message = message(() -> store.find("bad"));
			assertTrue(message.contains(change[2]) && message.contains(file.toString()), message);
		}
	}

	private static String message(final org.junit.jupiter.api.function.Executable find) {
		return assertThrows(ModelException.class, find).getMessage();
	}
}
