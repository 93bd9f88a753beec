package io.github.dgiqa.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;
import io.github.dgiqa.train.TrainingPlan.BatchStatistics;
import io.github.dgiqa.weights.Bytes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * How a trained model learns from some dozens or hundreds of images of one user's: a small rate, and nobody looks at the
 * held-out part before the end, so that its figures are those of images that had no say.
 */
public final class FineTuning {

	/** Contents; with fewer nothing can be learned that would hold for others. */
	public static final int FEWEST = 20;
	/** The figures of the held-out part need some contents. */
	private static final int FEWEST_HELD_OUT = 10;
	private static final int FIFTH = 5;
	private static final int THIRD = 3;

	private static final int BATCH = 16;
	private static final double RATE = 1e-4;
	private static final double WEIGHT_DECAY = 0.01;
	private static final double AVERAGE = 0.98;
	/** Of the steps. */
	private static final int WARM_UP = 10;
	/** How often each image is learned from at most, for more teaches nothing. */
	private static final int PASSES = 40;
	/** With fewer steps the weights hardly change. */
	public static final int FEWEST_STEPS = 20;
	private static final int MOST_STEPS_OF_FEW = 200;
	private static final int ROUND = 10;

	private static final String DESCRIPTION = "model.json";
	private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

	private FineTuning() {}

	/**
	 * The model to begin with.
	 *
	 * @throws DgiqaException where there is no such quality model, or its weights cannot be used
	 */
	public static StoredModel base(final ModelStore store, final String model) {
		final StoredModel base = store.find(model, ModelDescription.Kind.QUALITY);
		try (Bytes weights = base.openWeights()) {
			return base;
		}
		catch (final IOException e) {
			throw new DgiqaException("The weights of " + model + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	/** How many contents to hold out: a fifth, of few more, so that there are ten, but at most a third. */
	public static int heldOut(final int contents) {
		return Math.max(contents / FIFTH, Math.min(contents / THIRD, FEWEST_HELD_OUT));
	}

	/** The most steps that are of use. @param images to learn from */
	public static int mostSteps(final int images) {
		return Math.max(MOST_STEPS_OF_FEW, (PASSES * images + BATCH - 1) / BATCH);
	}

	/**
	 * How many steps fit into a time: a multiple of ten, at most {@link #mostSteps}.
	 *
	 * @param seconds that there are
	 * @param each seconds of a step
	 * @param images to learn from
	 */
	public static int steps(final double seconds, final double each, final int images) {
		return (int) (Math.max(0, Math.min(mostSteps(images), seconds / each)) / ROUND) * ROUND;
	}

	/** The plan of so many steps, which is all of it but the seed. */
	public static TrainingPlan plan(final int steps, final long seed) {
		return new TrainingPlan(steps, BATCH, RATE, Math.max(1, steps / WARM_UP), WEIGHT_DECAY, 1, AVERAGE, BatchStatistics.FIXED, 0, List.of(), steps, 0, seed);
	}

	/** The names of the images that a model in a folder did not learn from, as its training's record has them. */
	public static List<String> heldOut(final Path model) {
		final JsonArray names = training(read(model)).getAsJsonObject("data").getAsJsonArray("held_out");
		return StreamSupport.stream(names.spliterator(), false).map(JsonElement::getAsString).toList();
	}

	/** Adds numbers to a model's record of its training. @param name of them all together */
	public static void record(final Path model, final String name, final Map<String, Double> numbers) {
		final JsonObject json = read(model);
		final JsonObject added = new JsonObject();
		numbers.forEach((key, value) -> Records.add(added, key, value));
		training(json).add(name, added);
		try {
			Files.writeString(model.resolve(DESCRIPTION), GSON.toJson(json) + "\n");
		}
		catch (final IOException e) {
			throw new DgiqaException("The model in " + model + " cannot be written: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	private static JsonObject training(final JsonObject json) {
		return json.getAsJsonObject("training");
	}

	private static JsonObject read(final Path model) {
		try {
			return GSON.fromJson(Files.readString(model.resolve(DESCRIPTION)), JsonObject.class);
		}
		catch (final IOException e) {
			throw new DgiqaException("The model in " + model + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
	}
}
