package io.github.dgiqa.bench;

import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;

/** A quality model of the program and its depth model, whatever the user has under their names. */
record Pair(String key, StoredModel model, StoredModel depth) {

	private static final String PUBLISHED = "dgiqa";

	/** The one in the box. */
	static Pair compact() {
		return of("compact", ModelStore.ofProgram().find(ModelStore.DEFAULT_MODEL));
	}

	/** The published one, its weights by a formula. */
	static Pair published() {
		final Pair pair = of("published", ModelStore.ofProgram().find(PUBLISHED));
		return new Pair(pair.key, pair.model.filled(ClosedForm::array), pair.depth.filled(ClosedForm::array));
	}

	private static Pair of(final String key, final StoredModel model) {
		return new Pair(key, model, ModelStore.ofProgram().find(model.description().depth()));
	}

	Assessor open(final Assessor.Settings settings) {
		return Assessor.open(model, depth, settings);
	}

	/** The quality model alone. */
	Assessor openForMeasuredDepth(final Assessor.Settings settings) {
		return Assessor.open(model, null, settings);
	}
}
