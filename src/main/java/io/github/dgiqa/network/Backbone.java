package io.github.dgiqa.network;

import ai.djl.ndarray.NDList;

import java.util.Map;

/** A network that turns [N,3,H,W] into four feature maps [N,C,H/s,W/s] at strides s = 4, 8, 16, 32. */
public abstract class Backbone extends Layer {

	/** The kinds of backbones, by the name they have in a model's description. */
	public static final Map<String, Class<? extends Sizes>> KINDS = Map.of(
		"efficientnet-lite", EfficientNetLite.Sizes.class,
		"conv-pyramid", ConvPyramid.Sizes.class,
		"swin", SwinTransformer.Sizes.class);

	/** The sizes of one kind of backbone, as a model's description gives them. */
	public interface Sizes {

		/** The channels of the four feature maps. */
		int[] channels();

		/** A backbone of these sizes, without weights. */
		Backbone build();
	}

	/** @return the four feature maps, finest first */
	@Override
	abstract NDList compute(Pass pass, NDList inputs);
}
