package io.github.dgiqa.cli;

import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;

import java.nio.file.Path;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which models, and which crops of an image. */
final class ModelOptions {

	private static final int DEFAULT_CROPS = 20;
	private static final long DEFAULT_SEED = 42;

	private enum Mode {
		random, grid
	}

	/** The quality model, before weights of the user's are looked at. */
	record Found(ModelStore store, StoredModel quality, Sampling sampling) {}

	/** Both models, found and hashed, and how to compute. */
	record Pair(StoredModel quality, StoredModel depth, Assessor.Settings settings) {}

	@Spec(Spec.Target.MIXEE)
	private CommandSpec spec;

	@Option(names = "--model", paramLabel = "NAME|FOLDER", description = "quality model (default: ${DEFAULT-VALUE}); the command 'models' lists those that are there", defaultValue = ModelStore.DEFAULT_MODEL)
	private String model;

	@Option(names = "--depth", paramLabel = "NAME|FOLDER", description = "depth model (default: the one that goes with the quality model)")
	private String depth;

	@Option(names = "--weights", paramLabel = "FILE", description = "weights of the quality model, in place of its own")
	private Path weights;

	@Option(names = "--depth-weights", paramLabel = "FILE", description = "weights of the depth model, in place of its own")
	private Path depthWeights;

	@Option(names = "--sampling", paramLabel = "random|grid", description = "where the crops are taken (default: the model's choice)")
	private Mode sampling;

	@Option(names = "--crops", paramLabel = "N", description = "number of random crops (default: the model's choice, or " + DEFAULT_CROPS + ")")
	private Integer crops;

	@Option(names = "--seed", paramLabel = "N", description = "seed of random crops, 0 to " + Sampling.Random.MAX_SEED + " (default: the model's choice, or " + DEFAULT_SEED + ")")
	private Long seed;

	@Option(names = "--store", paramLabel = "FOLDER", description = "folder of your models (default: the environment variable " + ModelStore.VARIABLE + ", or one in your home)")
	private Path folder;

	/**
	 * Looks for the quality model; this reads no weights.
	 *
	 * @throws ParameterException where the options do not go together, or with this model
	 */
	Found quality() {
		checkNumbers();
		final ModelStore store = ModelStore.of(folder, null);
		final StoredModel quality = store.find(model, ModelDescription.Kind.QUALITY);
		return new Found(store, quality, sampling(quality.description()));
	}

	/** Looks for the rest. @throws ParameterException where the options do not go together */
	Pair pair(final Found found, final ComputeOptions compute) {
		final Assessor.Settings settings = new Assessor.Settings(model, weights, depth, depthWeights, found.sampling, compute.device(), compute.precision(), compute.threads());
		if (settings.problem() != null) throw usage(settings.problem());
		return new Pair(found.quality.with(weights), settings.depthModel(found.store, found.quality), settings);
	}

	private Sampling sampling(final ModelDescription description) {
		final ModelDescription.Sampling described = description.sampling();
		final boolean random = sampling == null ? described.mode() == ModelDescription.SamplingMode.RANDOM : sampling == Mode.random;
		if (!random) {
			if (crops != null || seed != null)
				throw usage((crops != null ? "--crops" : "--seed") + " belongs to random sampling, and the crops are taken on a grid here; add --sampling random or leave it out.");
			return new Sampling.Grid();
		}
		final boolean same = described.mode() == ModelDescription.SamplingMode.RANDOM;
		return new Sampling.Random(crops != null ? crops : same ? described.crops() : DEFAULT_CROPS, seed != null ? seed : same ? described.seed() : DEFAULT_SEED);
	}

	private void checkNumbers() {
		if (crops != null && crops < 1) throw usage("--crops must be at least 1, not " + crops + ".");
		if (seed != null && (seed < 0 || seed > Sampling.Random.MAX_SEED)) throw usage("--seed must be from 0 to " + Sampling.Random.MAX_SEED + ", not " + seed + ".");
	}

	private ParameterException usage(final String sentence) {
		return new ParameterException(spec.commandLine(), sentence);
	}
}
