package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;

import io.github.dgiqa.engine.TorchEngine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A convolution with the batch norm and the activation behind it as one step, for inference: the norm is part of the
 * weights. On the CPU oneDNN computes it with weights in an order of its own, made once for each shape of input.
 */
final class FusedConvolution {

	/** Shapes come from a handful of batch sizes and, in depth, of image sizes. */
	private static final int MOST_SHAPES = 16;
	/** Elements, from which on weights are kept in one order, for whatever shape. */
	private static final int LARGE = 1 << 18;

	/** What is done with each value at the end. */
	enum Then {
		NOTHING("plain"), RELU("relu"), RELU6("relu6");

		private final String method;

		Then(final String method) {
			this.method = method;
		}

		private NDArray apply(final NDArray x) {
			return this == NOTHING ? x : this == RELU ? Activation.relu(x) : x.clip(0, 6);
		}
	}

	/** Of the convolution: how far it moves, what surrounds the map, how far its inputs are apart, groups of channels. */
	record Form(Shape stride, Shape padding, Shape dilation, int groups) {}

	private final NDArray weight;
	private final NDArray scale;
	private final NDArray bias;
	private final Form form;
	private final Then then;
	/** By the shape of the input; of large weights, by none: the order is that for the first. */
	private final Map<Shape, NDArray> packed = new ConcurrentHashMap<>();
	/** Null before the first use without an order. */
	private NDArray scaled;

	/**
	 * All arrays must live as long as this.
	 *
	 * @param weight [outputs,inputs,k,k]
	 * @param scale of the weights, [outputs,1,1,1]; null for none
	 * @param bias [outputs]
	 */
	FusedConvolution(final NDArray weight, final NDArray scale, final NDArray bias, final Form form, final Then then) {
		this.weight = weight;
		this.scale = scale;
		this.bias = bias;
		this.form = form;
		this.then = then;
	}

	/** [N,C,H,W] to [N,outputs,H',W']. */
	NDArray apply(final NDArray x) {
		final boolean packs = PackedOperators.areThere() && x.getDataType() == DataType.FLOAT32 && !x.getDevice().isGpu() && x.getDevice().getDeviceType().equals("cpu");
		final NDArray order = packs ? packed(x.getShape()) : null;
		if (order != null) return MultiplyAdds.counted(PackedOperators.convolution(then.method, x, order, bias, form), weight);
		return then.apply(MultiplyAdds.counted(Conv2d.conv2d(x, scaled(), bias, form.stride, form.padding, form.dilation, form.groups).singletonOrThrow(), weight));
	}

	/** The weights in the order for inputs of a shape; null where there are too many shapes already. */
	private NDArray packed(final Shape shape) {
		final Shape like = weight.size() < LARGE ? shape : new Shape();
		final NDArray known = packed.get(like);
		if (known != null || packed.size() >= MOST_SHAPES) return known;
		return packed.computeIfAbsent(like, key -> {
			// no other copy stays in memory beside it: they may be a hundred megabytes
			try (NDScope scope = new NDScope()) {
				scope.suppressNotUsedWarning();
				final NDArray made = PackedOperators.pack(scale == null ? weight : weight.mul(scale), form, shape);
				NDScope.unregister(made); // it outlives the layer's forward
				TorchEngine.setAside(weight);
				return made;
			}
		});
	}

	private synchronized NDArray scaled() {
		if (scale == null) return weight;
		if (scaled == null) {
			scaled = weight.mul(scale);
			NDScope.unregister(scaled);
		}
		return scaled;
	}
}
