package io.github.dgiqa.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;

import com.google.gson.JsonObject;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.weights.SafeTensorsWriter;
import io.github.dgiqa.weights.StoredTensor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A model that was trained here: a folder with model.json and float16 weights, which replaces an older one at once. */
public final class TrainedModel {

	private static final String EXTENSION = ".safetensors";
	private static final int HASH_DIGITS = 16;

	private TrainedModel() {}

	/**
	 * Writes, or replaces, the model.
	 *
	 * @param folder which exists
	 * @param base whose description it has, but for what follows
	 * @param name its NAME
	 * @param changes parts of the description that are its own: title, training ...
	 * @param weights by their paths
	 * @throws DgiqaException where it cannot be written
	 */
	public static void write(final Path folder, final StoredModel base, final String name, final JsonObject changes, final Map<String, NDArray> weights) {
		final Map<String, StoredTensor> stored = new LinkedHashMap<>();
		try (NDManager manager = weights.values().iterator().next().getManager().newSubManager()) {
			weights.forEach((path, array) -> {
				final NDArray half = array.toType(DataType.FLOAT16, true);
				half.attach(manager);
				stored.put(path, StoredTensor.of(path, half));
			});
			final Path part = folder.resolve(ModelStore.HIDDEN + "weights.part");
			Files.deleteIfExists(part);
			final SafeTensorsWriter.Written written = SafeTensorsWriter.write(part, stored, Map.of(), () -> {});
			final String file = name + "-" + written.sha256().substring(0, HASH_DIGITS) + EXTENSION;
			Files.move(part, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
			final String json = ModelDescription.trained(base.json(), name, List.of(new ModelDescription.WeightFile(file, written.bytes(), written.sha256())), changes);
			final Path description = folder.resolve(ModelStore.HIDDEN + "model.part");
			Files.writeString(description, json, StandardCharsets.UTF_8);
			Files.move(description, folder.resolve(StoredModel.DESCRIPTION), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
			removeOthers(folder, name, file);
		}
		catch (final IOException e) {
			throw new DgiqaException("The model cannot be written to " + folder + ": " + DgiqaException.sentence(e) + ".", e);
		}
	}

	/** Older weights of this model, which no model.json names any more. */
	private static void removeOthers(final Path folder, final String name, final String file) throws IOException {
		final List<Path> old;
		try (Stream<Path> files = Files.list(folder)) {
			old = files.filter(other -> other.getFileName().toString().matches(Pattern.quote(name) + "-[0-9a-f]{" + HASH_DIGITS + "}\\" + EXTENSION) && !other.getFileName().toString().equals(file)).toList();
		}
		for (final Path one : old)
			Files.deleteIfExists(one);
	}
}
