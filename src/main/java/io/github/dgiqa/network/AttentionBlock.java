package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

import io.github.dgiqa.network.Layers.Activation;
import io.github.dgiqa.network.Layers.LayerNorm;
import io.github.dgiqa.network.Layers.Linear;
import io.github.dgiqa.network.Layers.MultiheadAttention;
import io.github.dgiqa.network.Layers.Sequence;

/**
 * Attention and an MLP of four times the width, each added to its input and then normalised. Inputs: queries and keys,
 * [N,T,dim] each. Results: [N,T,dim] and the head-averaged attention [N,T(query),T(key)].
 */
final class AttentionBlock extends Layer {

	private final MultiheadAttention attention;
	private final LayerNorm norm1;
	private final LayerNorm norm2;
	private final Sequence fc;

	private AttentionBlock(final String suffix, final int dim, final int heads) {
		attention = child("multihead_attn" + suffix, new MultiheadAttention(dim, heads));
		norm1 = child("norm1" + suffix, new LayerNorm(dim, 1e-5));
		norm2 = child("norm2" + suffix, new LayerNorm(dim, 1e-5));
		fc = child("fc" + suffix, new Sequence(new Linear(dim, 4 * dim), Activation.gelu(), new Linear(4 * dim, dim)));
	}

	/** Depth-guided cross-attention: depth asks, the image answers. */
	static AttentionBlock cross(final int dim, final int heads) {
		return new AttentionBlock("", dim, heads);
	}

	/** Refinement: self-attention, queries and keys being the same. */
	static AttentionBlock self(final int dim, final int heads) {
		return new AttentionBlock("_spatial", dim, heads);
	}

	@Override
	NDList compute(final Pass pass, final NDList inputs) {
		final NDArray query = inputs.get(0);
		final NDList attended = pass.all(attention, query, inputs.get(1)); // as published [N,49,960], [N,49,49]
		final NDArray x = pass.run(norm1, query.add(attended.get(0))); // [N,49,960]
		final NDArray y = pass.run(norm2, x.add(pass.run(fc, x))); // 3840 channels inside fc
		return new NDList(y, attended.get(1));
	}
}
