package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

import io.github.dgiqa.network.Layers.Linear;

/**
 * What helps a {@link DgiqaNetwork} to learn, and is thrown away then: from the image's averaged features [N,C] a logit
 * of the score [N], and of each kind of distortion [N,kinds].
 */
public final class HelperHeads extends Layer {

	private final Linear score;
	private final Linear kind;

	/** @param features C of {@link DgiqaNetwork#features} */
	public HelperHeads(final int features, final int kinds) {
		score = child("score", new Linear(features, 1));
		kind = child("kind", new Linear(features, Math.max(1, kinds)));
	}

	@Override
	NDList compute(final Pass pass, final NDList inputs) {
		final NDArray features = inputs.singletonOrThrow();
		return new NDList(pass.run(score, features).squeeze(-1), pass.run(kind, features));
	}
}
