package io.github.dgiqa.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.Lock;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.weights.Bytes;
import io.github.dgiqa.weights.SafeTensorsWriter;
import io.github.dgiqa.weights.StoredTensor;
import io.github.dgiqa.weights.WeightFile;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
final class RunFolder implements AutoCloseable {

	static final String NAME = "training";
	private static final String PLAN = "plan.json";
	private static final String LOG = "log.csv";
	private static final String CURVE = "curve.png";
	private static final String CHECKPOINT = "checkpoint.json";
	private static final String LOCK = "lock";
	private static final String WEIGHTS = "checkpoint-%d.safetensors";
	private static final String WEIGHTS_PART = "checkpoint.safetensors.part";
	private static final String HEADER = "step,loss,rate,gradient,held_out_loss,held_out_srcc,held_out_plcc,held_out_monotone,seconds";
	/** Behind the first. */
	private static final int COLUMNS = 8;
	// a correlation may be no number
	private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeSpecialFloatingPointValues().create();

	private final Path folder;
	private final Lock lock;
	private final List<String> rows = new ArrayList<>();
	/** The checkpoint that there is; null for none. */
	private Saved last;

	/** What checkpoint.json says; without SHA-256 in those of earlier versions. */
	private record Saved(Progress progress, String weights, String sha256) {}

	private RunFolder(final Path folder) throws IOException {
		this.folder = folder;
		Files.createDirectories(folder);
		lock = Lock.attempt(folder.resolve(LOCK));
		if (lock == null) throw new DgiqaException("Another training is at work in " + folder.getParent() + ": wait until it is done, stop it, or name another folder.");
	}

	/**
	 * The folder of a run, made where it is not there; nobody else may use it until it is closed.
	 *
	 * @param plan what identifies the run
	 * @throws DgiqaException where it holds a run with another plan, or a model that was not trained there, or another
	 *           process trains in it, or it cannot be written
	 */
	static RunFolder of(final Path model, final JsonObject plan) {
		final Path folder = model.resolve(NAME);
		if (!Files.exists(folder.resolve(PLAN)) && ModelStore.isModel(model)) throw new DgiqaException(model + " holds a model that was not trained there and would be lost: name another folder.");
		try {
			final RunFolder run = new RunFolder(folder);
			try {
				run.identify(plan);
				return run;
			}
			catch (final IOException | DgiqaException e) {
				run.close();
				throw e;
			}
		}
		catch (final IOException e) {
			throw unwritable(folder, e);
		}
	}

	private void identify(final JsonObject plan) throws IOException {
		final Path file = folder.resolve(PLAN);
		if (!Files.exists(file)) {
			replace(PLAN, GSON.toJson(plan));
			return;
		}
		try {
			final JsonObject other = GSON.fromJson(Files.readString(file), JsonObject.class);
			if (!plan.equals(other)) throw new DgiqaException(folder.getParent() + " holds a training run with another plan (" + difference(plan, other) + "): repeat that command to go on with it, or name another folder.");
		}
		catch (final JsonParseException e) {
			throw new DgiqaException(file + " is damaged: name another folder.", e);
		}
	}

	@Override
	public void close() {
		try {
			lock.close();
		}
		catch (final IOException e) {
			// it ends with the process
		}
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

	/** It is on the disk before it has its name, also where the power fails. */
	private void moveInPlace(final Path part, final String name) throws IOException {
		try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
			channel.force(true);
		}
		Files.move(part, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
	}

	/** Whether there is a checkpoint. */
	boolean hasCheckpoint() {
		return Files.exists(folder.resolve(CHECKPOINT));
	}

	/** Saves the state of a run, unless it is saved already. The checkpoint before it goes when this one is whole. */
	void save(final Progress progress, final Map<String, NDArray> state) {
		if (last != null && progress.equals(last.progress)) return;
		final Map<String, StoredTensor> stored = new LinkedHashMap<>();
		state.forEach((name, array) -> stored.put(name, StoredTensor.of(name, array)));
		final String weights = String.format(Locale.ROOT, WEIGHTS, progress.step());
		try {
			// not in its place at once: after a look the same step is saved again, and a process may be killed at it
			final Path part = folder.resolve(WEIGHTS_PART);
			Files.deleteIfExists(part);
			final SafeTensorsWriter.Written written = SafeTensorsWriter.write(part, stored, Map.of(), () -> {});
			moveInPlace(part, weights);
			final Saved saved = new Saved(progress, weights, written.sha256());
			replace(CHECKPOINT, GSON.toJson(saved));
			last = saved;
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
				last = saved;
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
			throw new DgiqaException("The checkpoint in " + folder + " cannot be read: " + DgiqaException.sentence(e) + "; bring it back, or begin again in another folder.", e);
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
			if (row.matches("\\d{1,9}(,[^,]*){" + COLUMNS + "}") && Integer.parseInt(row.substring(0, row.indexOf(','))) <= last) rows.add(row);
	}

	/**
	 * Adds a row to the log and draws the curves anew.
	 *
	 * @param figures null where nobody looked
	 * @return what kept the files from being written, which is no reason to end the work; null where nothing did
	 */
	String log(final int step, final double loss, final double rate, final double gradient, final Figures figures, final double seconds) {
		final String held = figures == null ? ",,," : String.format(Locale.ROOT, "%.6f,%.6f,%.6f,%.6f", figures.loss(), figures.srcc(), figures.plcc(), figures.monotone());
		rows.add(String.format(Locale.ROOT, "%d,%.6f,%.3g,%.4f,%s,%.1f", step, loss, rate, gradient, held, seconds));
		try {
			replace(LOG, HEADER + "\n" + String.join("\n", rows) + "\n");
			if (figures != null) replace(CURVE, Curves.png(rows));
			return null;
		}
		catch (final IOException e) {
			return "The log in " + folder + " cannot be written: " + DgiqaException.sentence(e) + ". The training goes on.";
		}
	}
}
