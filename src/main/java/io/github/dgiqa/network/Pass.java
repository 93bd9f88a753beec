package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;

/** What one forward pass carries from layer to layer. */
record Pass(ParameterStore store, boolean training) {

	/** The values of a parameter on the device of {@code like}; null where the layer has no such parameter. */
	NDArray value(final Parameter parameter, final NDArray like) {
		if (parameter == null) return null;
		// In inference the weights are on the device already; the store would only add a look-up.
		return training ? store.getValue(parameter, like.getDevice(), true) : parameter.getArray();
	}

	/** Runs a layer with one result. */
	NDArray run(final Block layer, final NDArray... inputs) {
		return all(layer, inputs).singletonOrThrow();
	}

	/** Runs a layer with several results. */
	NDList all(final Block layer, final NDArray... inputs) {
		return layer.forward(store, new NDList(inputs), training);
	}
}
