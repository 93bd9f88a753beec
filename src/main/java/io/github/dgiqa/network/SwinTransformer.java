package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;

import io.github.dgiqa.network.Layers.Conv2d;
import io.github.dgiqa.network.Layers.LayerNorm;
import io.github.dgiqa.network.Layers.Linear;
import io.github.dgiqa.network.Layers.Sequence;

/**
 * Swin Transformer (Liu et al., arXiv 2103.14030) up to its last stage, without the norm and the classifier after it;
 * names as in timm. The sizes in comments are those of Swin-T on 224x224.
 */
final class SwinTransformer extends Backbone {

	private static final double EPS = 1e-5;

	/**
	 * @param patch side of the patches that become tokens, and stride of the first stage, pixels
	 * @param dim channels of the first stage; each further one has twice as many
	 * @param depths blocks of each stage
	 * @param heads attention heads of each stage
	 * @param window side of the windows, tokens; maps must be a multiple of it, or smaller
	 */
	record Sizes(int patch, int dim, int[] depths, int[] heads, int window) implements Backbone.Sizes {

		@Override
		public int[] channels() {
			final int[] channels = new int[depths.length];
			for (int i = 0; i < channels.length; i++)
				channels[i] = dim << i;
			return channels;
		}

		@Override
		public Backbone build() {
			return new SwinTransformer(this);
		}
	}

	private final PatchEmbedding patchEmbedding;
	private final Stage[] stages;

	private SwinTransformer(final Sizes sizes) {
		patchEmbedding = child("patch_embed", new PatchEmbedding(sizes));
		stages = new Stage[sizes.depths.length];
		for (int i = 0; i < stages.length; i++)
			stages[i] = child("layers_" + i, new Stage(sizes, i));
	}

	@Override
	NDList compute(final Pass pass, final NDList inputs) {
		final NDList maps = new NDList();
		NDArray x = pass.run(patchEmbedding, inputs.singletonOrThrow()); // [N,56,56,96]
		for (final Stage stage : stages) {
			x = pass.run(stage, x); // [N,56,56,96], [N,28,28,192], [N,14,14,384], [N,7,7,768]
			maps.add(x.transpose(0, 3, 1, 2));
		}
		return maps;
	}

	/** Pixels to tokens: [N,3,H,W] to [N,H/patch,W/patch,dim]. */
	private static final class PatchEmbedding extends Layer {

		private final Conv2d proj;
		private final LayerNorm norm;

		PatchEmbedding(final Sizes sizes) {
			proj = child("proj", Conv2d.patches(3, sizes.dim, sizes.patch));
			norm = child("norm", new LayerNorm(sizes.dim, EPS));
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray tokens = pass.run(proj, inputs.singletonOrThrow()); // [N,96,56,56]
			return new NDList(pass.run(norm, tokens.transpose(0, 2, 3, 1)));
		}
	}

	/** Halves the map (not in the first stage), then blocks, every second one with its windows shifted by half a window. */
	private static final class Stage extends Layer {

		private final PatchMerging downsample;
		private final Sequence blocks;

		Stage(final Sizes sizes, final int index) {
			final int dim = sizes.dim << index;
			downsample = index == 0 ? null : child("downsample", new PatchMerging(dim / 2));
			blocks = child("blocks", new Sequence());
			for (int i = 0; i < sizes.depths[index]; i++)
				blocks.add(new SwinBlock(dim, sizes.heads[index], sizes.window, i % 2 == 1 ? sizes.window / 2 : 0));
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray x = inputs.singletonOrThrow();
			return pass.all(blocks, downsample == null ? x : pass.run(downsample, x));
		}
	}

	/** Four neighbours become one token of twice the channels: [N,H,W,dim] to [N,H/2,W/2,2*dim]. */
	private static final class PatchMerging extends Layer {

		private final LayerNorm norm;
		private final Linear reduction;

		PatchMerging(final int dim) {
			norm = child("norm", new LayerNorm(4 * dim, EPS));
			reduction = child("reduction", Linear.withoutBias(4 * dim, 2 * dim));
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray x = inputs.singletonOrThrow();
			final Shape shape = x.getShape();
			final long height = shape.get(1) / 2;
			final long width = shape.get(2) / 2;
			// upper left, lower left, upper right, lower right
			final NDArray pairs = x.reshape(shape.get(0), height, 2, width, 2, shape.get(3)).transpose(0, 1, 3, 4, 2, 5);
			final NDArray merged = pairs.reshape(shape.get(0), height, width, 4 * shape.get(3)); // [N,28,28,384]
			return new NDList(pass.run(reduction, pass.run(norm, merged))); // [N,28,28,192]
		}
	}

	/** Window attention and an MLP, each normalised before and added to its input: [N,H,W,dim] to [N,H,W,dim]. */
	private static final class SwinBlock extends Layer {

		private final LayerNorm norm1;
		private final WindowAttention attention;
		private final LayerNorm norm2;
		private final Mlp mlp;

		SwinBlock(final int dim, final int heads, final int window, final int shift) {
			norm1 = child("norm1", new LayerNorm(dim, EPS));
			attention = child("attn", new WindowAttention(dim, heads, window, shift));
			norm2 = child("norm2", new LayerNorm(dim, EPS));
			mlp = child("mlp", new Mlp(dim));
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray x = inputs.singletonOrThrow();
			final NDArray y = x.add(pass.run(attention, pass.run(norm1, x)));
			return new NDList(y.add(pass.run(mlp, pass.run(norm2, y))));
		}
	}
}
