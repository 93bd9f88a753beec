package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.pooling.Pool;
import ai.djl.util.Pair;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The small layers that the networks are made of, named and parameterised as in {@code torch.nn}. */
final class Layers {

	private Layers() {}

	/** {@code torch.nn.Conv2d} with square kernels: [N,inputs,H,W] to [N,outputs,H',W']. */
	static final class Conv2d extends Layer {

		private final Parameter weight;
		private final Parameter bias;
		private final Shape stride;
		private final Shape padding;
		private final Shape dilation;
		private final int groups;
		private boolean fuses;
		/** For inference where it does not become a part of something else; null before the first use. */
		private FusedChain alone;

		Conv2d(final int inputs, final int outputs, final int kernel, final int stride, final int padding, final int dilation, final int groups, final boolean hasBias) {
			weight = parameter("weight", Parameter.Type.WEIGHT, outputs, inputs / groups, kernel, kernel);
			bias = hasBias ? parameter("bias", Parameter.Type.BIAS, outputs) : null;
			this.stride = new Shape(stride, stride);
			this.padding = new Shape(padding, padding);
			this.dilation = new Shape(dilation, dilation);
			this.groups = groups;
		}

		/** 1x1 with bias. */
		static Conv2d pointwise(final int inputs, final int outputs) {
			return new Conv2d(inputs, outputs, 1, 1, 0, 1, 1, true);
		}

		/** 3x3 with bias that keeps the size. */
		static Conv2d same(final int inputs, final int outputs, final int dilation) {
			return new Conv2d(inputs, outputs, 3, 1, dilation, dilation, 1, true);
		}

		/** Kernel and stride alike, with bias: each patch becomes one pixel. */
		static Conv2d patches(final int inputs, final int outputs, final int side) {
			return new Conv2d(inputs, outputs, side, side, 0, 1, 1, true);
		}

		/** Without bias, padded by half the kernel: for use before a batch norm. */
		static Conv2d plain(final int inputs, final int outputs, final int kernel, final int stride, final int groups) {
			return new Conv2d(inputs, outputs, kernel, stride, kernel / 2, 1, groups, false);
		}

		@Override
		void onFuse() {
			fuses = true;
		}

		private synchronized FusedChain alone() {
			if (alone == null) alone = new FusedChain(List.of(fused(null, FusedConvolution.Then.NOTHING)), FusedChain.Joined.RESULT);
			return alone;
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray x = inputs.singletonOrThrow();
			if (fuses && !pass.training()) return new NDList(alone().apply(x));
			return convolved(x, pass.value(weight, x), pass.value(bias, x));
		}

		/** This layer, the norm behind it and the activation behind that as one step. @param norm null for none */
		FusedConvolution fused(final BatchNorm2d norm, final FusedConvolution.Then then) {
			final NDArray own = weight.getArray();
			final FusedConvolution.Form form = new FusedConvolution.Form(stride, padding, dilation, groups);
			if (norm == null) return new FusedConvolution(own, null, bias == null ? zeros(own) : bias.getArray(), form, then);
			try (NDScope scope = new NDScope()) {
				scope.suppressNotUsedWarning();
				final NDList parts = scaleAndBias(Parameter::getArray, norm);
				NDScope.unregister(parts);
				return new FusedConvolution(own, parts.get(0), parts.get(1), form, then);
			}
		}

		/** A bias of nothing; it outlives the forward that may be making it. */
		private static NDArray zeros(final NDArray weight) {
			final NDArray zeros = weight.getManager().zeros(new Shape(weight.getShape().get(0)));
			NDScope.unregister(zeros);
			return zeros;
		}

		/**
		 * With the norm behind in them: what the weights are multiplied with, [outputs,1,1,1], and the bias. The same numbers
		 * but for rounding.
		 *
		 * @param values of parameters
		 */
		private NDList scaleAndBias(final Function<Parameter, NDArray> values, final BatchNorm2d norm) {
			final NDArray scale = values.apply(norm.weight).div(values.apply(norm.variance).add(norm.eps).sqrt()); // [outputs]
			final NDArray from = bias == null ? values.apply(norm.mean).neg() : values.apply(bias).sub(values.apply(norm.mean));
			return new NDList(scale.reshape(-1, 1, 1, 1), values.apply(norm.bias).add(from.mul(scale)));
		}

		private NDList convolved(final NDArray x, final NDArray weight, final NDArray bias) {
			return new NDList(MultiplyAdds.counted(ai.djl.nn.convolutional.Conv2d.conv2d(x, weight, bias, stride, padding, dilation, groups).singletonOrThrow(), weight));
		}

