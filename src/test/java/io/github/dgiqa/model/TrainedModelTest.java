package io.github.dgiqa.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.TinyModel;
import io.github.dgiqa.network.Layer;
import io.github.dgiqa.weights.Bytes;
import io.github.dgiqa.weights.WeightFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of a trained model. */
class TrainedModelTest extends NativeMemory {

	/** In front of the name, what says where the base was found. */
	private static final String FOUND = "\"page\": \"https://a.b/c\", \"download\": {\"url\": \"https://a.b/c\"}, \"origin\": {\"file\": \"x.pth\", \"date\": \"2026-01-31\"}, ";

	@TempDir
	private Path folder;
	private StoredModel base;
	private Path out;

	@BeforeEach
	void describe() throws IOException {
		final Path model = Files.createDirectories(folder.resolve("base"));
		Files.writeString(model.resolve("model.json"), Files.readString(TinyModel.FOLDER.resolve("model.json")).replace("\"name\": \"tiny\"", FOUND + "\"name\": \"tiny\""));
		base = ModelStore.of(null).find(model.toString());
		assertEquals("https://a.b/c", base.description().page());
		out = Files.createDirectories(folder.resolve("out"));
	}

	private static JsonObject json(final String text) {
		return JsonParser.parseString(text).getAsJsonObject();
	}

	private void write(final String name, final float... values) {
		TrainedModel.write(out, base, name, json("{'title': 'Mine: better', 'training': {'steps': 20}}"), Map.of("a.weight", manager.create(values)));
	}

	private JsonObject description() throws IOException {
		return json(Files.readString(out.resolve("model.json")));
	}

	private String weights() throws IOException {
		return description().getAsJsonArray("files").get(0).getAsJsonObject().get("name").getAsString();
	}

	private Set<String> files() throws IOException {
		try (Stream<Path> files = Files.list(out)) {
			return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
		}
	}

	@Test
	void theDescriptionIsTheBasesButForWhatIsItsOwn() throws IOException, NoSuchAlgorithmException {
		write("mine", 1, 2, 3);
		final JsonObject found = description();
		final byte[] written = Files.readAllBytes(out.resolve(weights()));
		final String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(written));
		assertEquals("mine-" + sha256.substring(0, 16) + ".safetensors", weights());
		final JsonObject expected = json(Files.readString(TinyModel.FOLDER.resolve("model.json")));
		expected.addProperty("name", "mine");
		expected.addProperty("title", "Mine: better");
		expected.add("training", json("{'steps': 20}"));
		expected.add("files", JsonParser.parseString("[{'name': '" + weights() + "', 'bytes': " + written.length + ", 'sha256': '" + sha256 + "'}]"));
		assertEquals(expected, found);
		assertEquals(Set.of("model.json", weights()), files());
	}

	/** 11 bits: 2049 is half way between two, and the even one is taken; what is below half of 2^-24 is nothing. */
	@Test
	void weightsAreFloat16() throws IOException {
		write("mine", 1, 0.1f, -1 / 3f, 2049, 2051, 65504, 1e-8f, 0x1p-24f);
		try (Bytes bytes = Bytes.of(out.resolve(weights())); NDArray found = WeightFile.tensors(bytes).get("a.weight").load(manager)) {
			assertArrayEquals(new float[] {1, 0.0999755859375f, -0.333251953125f, 2048, 2052, 65504, 0, 0x1p-24f}, found.toFloatArray());
		}
		final byte[] file = Files.readAllBytes(out.resolve(weights()));
		final byte[] last = {0x66, 0x2e, 0x55, (byte) 0xb5, 0x00, 0x68, 0x02, 0x68, (byte) 0xff, 0x7b, 0, 0, 1, 0};
		assertArrayEquals(last, Arrays.copyOfRange(file, file.length - last.length, file.length));
	}

	@Test
	void olderWeightsGoAndOtherFilesStay() throws IOException {
		write("my.model", 1, 2, 3);
		final String first = weights();
		final Set<String> others = Set.of("notes.txt", "training", "mysmodel-0123456789abcdef.safetensors", "my.model-0123.safetensors", "my.model-0123456789abcdef.pth", "other-0123456789abcdef.safetensors", "my.model.safetensors");
		for (final String other : others)
			Files.writeString(out.resolve(other), "other");
		Files.writeString(out.resolve(".weights.part"), "left by a process that was killed");
		write("my.model", 4, 5, 6);
		final String second = weights();
		assertFalse(first.equals(second));
		final Set<String> expected = new HashSet<>(others);
		expected.addAll(List.of("model.json", second));
		assertEquals(expected, files());
		// the same again
		write("my.model", 4, 5, 6);
		assertEquals(second, weights());
		assertEquals(expected, files());
	}

	@Test
	void itIsAModelThatCanBeLoaded() {
		final Layer network = TinyModel.filled(base, manager);
		final Map<String, NDArray> weights = network.namedParameters().stream().collect(Collectors.toMap(Layer.Named::path, named -> named.parameter().getArray()));
		TrainedModel.write(out, base, "mine", new JsonObject(), weights);
		final StoredModel found = ModelStore.of(null).find(out.toString(), ModelDescription.Kind.QUALITY);
		assertEquals("mine", found.name());
		assertEquals(base.description().title(), found.description().title());
		for (final Layer.Named named : found.load(manager).namedParameters()) {
			final float[] expected = weights.get(named.path()).toFloatArray();
			final float[] values = named.parameter().getArray().toFloatArray();
			for (int i = 0; i < values.length; i++)
				assertEquals(expected[i], values[i], Math.max(0x1p-25, Math.abs(expected[i]) * 0x1p-11), named.path());
		}
	}

	@Test
	void aFolderThatCannotBeWritten() throws IOException {
		Files.delete(out);
		final String found = assertThrows(DgiqaException.class, () -> write("mine", 1)).getMessage();
		assertTrue(found.startsWith("The model cannot be written to " + out + ": "), found);
	}
}
