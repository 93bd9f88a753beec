package io.github.dgiqa.spark;

import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.image.Sampling;

import java.io.Serializable;

/**
 * How all executors score.
 *
 * @param crops of random sampling; null for a grid
 * @param seed of random sampling; null for a grid
 * @param device as {@link DeviceChoice#parse} takes it
 * @param threads threads on the CPU; 0 for PyTorch's choice
 */
record Recipe(ShippedModel quality, ShippedModel depth, Integer crops, Long seed, String device, Precision precision, int threads) implements Serializable {

	/** @param settings with a sampling */
	static Recipe of(final ShippedModel quality, final ShippedModel depth, final Assessor.Settings settings, final int threads) {
		final Sampling.Random random = settings.sampling() instanceof Sampling.Random ? (Sampling.Random) settings.sampling() : null;
		return new Recipe(quality, depth, random == null ? null : random.crops(), random == null ? null : random.seed(), settings.device().toString(), settings.precision(), threads);
	}

	Assessor open() {
		final Sampling sampling = crops == null ? new Sampling.Grid() : new Sampling.Random(crops, seed);
		return Assessor.open(quality.here(), depth.here(), new Assessor.Settings(null, null, null, null, sampling, DeviceChoice.parse(device).orElseThrow(), precision, threads));
	}
}
