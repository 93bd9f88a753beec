package io.github.dgiqa.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.Sha256;
import io.github.dgiqa.model.ModelDescription.Kind;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {

	private static final Path REPOSITORY = Path.of("models");
	private static final Path DEPTH_WEIGHTS = REPOSITORY.resolve("depth-compact").resolve("depth-compact.safetensors");

	/** The folder of the user's models. */
	@TempDir
	Path own;

	private Path copy(final String model, final String name) throws IOException {
		final Path folder = Files.createDirectories(own.resolve(name));
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
		final ModelStore store = ModelStore.of(own, null);
		assertEquals(mine.toString(), store.find("dgiqa-compact").where());
		assertEquals("in the program", store.find("depth-compact").where());
		assertTrue(store.names().containsAll(Set.of("dgiqa-compact", "depth-compact", "other")));
		assertEquals(mine.toString(), ModelStore.of(null).find(mine.toString()).where());
	}

	private List<String> states() {
		return ModelStore.of(own, null).rows().stream().map(row -> row.name() + ": " + row.state()).toList();
	}

	@Test
	void stateOfEach() throws IOException {
		final String shipped = "depth-anything-vitb: needs weights;depth-anything-vitl: needs weights;depth-anything-vits: needs weights;depth-compact: ready (in the program);dgiqa: needs weights;dgiqa-compact: ready (in the program)";
		assertEquals(List.of(shipped.split(";")), states());
		final Path whole = copy("depth-compact", "a-whole");
		Files.copy(REPOSITORY.resolve("depth-compact").resolve("depth-compact.safetensors"), whole.resolve("depth-compact.safetensors"));
		Files.write(copy("depth-compact", "b-cut").resolve("depth-compact.safetensors"), new byte[12]);
		final Path without = copy("depth-compact", "c-without");
		Files.writeString(copy("depth-compact", "d-bad").resolve("model.json"), "{");
		copy("depth-compact", ".import-1");
		final List<String> states = states();
		assertEquals("a-whole: ready", states.get(0));
		assertEquals("b-cut: damaged: depth-compact.safetensors has 12 bytes instead of " + Files.size(DEPTH_WEIGHTS), states.get(1));
		assertEquals("c-without: damaged: " + without.resolve("depth-compact.safetensors") + " is missing", states.get(2));
		assertTrue(states.get(3).startsWith("d-bad: damaged: " + own.resolve("d-bad").resolve("model.json") + " is not a model description"), states.get(3));
		assertEquals(10, states.size(), "what is hidden is no model");
	}

	@Test
	void rowsTellWhatAUserAsksFor() {
		final Map<String, List<String>> rows = new HashMap<>();
		ModelStore.of(own, null).rows().forEach(row -> rows.put(row.name(), row.cells()));
		assertEquals(List.of("dgiqa-compact (default)", "9.15 MB", "BSD-2-Clause", "with the program", "ready (in the program)"), rows.get("dgiqa-compact"));
		assertEquals(List.of("dgiqa", "about 412 MB", "not stated", "github.com/uf-robopi/DGIQA", "needs weights"), rows.get("dgiqa"));
		assertEquals(List.of("depth-anything-vits", "about 99.1 MB", "Apache-2.0", "huggingface.co/LiheYoung/depth_anything_vits14", "needs weights"), rows.get("depth-anything-vits"));
	}

	@Test
	void numbersOfParametersAreThePublishedOnes() {
		final ModelStore store = ModelStore.of(null);
		assertEquals(102_878_829, store.find("dgiqa").parameters());
		assertEquals(24_785_089, store.find("depth-anything-vits").parameters());
		assertEquals(4_513_901, store.find("dgiqa-compact").parameters());
	}

	/** A file in the folder's place, or no folder: the program's own models can be used. */
	@Test
	void withoutAFolderTheProgramsModelsAreThere() throws IOException {
		final Path file = Files.writeString(own.resolve("file"), "text");
		for (final Path place : List.of(file, own.resolve("nothing"), file.resolve("below"))) {
			final ModelStore store = ModelStore.of(place, null);
			assertEquals(6, store.rows().size());
			assertEquals("in the program", store.find("dgiqa-compact").where());
		}
		assertEquals("The folder of models is to be " + file + ", which is a file; name a folder (option --store, or the environment variable DGIQA_MODELS).", message(ModelStore.of(file, null)::checkFolder));
		ModelStore.of(own.resolve("nothing"), null).checkFolder();
		assertFalse(Files.exists(own.resolve("nothing")), "looking makes no folder");
	}

	@Test
	void weightsAreVerified() throws IOException {
		final ModelStore store = ModelStore.of(own, null);
		assertEquals("all right, SHA-256 " + Sha256.of(DEPTH_WEIGHTS) + ".", store.verify("depth-compact", false).sentence());
		assertTrue(store.verify("dgiqa", true).ok());
		assertFalse(store.verify("dgiqa", false).ok());
		final byte[] weights = Files.readAllBytes(DEPTH_WEIGHTS);
		weights[weights.length / 2] ^= 1;
		Files.write(copy("depth-compact", "flipped").resolve("depth-compact.safetensors"), weights);
		final Outcome outcome = store.verify("flipped", true);
		assertFalse(outcome.ok());
		assertTrue(outcome.sentence().contains("SHA-256 " + Sha256.of(DEPTH_WEIGHTS) + " was expected, "), outcome.sentence());
	}

	@Test
	void onlyTheUsersModelsAreRemoved() throws IOException {
		final ModelStore store = ModelStore.of(own, null);
		copy("dgiqa-compact", "dgiqa-compact");
		Files.write(own.resolve("dgiqa-compact").resolve("dgiqa-compact.safetensors"), new byte[12]);
		assertEquals("The model dgiqa-compact is removed from " + own + "; that of the same name in the program takes its place.", store.remove("dgiqa-compact").sentence());
		assertFalse(Files.exists(own.resolve("dgiqa-compact")));
		assertTrue(message(() -> store.remove("dgiqa-compact")).contains("is part of the program and stays"));
		assertTrue(message(() -> store.remove("other")).contains("There is no model other in " + own));
		for (final String name : List.of("..", ".", "", "../" + own.getFileName()))
			assertTrue(message(() -> store.remove(name)).startsWith("There is no model " + name + " in "));

		final Path notes = Files.writeString(copy("depth-compact", "mine").resolve("notes.txt"), "mine");
		assertEquals("The model mine is removed from " + own + ", where its folder has other files, which stay.", store.remove("mine").sentence());
		assertEquals("mine", Files.readString(notes));
	}

	@Test
	void sizesForPeople() {
		assertEquals("0 bytes", ModelRow.size(0));
		assertEquals("999 bytes", ModelRow.size(999));
		assertEquals("1.00 kB", ModelRow.size(1000));
		assertEquals("12.3 MB", ModelRow.size(12_345_678));
		assertEquals("412 MB", ModelRow.size(411_547_060));
		assertEquals("1.34 GB", ModelRow.size(1_341_262_596L));
		assertEquals("5000 GB", ModelRow.size(5_000_000_000_000L));
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
		final ModelStore store = ModelStore.of(own, null);
		for (final String[] change : new String[][] {
			{good, "", "is empty"},
			{good, "{", "is not a model description: End of input at line 1 column 2; get the model again."},
			{good, "[1]", "is not a model description"},
			{"\"format\": 1", "\"format\": 2", "format is 2"},
			{"\"kind\": \"quality\"", "\"kind\": \"beauty\"", "kind is none of"},
			{"\"mode\": \"grid\"", "\"mode\": \"all\"", "sampling is none of"},
			{"\"kind\": \"quality\"", "\"kind\": \"depth\"", "neither an input_side nor"},
			{"\"mode\": \"grid\"", "\"mode\": \"random\", \"crops\": 20, \"seed\": -1", "a seed that is not from 0"},
			{"\"crop\": 224", "\"crop\": 500", "short_side"},
			{"\"small_side\": 224", "\"small_side\": 223", "small_side is not from its crop to its short_side"},
			{"\"small_side\": 224", "\"small_side\": 385", "small_side is not from its crop to its short_side"},
			{"\"sha256\": \"", "\"sha256\": \"X", "SHA-256"},
			{"\"format\": 1", "\"format\": 1, \"download\": {\"url\": \"file:///etc\"}", "http"},
			{"\"format\": 1", "\"format\": 1, \"download\": {\"url\": \"https://a.b/c\", \"sha256\": \"12\"}", "64 lower-case hex digits"},
			{"\"name\": \"dgiqa-compact.safetensors\"", "\"name\": \"../dgiqa-compact.safetensors\"", "name"}})
		{
			Files.writeString(file, good.replace(change[0], change[1]));
			final String message = message(() -> store.find("bad"));
			assertTrue(message.contains(change[2]) && message.contains(file.toString()), message);
		}
	}

	@Test
	void workIsHiddenAndGoesOnInItsFolder() throws IOException {
		final ModelStore store = ModelStore.of(own.resolve("store"), null);
		final Set<String> names = store.names();
		final Path work = store.workFolder("mine-1");
		Files.copy(REPOSITORY.resolve("depth-compact").resolve("model.json"), work.resolve("model.json"));
		final Path left = store.workFolder("left");
		Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofDays(31))));
		assertEquals(work, store.workFolder("mine-1"));
		assertTrue(Files.exists(work.resolve("model.json")));
		assertFalse(Files.exists(left), "nobody went on with it for a month");
		assertEquals(names, store.names());
		store.removeWorkFolder("mine-1");
		assertEquals(0, store.folder().toFile().list().length);
	}

	@Test
	void whatANewModelCannotBeCalled() throws IOException {
		copy("depth-compact", "mine");
		final ModelStore store = ModelStore.of(own, null);
		ModelImport.check(store, new ModelImport.Wishes("other", false), Kind.QUALITY);
		ModelImport.check(store, new ModelImport.Wishes("dgiqa-compact", true), Kind.QUALITY);
		assertTrue(message(() -> ModelImport.check(store, new ModelImport.Wishes("dgiqa-compact", false), Kind.QUALITY)).startsWith("There is a model dgiqa-compact already"));
		assertTrue(message(() -> ModelImport.check(store, new ModelImport.Wishes("Mine", true), Kind.QUALITY)).startsWith("There is a model mine already, and names must differ"));
		assertTrue(message(() -> ModelImport.check(store, new ModelImport.Wishes("depth-compact", true), Kind.QUALITY)).startsWith("The new model is a model for quality, and depth-compact is the name of the program's own for depth"));
	}

	private static String message(final org.junit.jupiter.api.function.Executable find) {
		return assertThrows(ModelException.class, find).getMessage();
	}
}
