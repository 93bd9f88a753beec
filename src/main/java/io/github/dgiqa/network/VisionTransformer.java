package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

import io.github.dgiqa.network.Layers.Conv2d;
import io.github.dgiqa.network.Layers.LayerNorm;
import io.github.dgiqa.network.Layers.Linear;
import io.github.dgiqa.network.Layers.Sequence;

/**
 * The vision transformer of DINOv2 (Oquab et al., arXiv 2304.07193). Input: normalised RGB [N,3,H,W], both sides multiples
 * of the patch; results: the outputs of the last four blocks after the final norm, without the class token, as maps
 * [N,dim,H/patch,W/patch]. For inference only. Sizes in comments are those of ViT-S on 518x784.
 */
final class VisionTransformer extends Layer {

	private static final double EPS = 1e-6;
	/** Added to the number of patches before the factor of the position embedding's resize is taken, as DINOv2 does. */
	private static final double SIZE_OFFSET = 0.1;
	/** How many of the last blocks give a result. */
	private static final int TAPS = 4;

	private final PatchEmbedding patches;
	private final Parameter classToken;
	private final Parameter positions;
	private final Sequence blocks;
	private final LayerNorm norm;
	private final int dim;
	private final int grid;

	/**
	 * @param patch side of the patches that become tokens, pixels
	 * @param grid side of the square of patches that the position embedding is for
	 */
	VisionTransformer(final int patch, final int grid, final int dim, final int depth, final int heads) {
		if (depth < TAPS) throw new IllegalArgumentException("at least " + TAPS + " blocks are needed, not " + depth);
		classToken = parameter("cls_token", Parameter.Type.WEIGHT, 1, 1, dim);
		positions = parameter("pos_embed", Parameter.Type.WEIGHT, 1, 1 + (long) grid * grid, dim);
		parameter("mask_token", Parameter.Type.WEIGHT, 1, dim); // of DINOv2's training; its files have it
		patches = child("patch_embed", new PatchEmbedding(dim, patch));
		blocks = child("blocks", new Sequence());
		for (int i = 0; i < depth; i++)
			blocks.add(new TransformerBlock(dim, heads));
		norm = child("norm", new LayerNorm(dim, EPS));
		this.dim = dim;
		this.grid = grid;
	}

	@Override
	NDList compute(final Pass pass, final NDList inputs) {
		final NDArray map = pass.run(patches, inputs.singletonOrThrow()); // [N,384,37,56]
		final long n = map.getShape().get(0);
		final NDArray patchTokens = map.reshape(n, dim, -1).transpose(0, 2, 1); // [N,2072,384]
		final NDArray classTokens = pass.value(classToken, map).broadcast(n, 1, dim);
		NDArray x = NDArrays.concat(new NDList(classTokens, patchTokens), 1).add(positions(pass, map)); // [N,2073,384]
		final NDList taps = new NDList();
		for (int i = 0; i < blocks.size(); i++) {
			x = pass.run(blocks.get(i), x);
			if (i >= blocks.size() - TAPS) taps.add(pass.run(norm, x).get(":, 1:").transpose(0, 2, 1).reshape(map.getShape()));
		}
		return taps;
	}

	/** The position embedding for a map of this size, [1,1+h*w,dim]. */
	private NDArray positions(final Pass pass, final NDArray map) {
		final NDArray all = pass.value(positions, map);
		final long height = map.getShape().get(2);
		final long width = map.getShape().get(3);
		if (height == grid && width == grid) return all;
		final NDArray square = all.get(":, 1:").reshape(1, grid, grid, dim).transpose(0, 3, 1, 2); // [1,384,37,37]
		final NDArray resized = Operators.bicubic(square, height, width, (height + SIZE_OFFSET) / grid, (width + SIZE_OFFSET) / grid); // [1,384,37,56]
		return NDArrays.concat(new NDList(all.get(":, :1"), resized.reshape(1, dim, -1).transpose(0, 2, 1)), 1);
	}

	/** Pixels to tokens: [N,3,H,W] to [N,dim,H/patch,W/patch]. */
	private static final class PatchEmbedding extends Layer {

		private final Conv2d proj;

		PatchEmbedding(final int dim, final int patch) {
			proj = child("proj", Conv2d.patches(3, dim, patch));
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			return pass.all(proj, inputs.singletonOrThrow());
		}
	}

	/** Self-attention and an MLP, each normalised before, scaled channel by channel and added to its input: [N,T,dim] to [N,T,dim]. */
	private static final class TransformerBlock extends Layer {

		private final LayerNorm norm1;
		private final SelfAttention attention;
		private final LayerScale scale1;
		private final LayerNorm norm2;
		private final Mlp mlp;
		private final LayerScale scale2;

		TransformerBlock(final int dim, final int heads) {
			norm1 = child("norm1", new LayerNorm(dim, EPS));
			attention = child("attn", new SelfAttention(dim, heads));
			scale1 = child("ls1", new LayerScale(dim));
			norm2 = child("norm2", new LayerNorm(dim, EPS));
			mlp = child("mlp", new Mlp(dim));
			scale2 = child("ls2", new LayerScale(dim));
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray x = inputs.singletonOrThrow();
			final NDArray y = x.add(pass.run(scale1, pass.run(attention, pass.run(norm1, x))));
			return new NDList(y.add(pass.run(scale2, pass.run(mlp, pass.run(norm2, y)))));
		}
	}

	/** Each token looks at all: [N,T,dim] to [N,T,dim]. */
	private static final class SelfAttention extends Layer {

		private final Linear qkv;
		private final Linear proj;
		private final int heads;

		SelfAttention(final int dim, final int heads) {
			Layers.requireHeads(dim, heads);
			qkv = child("qkv", new Linear(dim, 3 * dim));
			proj = child("proj", new Linear(dim, dim));
			this.heads = heads;
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray x = inputs.singletonOrThrow();
			final Shape shape = x.getShape(); // [N,2073,384]
			final NDArray parts = pass.run(qkv, x).reshape(shape.get(0), shape.get(1), 3, heads, shape.get(2) / heads).transpose(2, 0, 3, 1, 4); // [3,N,6,2073,64]
			final NDArray joined = Operators.attention(parts.get(0), parts.get(1), parts.get(2)); // [N,6,2073,64]
			return new NDList(pass.run(proj, joined.transpose(0, 2, 1, 3).reshape(shape)));
		}
	}

	/** A factor for each channel. */
	private static final class LayerScale extends Layer {

		private final Parameter gamma;

		LayerScale(final int dim) {
			gamma = parameter("gamma", Parameter.Type.GAMMA, dim);
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray x = inputs.singletonOrThrow();
			return new NDList(x.mul(pass.value(gamma, x)));
		}
	}
}