		/** This layer and the norm behind it, whose statistics are fixed, as one convolution, without a second pass over the map. */
		NDList withNorm(final Pass pass, final NDList inputs, final BatchNorm2d norm) {
			final NDArray x = inputs.singletonOrThrow();
			final NDList parts = scaleAndBias(parameter -> pass.value(parameter, x), norm);
			return convolved(x, pass.value(weight, x).mul(parts.get(0)), parts.get(1));
		}
	}

	/** {@code torch.nn.BatchNorm2d} over [N,channels,H,W]: batch statistics in training, running statistics otherwise. */
	static final class BatchNorm2d extends Layer {

		private final Parameter weight;
		private final Parameter bias;
		private final Parameter mean;
		private final Parameter variance;
		private final float eps;
		private final float momentum;
		private Statistics statistics = Statistics.LEARNED;
		/** Batches since the statistics are measured. */
		private int measured;

		/** @param momentum PyTorch's: the share of the new batch in the running statistics */
		BatchNorm2d(final int channels, final double eps, final double momentum) {
			weight = parameter("weight", Parameter.Type.GAMMA, channels);
			bias = parameter("bias", Parameter.Type.BETA, channels);
			mean = parameter("running_mean", Parameter.Type.RUNNING_MEAN, channels);
			variance = parameter("running_var", Parameter.Type.RUNNING_VAR, channels);
			counter("num_batches_tracked");
			this.eps = (float) eps;
			this.momentum = (float) momentum;
		}

		/** PyTorch's defaults. */
		BatchNorm2d(final int channels) {
			this(channels, 1e-5, 0.1);
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray x = inputs.singletonOrThrow();
			final boolean measures = pass.training() && statistics == Statistics.MEASURED;
			final float share = measures ? 1f / ++measured : momentum;
			// axis -1 hands [N,C,...] to PyTorch as it is; DJL's momentum is the share of the old statistics
			return x.getNDArrayInternal().batchNorm(x, pass.value(mean, x), pass.value(variance, x), pass.value(weight, x), pass.value(bias, x), -1, 1 - share, eps,
				pass.training() && !areFixed());
		}

		boolean areFixed() {
			return statistics == Statistics.FIXED;
		}

		@Override
		void setStatistics(final Statistics chosen) {
			statistics = chosen;
			measured = 0;
		}
	}

	/** {@code torch.nn.LayerNorm} over the last axis. */
	static final class LayerNorm extends Layer {

		private final Parameter weight;
		private final Parameter bias;
		private final Shape normalized;
		private final float eps;

		LayerNorm(final int channels, final double eps) {
			weight = parameter("weight", Parameter.Type.GAMMA, channels);
			bias = parameter("bias", Parameter.Type.BETA, channels);
			normalized = new Shape(channels);
			this.eps = (float) eps;
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray x = inputs.singletonOrThrow();
			return x.getNDArrayInternal().layerNorm(x, normalized, pass.value(weight, x), pass.value(bias, x), eps);
		}
	}

	/** {@code torch.nn.Linear} over the last axis. */
	static final class Linear extends Layer {

		private final Parameter weight;
		private final Parameter bias;

		Linear(final int inputs, final int outputs) {
			this(inputs, outputs, true);
		}

		private Linear(final int inputs, final int outputs, final boolean hasBias) {
			weight = parameter("weight", Parameter.Type.WEIGHT, outputs, inputs);
			bias = hasBias ? parameter("bias", Parameter.Type.BIAS, outputs) : null;
		}

		/** @param weight [outputs,inputs] @param bias null for none */
		static NDArray linear(final NDArray x, final NDArray weight, final NDArray bias) {
			return MultiplyAdds.counted(ai.djl.nn.core.Linear.linear(x, weight, bias).singletonOrThrow(), weight);
		}

		static Linear withoutBias(final int inputs, final int outputs) {
			return new Linear(inputs, outputs, false);
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray x = inputs.singletonOrThrow();
			return new NDList(linear(x, pass.value(weight, x), pass.value(bias, x)));
		}
	}

	/** A function without parameters. */
	static final class Activation extends Layer {

		private final UnaryOperator<NDArray> function;
		/** What a convolution before it can do as well; {@link FusedConvolution.Then#NOTHING} where that is not known. */
		private final FusedConvolution.Then then;

		private Activation(final UnaryOperator<NDArray> function) {
			this(function, FusedConvolution.Then.NOTHING);
		}

		private Activation(final FusedConvolution.Then then) {
			this(then::of, then);
		}

		private Activation(final UnaryOperator<NDArray> function, final FusedConvolution.Then then) {
			this.function = function;
			this.then = then;
		}

		static Activation relu() {
			return new Activation(FusedConvolution.Then.RELU);
		}

		static Activation relu6() {
			return new Activation(FusedConvolution.Then.RELU6);
		}

		static Activation identity() {
			return new Activation(x -> x);
		}

