package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Fused convolutions one after the other, for inference. On the CPU oneDNN computes all of them in one call, with weights
 * in an order of its own, made once for each shape of an image.
 */
final class FusedChain {

	/** Shapes come, in depth, from a handful of image sizes; the rest is computed one by one. */
	private static final int MOST_SHAPES = 16;

	/** What becomes of input and result at the end. */
	enum Joined {
		/** The result alone. */
		RESULT,
		/** Their sum. */
		SUM,
		/** Their product. */
		PRODUCT;

		private NDArray of(final NDArray input, final NDArray result) {
			return this == RESULT ? result : this == SUM ? input.add(result) : input.mul(result);
		}
	}

	private final List<FusedConvolution> convolutions;
	private final Joined joined;
	/** By channels, height and width of the input. However many there are, the order is that for one. */
	private final Map<List<Long>, PackedOperators.Steps> ready = new ConcurrentHashMap<>();

	FusedChain(final List<FusedConvolution> convolutions, final Joined joined) {
		this.convolutions = List.copyOf(convolutions);
		this.joined = joined;
	}

	/** [N,C,H,W] to [N,outputs,H',W']. */
	NDArray apply(final NDArray x) {
		final boolean packs = PackedOperators.areThere() && x.getDataType() == DataType.FLOAT32 && !x.getDevice().isGpu() && x.getDevice().getDeviceType().equals("cpu");
		final PackedOperators.Steps steps = packs ? ready(x.getShape()) : null;
		if (steps != null) {
			if (MultiplyAdds.areCounted()) count(x.getShape());
			return PackedOperators.chain(x, steps);
		}
		NDArray y = x;
		for (final FusedConvolution convolution : convolutions)
			y = convolution.apply(y);
		return joined.of(x, y);
	}

	private void count(final Shape input) {
		Shape shape = input;
		for (final FusedConvolution convolution : convolutions) {
			shape = convolution.result(shape);
			MultiplyAdds.count(shape, convolution.weight());
		}
	}

	/** Null where there are too many shapes already. @param input [N,C,H,W] */
	private PackedOperators.Steps ready(final Shape input) {
		final List<Long> one = List.of(input.get(1), input.get(2), input.get(3));
		final PackedOperators.Steps known = ready.get(one);
		if (known != null || ready.size() >= MOST_SHAPES) return known;
		return ready.computeIfAbsent(one, key -> {
			final List<NDArray> orders = new ArrayList<>();
			Shape shape = new Shape(1, key.get(0), key.get(1), key.get(2));
			for (final FusedConvolution convolution : convolutions) {
				orders.add(convolution.order(shape));
				shape = convolution.result(shape);
			}
			return PackedOperators.steps(convolutions, orders, joined);
		});
	}
}
