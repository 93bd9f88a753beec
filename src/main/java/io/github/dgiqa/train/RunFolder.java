package io.github.dgiqa.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.weights.Bytes;
import io.github.dgiqa.weights.SafeTensorsWriter;
import io.github.dgiqa.weights.StoredTensor;
import io.github.dgiqa.weights.WeightFile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The folder {@code training} in a trained model's folder: the plan, the log, and a checkpoint from which the run goes on.
 * A checkpoint takes the place of the one before in one step, so that a process may be killed at any moment.
 */
final class RunFolder {

	static final String NAME = "training";
	private static final String PLAN = "plan.json";
	private static final String LOG = "log.csv";
	private static final String CURVE = "curve.png";
	private static final String CHECKPOINT = "checkpoint.json";
	private static final String WEIGHTS = "checkpoint-%d.safetensors";
	private static final String WEIGHTS_PART = "checkpoint.safetensors.part";
	private static final String HEADER = "step,loss,rate,gradient,held_out_loss,held_out_srcc,held_out_plcc,held_out_monotone,seconds";
	// a correlation may be no number
	private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeSpecialFloatingPointValues().create();

	private final Path folder;
	private final List<String> rows = new ArrayList<>();

	/** What checkpoint.json says; without SHA-256 in those of earlier versions. */
	private record Saved(Progress progress, String weights, String sha256) {}

	private RunFolder(final Path folder) {
		this.folder = folder;
	}

	/**
	 * The folder of a run, made where it is not there.
	 *
	 * @param plan what identifies the run
	 * @throws DgiqaException where it holds a run with another plan, or a model that was not trained there, or cannot be
	 *           written
	 */
	static RunFolder of(final Path model, final JsonObject plan) {
		final RunFolder run = new RunFolder(model.resolve(NAME));
		final Path file = run.folder.resolve(PLAN);
		try {
			if (!Files.exists(file) && ModelStore.isModel(model)) throw new DgiqaException(model + " holds a model that was not trained there and would be lost: name another folder.");
			Files.createDirectories(run.folder);
			if (Files.exists(file)) {
				final JsonObject other = GSON.fromJson(Files.readString(file), JsonObject.class);
				if (!plan.equals(other)) throw new DgiqaException(model + " holds a training run with another plan (" + difference(plan, other) + "): repeat that command to go on with it, or name another folder.");
			}
			else run.replace(PLAN, GSON.toJson(plan));
		}
		catch (final JsonParseException e) {
			throw new DgiqaException(file + " is damaged: name another folder.", e);
		}
		catch (final IOException e) {
			throw unwritable(run.folder, e);
		}
		return run;
	}

	private static String difference(final JsonObject plan, final JsonObject other) {
		if (other == null) return "it is empty";
		for (final String key : plan.keySet()) {
			final JsonElement is = plan.get(key);
			final JsonElement was = other.get(key);
			if (is.equals(was)) continue;
			return is.isJsonObject() && was != null && was.isJsonObject() ? key + ": " + difference(is.getAsJsonObject(), was.getAsJsonObject()) : key + " was " + was + ", is " + is;
		}
		return "it has more parts";
	}

	private static DgiqaException unwritable(final Path folder, final IOException e) {
		return new DgiqaException("The training run in " + folder + " cannot be written or read: " + DgiqaException.sentence(e) + ".", e);
	}

	private void replace(final String name, final String text) throws IOException {
		replace(name, text.getBytes(StandardCharsets.UTF_8));
	}

	private void replace(final String name, final byte[] bytes) throws IOException {
		final Path part = folder.resolve(name + ".part");
		Files.write(part, bytes);
		moveInPlace(part, name);
	}