		/** The exact form, with the error function. */
		static Activation gelu() {
			return new Activation(ai.djl.nn.Activation::gelu);
		}

		static Activation sigmoid() {
			return new Activation(FusedConvolution.Then.SIGMOID);
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			return new NDList(function.apply(inputs.singletonOrThrow()));
		}
	}

	/** A part of a layer, without a name of its own: what it makes on the way is freed before the layer goes on. */
	static final class Step extends Layer {

		private final BiFunction<Pass, NDList, NDList> mathematics;

		Step(final BiFunction<Pass, NDList, NDList> mathematics) {
			this.mathematics = mathematics;
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			return mathematics.apply(pass, inputs);
		}
	}

	/** {@code torch.nn.Dropout2d}: in training, whole channels of [N,C,H,W] become 0 and the others grow by 1/(1-rate). */
	static final class Dropout2d extends Layer {

		private final float rate;

		Dropout2d(final double rate) {
			this.rate = (float) rate;
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray x = inputs.singletonOrThrow();
			if (!pass.training() || rate == 0) return inputs;
			final NDArray ones = x.getManager().ones(new Shape(x.getShape().get(0), x.getShape().get(1), 1, 1));
			return new NDList(x.mul(ones.getNDArrayInternal().dropout(ones, rate, true).singletonOrThrow()));
		}
	}

	/** {@code torch.nn.Sequential} and {@code ModuleList}: children named 0, 1, 2 ... */
	static final class Sequence extends Layer {

		private boolean fuses;
		/** For inference where it does not become a part of something else: layers and chains of fused convolutions, in order; null before the first use. */
		private List<Object> fused;

		Sequence(final Layer... layers) {
			for (final Layer layer : layers)
				add(layer);
		}

		Sequence add(final Layer layer) {
			child(Integer.toString(children.size()), layer);
			return this;
		}

		Layer get(final int index) {
			return (Layer) children.valueAt(index);
		}

		int size() {
			return children.size();
		}

		@Override
		void onFuse() {
			fuses = true;
		}

		private synchronized List<Object> fused() {
			if (fused == null) fused = chained(steps());
			return fused;
		}

		/** The same with convolutions that follow each other as one chain. */
		private static List<Object> chained(final List<Object> steps) {
			final List<Object> chained = new ArrayList<>();
			final List<FusedConvolution> convolutions = new ArrayList<>();
			for (final Object step : steps) {
				if (step instanceof FusedConvolution) {
					convolutions.add((FusedConvolution) step);
					continue;
				}
				endChain(convolutions, chained);
				chained.add(step);
			}
			endChain(convolutions, chained);
			return chained;
		}

		private static void endChain(final List<FusedConvolution> convolutions, final List<Object> to) {
			if (!convolutions.isEmpty()) to.add(new FusedChain(convolutions, FusedChain.Joined.RESULT));
			convolutions.clear();
		}

		/** Layers and fused convolutions, in order, those of sequences in it too. */
		private List<Object> steps() {
			final List<Object> steps = new ArrayList<>();
			for (int i = 0; i < size(); i++) {
				final Layer layer = get(i);
				if (layer instanceof Sequence) steps.addAll(((Sequence) layer).steps());
				else if (!(layer instanceof Conv2d)) steps.add(layer);
				else {
					final BatchNorm2d norm = i + 1 < size() && get(i + 1) instanceof BatchNorm2d ? (BatchNorm2d) get(++i) : null;
					final FusedConvolution.Then then = i + 1 < size() && get(i + 1) instanceof Activation ? ((Activation) get(i + 1)).then : FusedConvolution.Then.NOTHING;
					if (then != FusedConvolution.Then.NOTHING) i++;
					steps.add(((Conv2d) layer).fused(norm, then));
				}
			}
			return steps;
		}

		/** For inference, of a sequence of nothing but convolutions, norms and activations that they can do as well. */
		FusedChain chain(final FusedChain.Joined joined) {
			return new FusedChain(steps().stream().map(FusedConvolution.class::cast).toList(), joined);
		}

		private NDList inference(final Pass pass, final NDList inputs) {
			NDList x = inputs;
			for (final Object step : fused())
				x = step instanceof Layer ? ((Layer) step).forward(pass.store(), x, false) : new NDList(((FusedChain) step).apply(x.singletonOrThrow()));
			return x;
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			if (fuses && !pass.training()) return inference(pass, inputs);
			NDList x = inputs;
			for (int i = 0; i < size(); i++) {
				final boolean joined = pass.training() && i + 1 < size() && get(i) instanceof Conv2d && get(i + 1) instanceof BatchNorm2d && ((BatchNorm2d) get(i + 1)).areFixed();
				if (joined) x = ((Conv2d) get(i)).withNorm(pass, x, (BatchNorm2d) get(++i));
				else x = get(i).forward(pass.store(), x, pass.training());
			}
			return x;
		}
	}

