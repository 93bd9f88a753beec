package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

import io.github.dgiqa.network.Layers.Activation;
import io.github.dgiqa.network.Layers.BatchNorm2d;
import io.github.dgiqa.network.Layers.Conv2d;
import io.github.dgiqa.network.Layers.Sequence;

/** A small pyramid of 3x3 convolutions: a stem at stride 2, then four stages of two. */
final class ConvPyramid extends Backbone {

	/**
	 * @param stem channels of the stem
	 * @param widths channels of the four stages
	 */
	record Sizes(int stem, int[] widths) implements Backbone.Sizes {

		@Override
		public int[] channels() {
			return widths;
		}

		@Override
		public Backbone build() {
			return new ConvPyramid(this);
		}
	}

	private final Sequence stem;
	private final Sequence stages;

	private ConvPyramid(final Sizes sizes) {
		stem = child("stem", unit(3, sizes.stem, 2));
		stages = child("stages", new Sequence());
		int channels = sizes.stem;
		for (final int width : sizes.widths) {
			stages.add(new Sequence(unit(channels, width, 2), unit(width, width, 1)));
			channels = width;
		}
	}

	/** 3x3 convolution without bias, batch norm, relu. */
	static Sequence unit(final int inputs, final int outputs, final int stride) {
		return new Sequence(Conv2d.plain(inputs, outputs, 3, stride, 1), new BatchNorm2d(outputs), Activation.relu());
	}

	@Override
	NDList compute(final Pass pass, final NDList inputs) {
		NDArray x = pass.run(stem, inputs.singletonOrThrow()); // [N,12,112,112] for the compact sizes
		final NDList maps = new NDList();
		for (int i = 0; i < stages.size(); i++) {
			x = pass.run(stages.get(i), x); // [N,16,56,56], [N,32,28,28], [N,48,14,14], [N,64,7,7]
			maps.add(x);
		}
		return maps;
	}
}
