package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

import io.github.dgiqa.network.Layers.Activation;
import io.github.dgiqa.network.Layers.Linear;

/** A transformer's MLP with a hidden layer of four times the width: [...,dim] to [...,dim]. */
final class Mlp extends Layer {

	private final Linear fc1;
	private final Activation gelu = Activation.gelu();
	private final Linear fc2;

	Mlp(final int dim) {
		fc1 = child("fc1", new Linear(dim, 4 * dim));
		fc2 = child("fc2", new Linear(4 * dim, dim));
	}

	@Override
	NDList compute(final Pass pass, final NDList inputs) {
		final NDArray hidden = pass.run(fc1, inputs.singletonOrThrow()); // [...,4*dim]
		return new NDList(pass.run(fc2, pass.run(gelu, hidden)));
	}
}