	/**
	 * {@code torch.nn.MultiheadAttention}, tokens second: queries and keys [N,T,dim] (values = keys).
	 * Results: [N,T,dim], and the attention weights averaged over the heads, [N,T(query),T(key)], each row adding up to 1.
	 */
	static final class MultiheadAttention extends Layer {

		private final Parameter weight;
		private final Parameter bias;
		private final Linear out;
		private final int dim;
		private final int heads;

		MultiheadAttention(final int dim, final int heads) {
			requireHeads(dim, heads);
			weight = parameter("in_proj_weight", Parameter.Type.WEIGHT, 3L * dim, dim);
			bias = parameter("in_proj_bias", Parameter.Type.BIAS, 3L * dim);
			out = child("out_proj", new Linear(dim, dim));
			this.dim = dim;
			this.heads = heads;
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray query = inputs.get(0);
			final NDArray key = inputs.get(1);
			final NDArray q = Scalar.times(project(pass, query, 0), 1 / Math.sqrt(dim / heads)); // [N,heads,T,d]
			final NDArray k = project(pass, key, 1);
			final NDArray v = project(pass, key, 2);
			final NDArray attention = matMul(q, k.transpose(0, 1, 3, 2)).softmax(-1); // [N,heads,T,T]
			final NDArray joined = matMul(attention, v).transpose(0, 2, 1, 3).reshape(query.getShape());
			return new NDList(pass.run(out, joined), attention.mean(new int[] {1}));
		}

		/** Part 0, 1, 2 of the input projection (query, key, value), split into heads: [N,T,dim] to [N,heads,T,dim/heads]. */
		private NDArray project(final Pass pass, final NDArray x, final int part) {
			final String rows = part * dim + ":" + (part + 1) * dim;
			final NDArray y = Linear.linear(x, pass.value(weight, x).get(rows), pass.value(bias, x).get(rows));
			return y.reshape(x.getShape().get(0), x.getShape().get(1), heads, dim / heads).transpose(0, 2, 1, 3);
		}
	}

	/** The product of matrices [...,I,K] and [...,K,J], or [K,J] for all: [...,I,J]. */
	static NDArray matMul(final NDArray x, final NDArray y) {
		return MultiplyAdds.counted(x.matMul(y), x.getShape().get(x.getShape().dimension() - 1));
	}

	/** @throws IllegalArgumentException where the channels of attention cannot be shared evenly among its heads */
	static void requireHeads(final int dim, final int heads) {
		if (dim % heads != 0) throw new IllegalArgumentException(dim + " channels cannot be shared among " + heads + " heads");
	}

	/**
	 * Bilinear resize of [N,C,H,W] with align_corners=false and no antialias, as {@code torch.nn.functional.interpolate}.
	 * Enlarges by any factor, reduces by whole ones.
	 *
	 * @throws IllegalArgumentException for other sizes: DJL's own interpolation is wrong there
	 */
	static NDArray bilinear(final NDArray x, final long height, final long width) {
		final long h = x.getShape().get(2);
		final long w = x.getShape().get(3);
		if (h == height && w == width) return x;
		if (h <= height && w <= width) return inFloat32(x, y -> y.getNDArrayInternal().interpolation(new long[] {height, width}, 1, false));
		final long f = h / height;
		if (f * height != h || f * width != w) throw new IllegalArgumentException("no exact bilinear resize from " + h + "x" + w + " to " + height + "x" + width);
		// Output i lies at f*i + (f-1)/2 of the input: on a pixel for odd f, half way between two for even f.
		final long from = (f - 1) / 2;
		final NDArray shifted = x.get(":, :, " + from + ":, " + from + ":");
		final long kernel = f % 2 == 1 ? 1 : 2;
		return Pool.avgPool2d(shifted, new Shape(kernel, kernel), new Shape(f, f), new Shape(0, 0), false, true);
	}

	/** The mean over each cell of a coarser grid: [N,C,H,W] to [N,C,height,width], whose sides divide H and W by the same whole number. */
	static NDArray average(final NDArray x, final long height, final long width) {
		final long f = x.getShape().get(2) / height;
		if (f == 1) return x;
		return Pool.avgPool2d(x, new Shape(f, f), new Shape(f, f), new Shape(0, 0), false, true);
	}

	/** A step that not every device has in float16, or has it too coarse; the result is of the input's type. */
	static NDArray inFloat32(final NDArray x, final UnaryOperator<NDArray> step) {
		if (x.getDataType() == DataType.FLOAT32) return step.apply(x);
		return step.apply(x.toType(DataType.FLOAT32, false)).toType(x.getDataType(), false);
	}
}
