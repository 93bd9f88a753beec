package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

import io.github.dgiqa.network.Layers.Activation;

/**
 * Depth Anything (Yang et al., arXiv 2401.10891): a vision transformer and a dense prediction head. Input: normalised RGB
 * [N,3,H,W], both sides multiples of the patch; result: inverse depth, not negative, [N,1,H,W], near is large. For
 * inference only.
 */
public final class DepthAnything extends Layer {

	/**
	 * @param patch side of the patches that become tokens, pixels
	 * @param grid side of the square of patches that the position embedding is for
	 * @param dim channels of the transformer
	 * @param depth its blocks
	 * @param heads its attention heads
	 * @param features channels of the head's fused maps
	 * @param channels channels of the head's four scales
	 */
	public record Sizes(int patch, int grid, int dim, int depth, int heads, int features, int[] channels) {}

	private final VisionTransformer pretrained;
	private final DptHead depthHead;
	private final Activation relu = Activation.relu();

	/** A network of the given sizes, without weights. */
	public DepthAnything(final Sizes sizes) {
		pretrained = child("pretrained", new VisionTransformer(sizes.patch, sizes.grid, sizes.dim, sizes.depth, sizes.heads));
		depthHead = child("depth_head", new DptHead(sizes.patch, sizes.dim, sizes.features, sizes.channels));
	}

	@Override
	NDList compute(final Pass pass, final NDList inputs) {
		final NDList maps = pass.all(pretrained, inputs.singletonOrThrow()); // four of [N,384,37,56] for ViT-S on 518x784
		return pass.all(relu, pass.run(depthHead, maps.toArray(new NDArray[0]))); // [N,1,518,784]
	}
}
