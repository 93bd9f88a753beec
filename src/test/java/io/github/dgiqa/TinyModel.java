package io.github.dgiqa;

import ai.djl.ndarray.NDManager;

import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;
import io.github.dgiqa.network.DgiqaNetwork;
import io.github.dgiqa.weights.Fill;

import java.nio.file.Path;

/** The quality model among the test resources: as small as can be, without weights. */
public final class TinyModel {

	public static final Path FOLDER = Path.of("src", "test", "resources", "models", "tiny");

	private TinyModel() {}

	public static StoredModel find() {
		return ModelStore.of(null).find(FOLDER.toString());
	}

	/** The model's network under the closed-form fill. */
	public static DgiqaNetwork filled(final StoredModel model, final NDManager manager) {
		final DgiqaNetwork network = (DgiqaNetwork) model.network();
		network.assign(Fill.arrays(network.stateDict(), manager));
		return network;
	}
}
