package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;

import io.github.dgiqa.engine.TorchEngine;

import java.util.function.UnaryOperator;

/** A convolution with the batch norm and the activation behind it as one step, for inference: the norm is part of the weights. */
final class FusedConvolution {

	/** Elements, from which on weights are kept in one order, for whatever shape of input. */
	private static final int LARGE = 1 << 15;

	/** What is done with each value at the end. */
	enum Then {
		NOTHING("none", "", x -> x), RELU("relu", "", Activation::relu), RELU6("hardtanh", "0., 6.", x -> x.clip(0, 6)), SIGMOID("sigmoid", "", Activation::sigmoid);

		private final String attribute;
		private final String numbers;
		private final UnaryOperator<NDArray> function;

		Then(final String attribute, final String numbers, final UnaryOperator<NDArray> function) {
			this.attribute = attribute;
			this.numbers = numbers;
			this.function = function;
		}

		/** PyTorch's name of it as a part of a convolution. */
		String attribute() {
			return attribute;
		}

		/** What belongs to that name, in TorchScript. */
		String numbers() {
			return numbers;
		}

		NDArray of(final NDArray x) {
			return function.apply(x);
		}
	}

	/** Of the convolution: how far it moves, what surrounds the map, how far its inputs are apart, groups of channels. */
	record Form(Shape stride, Shape padding, Shape dilation, int groups) {

		/** The side of a map's result. @param axis 0 or 1 */
		private long side(final int axis, final long side, final long kernel) {
			return (side + 2 * padding.get(axis) - dilation.get(axis) * (kernel - 1) - 1) / stride.get(axis) + 1;
		}
	}

	private final NDArray weight;
	private final NDArray scale;
	private final NDArray bias;
	private final Form form;
	private final Then then;
	/** Of large weights, the order for the first shape. */
	private NDArray order;
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
		return then.of(MultiplyAdds.counted(Conv2d.conv2d(x, scaled(), bias, form.stride, form.padding, form.dilation, form.groups).singletonOrThrow(), weight));
	}

	/** The shape of the result for inputs of a shape. */
	Shape result(final Shape input) {
		final Shape kernel = weight.getShape();
		return new Shape(input.get(0), kernel.get(0), form.side(0, input.get(2), kernel.get(2)), form.side(1, input.get(3), kernel.get(3)));
	}

	NDArray weight() {
		return weight;
	}

	NDArray bias() {
		return bias;
	}

	Form form() {
		return form;
	}

	Then then() {
		return then;
	}

	/** The weights in oneDNN's order for inputs of a shape; it lives as long as they do. */
	synchronized NDArray order(final Shape input) {
		if (order != null) return order;
		// no other copy stays in memory beside it: they may be a hundred megabytes
		try (NDScope scope = new NDScope()) {
			scope.suppressNotUsedWarning();
			final NDArray made = PackedOperators.pack(scale == null ? weight : weight.mul(scale), form, input);
			NDScope.unregister(made); // it outlives the layer's forward
			TorchEngine.setAside(weight);
			if (weight.size() >= LARGE) order = made;
			return made;
		}
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
