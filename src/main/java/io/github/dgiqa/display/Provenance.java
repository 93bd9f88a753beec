package io.github.dgiqa.display;

import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.StoredModel;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What the rows of a run depend on, beside the images.
 *
 * @param model NAME of the quality model
 * @param modelSha256 SHA-256 of its weights
 * @param depthModel NAME of the depth model
 * @param depthModelSha256 SHA-256 of its weights
 * @param sampling random or grid
 * @param crops number of random crops; null with grid
 * @param seed seed of random crops; null with grid
 * @param precision numbers to compute with
 * @param shard which part of the list, as i/n; null for all of it
 */
public record Provenance(String model, String modelSha256, String depthModel, String depthModelSha256, String sampling, Integer crops, Long seed, String precision, String shard) {

	/**
	 * Of what a run computes with.
	 *
	 * @param shard which part of the list, as i/n; null for all of it
	 */
	public static Provenance of(final StoredModel model, final StoredModel depthModel, final Sampling sampling, final Precision precision, final String shard) {
		final Sampling.Random random = sampling instanceof Sampling.Random ? (Sampling.Random) sampling : null;
		return new Provenance(model.name(), model.sha256(), depthModel.name(), depthModel.sha256(), random == null ? "grid" : "random", random == null ? null : random.crops(), random == null ? null : random.seed(),
			precision.name().toLowerCase(Locale.ROOT), shard);
	}

	/** Where the other is not the same: what, what it was there, and what it is here; null where all is the same. */
	public String difference(final Provenance other) {
		final Map<String, Object> here = values();
		final Map<String, Object> there = other.values();
		for (final Map.Entry<String, Object> value : here.entrySet()) {
			final Object was = there.get(value.getKey());
			if (!Objects.equals(was, value.getValue())) return value.getKey() + " was " + words(was) + ", is " + words(value.getValue());
		}
		return null;
	}

	/** Of another part of the same list. */
	public Provenance withoutShard() {
		return new Provenance(model, modelSha256, depthModel, depthModelSha256, sampling, crops, seed, precision, null);
	}

	private static String words(final Object value) {
		return value == null ? "none" : value.toString();
	}

	private Map<String, Object> values() {
		final Map<String, Object> values = new LinkedHashMap<>();
		values.put("model", model);
		values.put("SHA-256 of the model's weights", modelSha256);
		values.put("depth model", depthModel);
		values.put("SHA-256 of the depth model's weights", depthModelSha256);
		values.put("sampling", sampling);
		values.put("crops", crops);
		values.put("seed", seed);
		values.put("precision", precision);
		values.put("shard", shard);
		return values;
	}
}
