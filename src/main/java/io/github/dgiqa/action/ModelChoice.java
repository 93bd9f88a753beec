package io.github.dgiqa.action;

import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelStore;

import java.nio.file.Path;

/**
 * The models, crops and device that the user chose.
 *
 * @param settings for {@link Assessors}
 * @param sampling auto, grid or random
 * @param random the random crops, where they are random
 */
record ModelChoice(Assessor.Settings settings, String sampling, Sampling.Random random) {

	static final String AUTO = "auto";

	private static final int CROPS = 20;
	private static final long SEED = 42;

	/** @throws io.github.dgiqa.DgiqaException where a value cannot be */
	static ModelChoice of(final Values values) {
		final String depth = values.text("depth", AUTO);
		final boolean measured = Measured.isIn(values);
		final DeviceChoice device = device(values);
		final Precision precision = Precision.parse(values.choice("precision", "float32", "float16")).orElseThrow();
		final Path depthWeights = measured ? null : values.path("depthfile");
		final Assessor.Settings settings = new Assessor.Settings(values.text("model", ModelStore.DEFAULT_MODEL), values.path("weights"), measured ? Assessor.MEASURED : depth.equals(AUTO) ? null : depth, depthWeights, null, device, precision, 0);
		final String sampling = values.choice("sampling", AUTO, "grid", "random");
		final int crops = (int) values.integer("crops", CROPS, 1, Integer.MAX_VALUE);
		final long seed = values.integer("seed", SEED, 0, Sampling.Random.MAX_SEED);
		return new ModelChoice(settings, sampling, new Sampling.Random(crops, seed));
	}

	/** @throws io.github.dgiqa.DgiqaException where the word is none */
	static DeviceChoice device(final Values values) {
		final String word = values.text("device", AUTO);
		return DeviceChoice.parse(word).orElseThrow(() -> Values.unknown("device", word, "one of " + DeviceChoice.WORDS));
	}

	/** The crops that the given assessor takes. */
	Sampling samplingOf(final Assessor assessor) {
		return sampling(assessor.sampling() instanceof Sampling.Random);
	}

	/** The settings with the crops that a model of the given description takes. */
	Assessor.Settings settings(final ModelDescription.Sampling described) {
		final Sampling crops = sampling(described.mode() == ModelDescription.SamplingMode.RANDOM);
		return new Assessor.Settings(settings.model(), settings.weights(), settings.depth(), settings.depthWeights(), crops, settings.device(), settings.precision(), settings.threads());
	}

	private Sampling sampling(final boolean modelIsRandom) {
		final boolean isRandom = sampling.equals(AUTO) ? modelIsRandom : sampling.equals("random");
		return isRandom ? random : new Sampling.Grid();
	}
}
