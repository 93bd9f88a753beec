package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

import io.github.dgiqa.network.Layers.Activation;
import io.github.dgiqa.network.Layers.BatchNorm2d;
import io.github.dgiqa.network.Layers.Conv2d;
import io.github.dgiqa.network.Layers.Sequence;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * EfficientNet-Lite up to its last stage: inverted residuals with relu6, without squeeze and excitation (Tan and Le,
 * arXiv 1905.11946; the Lite variant is TensorFlow's).
 */
final class EfficientNetLite extends Backbone {

	/**
	 * @param expansion factor by which a block widens its input
	 * @param kernel side of the depthwise convolution
	 * @param stride stride of the stage's first block
	 * @param channels channels of the stage
	 * @param blocks number of blocks
	 */
	record Stage(int expansion, int kernel, int stride, int channels, int blocks) {}

	/**
	 * @param stem channels of the stem, at stride 2
	 * @param stages the stages
	 * @param taps indices of the four stages whose outputs are the feature maps
	 */
	record Sizes(int stem, List<Stage> stages, int[] taps) implements Backbone.Sizes {

		@Override
		public int[] channels() {
			return Arrays.stream(taps).map(i -> stages.get(i).channels).toArray();
		}

		@Override
		public Backbone build() {
			return new EfficientNetLite(this);
		}
	}

	private final Sequence stem;
	private final Sequence stages;
	private final Set<Integer> taps;

	private EfficientNetLite(final Sizes sizes) {
		stem = child("stem", lite(new Sequence(), 3, sizes.stem, 3, 2, 1).add(Activation.relu6()));
		stages = child("stages", new Sequence());
		taps = Arrays.stream(sizes.taps).boxed().collect(Collectors.toSet());
		int channels = sizes.stem;
		for (final Stage stage : sizes.stages) {
			final Sequence blocks = new Sequence();
			for (int i = 0; i < stage.blocks; i++) {
				blocks.add(new InvertedResidual(channels, stage, i == 0 ? stage.stride : 1));
				channels = stage.channels;
			}
			stages.add(blocks);
		}
	}

	/** Adds a convolution without bias and its batch norm. */
	private static Sequence lite(final Sequence to, final int inputs, final int outputs, final int kernel, final int stride, final int groups) {
		return to.add(Conv2d.plain(inputs, outputs, kernel, stride, groups)).add(new BatchNorm2d(outputs, 1e-3, 0.03));
	}

	@Override
	NDList compute(final Pass pass, final NDList inputs) {
		NDArray x = pass.run(stem, inputs.singletonOrThrow()); // [N,32,112,112]
		final NDList maps = new NDList();
		for (int i = 0; i < stages.size(); i++) {
			x = pass.run(stages.get(i), x);
			if (taps.contains(i)) maps.add(x); // [N,24,56,56], [N,40,28,28], [N,112,14,14], [N,320,7,7]
		}
		return maps;
	}

	/** Widen by 1x1, filter each channel, narrow by 1x1; added to the input where the shapes agree. */
	private static final class InvertedResidual extends Layer {

		private final Sequence conv;
		private final boolean skip;
		/** For inference; null before {@link #fuse}. */
		private FusedChain fused;

		InvertedResidual(final int inputs, final Stage stage, final int stride) {
			final int middle = inputs * stage.expansion;
			conv = child("conv", new Sequence());
			if (stage.expansion > 1) lite(conv, inputs, middle, 1, 1, 1).add(Activation.relu6());
			lite(conv, middle, middle, stage.kernel, stride, middle).add(Activation.relu6());
			lite(conv, middle, stage.channels, 1, 1, 1);
			skip = stride == 1 && inputs == stage.channels;
		}

		@Override
		void onFuse() {
			fused = conv.chain(skip ? FusedChain.Joined.SUM : FusedChain.Joined.RESULT);
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray x = inputs.singletonOrThrow();
			if (fused != null && !pass.training()) return new NDList(fused.apply(x));
			final NDArray y = pass.run(conv, x);
			return new NDList(skip ? x.add(y) : y);
		}
	}
}