	private void moveInPlace(final Path part, final String name) throws IOException {
		Files.move(part, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
	}

	/** Whether there is a checkpoint. */
	boolean hasCheckpoint() {
		return Files.exists(folder.resolve(CHECKPOINT));
	}

	/** Saves the state of a run. */
	void save(final Progress progress, final Map<String, NDArray> state) {
		final Map<String, StoredTensor> stored = new LinkedHashMap<>();
		state.forEach((name, array) -> stored.put(name, StoredTensor.of(name, array)));
		final String weights = String.format(Locale.ROOT, WEIGHTS, progress.step());
		try {
			// not in its place at once: after a look the same step is saved again, and a process may be killed at it
			final Path part = folder.resolve(WEIGHTS_PART);
			Files.deleteIfExists(part);
			final SafeTensorsWriter.Written written = SafeTensorsWriter.write(part, stored, Map.of(), () -> {});
			moveInPlace(part, weights);
			replace(CHECKPOINT, GSON.toJson(new Saved(progress, weights, written.sha256())));
			removeOthers(weights);
		}
		catch (final IOException e) {
			throw unwritable(folder, e);
		}
	}

	private void removeOthers(final String weights) throws IOException {
		final List<Path> old;
		try (Stream<Path> files = Files.list(folder)) {
			old = files.filter(file -> file.getFileName().toString().matches("checkpoint-\\d+\\.safetensors") && !file.getFileName().toString().equals(weights)).toList();
		}
		for (final Path file : old)
			Files.deleteIfExists(file);
	}

	/** The tensors of a checkpoint; close it after use. */
	record Checkpoint(Progress progress, Map<String, StoredTensor> tensors, Bytes bytes) implements AutoCloseable {

		/** @throws DgiqaException where it has no tensor of this name and shape */
		StoredTensor tensor(final String name, final Shape shape) {
			final StoredTensor tensor = tensors.get(name);
			if (tensor == null || !tensor.shape().equals(shape))
				throw new DgiqaException("The checkpoint " + bytes.name() + " is not one of this network: " + name + " should be " + shape + ", and is " + (tensor == null ? "missing" : tensor.shape()) + "; name another folder.");
			return tensor;
		}

		@Override
		public void close() {
			bytes.close();
		}
	}

	/**
	 * Reads the checkpoint, and forgets rows of the log that came after it.
	 *
	 * @throws DgiqaException where it cannot be read, or is damaged
	 */
	Checkpoint load() {
		try {
			final Saved saved = GSON.fromJson(Files.readString(folder.resolve(CHECKPOINT)), Saved.class);
			if (saved == null || saved.progress == null || saved.weights == null) throw damaged(CHECKPOINT, null);
			final Bytes bytes = Bytes.of(folder.resolve(saved.weights));
			try {
				if (saved.sha256 != null && !saved.sha256.equals(bytes.sha256())) throw damaged(saved.weights, null);
				readRows(saved.progress);
				return new Checkpoint(saved.progress, WeightFile.tensors(bytes), bytes);
			}
			catch (final IOException | DgiqaException e) {
				bytes.close();
				throw e;
			}
		}
		catch (final JsonParseException e) {
			throw damaged(CHECKPOINT, e);
		}
		catch (final IOException e) {
			throw new DgiqaException("The checkpoint in " + folder + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	private DgiqaException damaged(final String file, final Exception cause) {
		return new DgiqaException("The checkpoint " + folder.resolve(file) + " is damaged: begin again in another folder, or remove " + folder + ".", cause);
	}

	private void readRows(final Progress progress) throws IOException {
		rows.clear();
		// what is counted still is logged when the run goes on
		final int last = progress.counted() == 0 ? progress.step() : progress.step() - 1;
		if (Files.exists(folder.resolve(LOG))) for (final String row : Files.readAllLines(folder.resolve(LOG)))
			if (row.matches("\\d{1,9},.*") && Integer.parseInt(row.substring(0, row.indexOf(','))) <= last) rows.add(row);
	}

	/** Adds a row to the log and draws the curves anew. @param figures null where nobody looked */
	void log(final int step, final double loss, final double rate, final double gradient, final Figures figures, final double seconds) {
		final String held = figures == null ? ",,," : String.format(Locale.ROOT, "%.6f,%.6f,%.6f,%.6f", figures.loss(), figures.srcc(), figures.plcc(), figures.monotone());
		rows.add(String.format(Locale.ROOT, "%d,%.6f,%.3g,%.4f,%s,%.1f", step, loss, rate, gradient, held, seconds));
		try {
			replace(LOG, HEADER + "\n" + String.join("\n", rows) + "\n");
			if (figures != null) replace(CURVE, Curves.png(rows));
		}
		catch (final IOException e) {
			throw unwritable(folder, e);
		}
	}
}
