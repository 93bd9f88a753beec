package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

import io.github.dgiqa.network.Layers.Activation;
import io.github.dgiqa.network.Layers.Conv2d;
import io.github.dgiqa.network.Layers.Sequence;

/**
 * The compact depth network: a backbone and a top-down path. Input: normalised RGB [N,3,H,W]; result: inverse depth in
 * (0,1), [N,1,H/2,W/2], near is 1.
 */
public final class DepthPyramid extends Layer {

	/**
	 * @param encoder the backbone
	 * @param channels channels of the top-down path
	 */
	public record Sizes(Backbone.Sizes encoder, int channels) {}

	private final Backbone encoder;
	private final Sequence lateral = new Sequence();
	private final Sequence fuse = new Sequence();
	private final Conv2d out;
	private final Activation sigmoid = Activation.sigmoid();

	/** A network of the given sizes, without weights. */
	public DepthPyramid(final Sizes sizes) {
		encoder = child("encoder", sizes.encoder.build());
		child("lateral", lateral);
		child("fuse", fuse);
		for (final int width : sizes.encoder.channels()) {
			lateral.add(Conv2d.pointwise(width, sizes.channels));
			fuse.add(ConvPyramid.unit(sizes.channels, sizes.channels, 1));
		}
		out = child("out", Conv2d.same(sizes.channels, 1, 1));
	}

	@Override
	NDList compute(final Pass pass, final NDList inputs) {
		final NDList maps = pass.all(encoder, inputs.singletonOrThrow());
		NDArray y = null;
		for (int i = maps.size() - 1; i >= 0; i--) {
			final NDArray side = pass.run(lateral.get(i), maps.get(i));
			y = pass.run(fuse.get(i), y == null ? side : side.add(enlarge(y, side)));
		} // [N,48,7,7], [N,48,14,14], [N,48,28,28], [N,48,56,56]
		final NDArray twice = Layers.bilinear(y, 2 * y.getShape().get(2), 2 * y.getShape().get(3)); // [N,48,112,112]
		return new NDList(pass.run(sigmoid, pass.run(out, twice)));
	}

	private static NDArray enlarge(final NDArray x, final NDArray like) {
		return Layers.bilinear(x, like.getShape().get(2), like.getShape().get(3));
	}
}
