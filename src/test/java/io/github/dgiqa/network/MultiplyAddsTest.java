package io.github.dgiqa.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;

import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.network.Layers.Conv2d;
import io.github.dgiqa.network.Layers.Linear;
import io.github.dgiqa.network.Layers.MultiheadAttention;
import io.github.dgiqa.weights.Fill;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

class MultiplyAddsTest extends NativeMemory {

	/** Of a layer with the weights of the fill, on inputs of zeros. */
	private long count(final Layer layer, final Shape... inputs) {
		layer.assign(Fill.arrays(layer.stateDict(), manager));
		return forward(layer, inputs);
	}

	private long forward(final Layer layer, final Shape... inputs) {
		final NDList zeros = new NDList(Arrays.stream(inputs).map(manager::zeros).toArray(NDArray[]::new));
		return MultiplyAdds.of(() -> layer.forward(new ParameterStore(manager, false), zeros, false));
	}

	@Test
	void aConvolutionTakesItsKernelForEachOutput() {
		final long outputs = 2 * 4 * 4 * 4; // [2,4,4,4]
		assertEquals(outputs * 3 * 3 * 3, count(Conv2d.plain(3, 4, 3, 2, 1), new Shape(2, 3, 8, 8)));
	}

	@Test
	void oneThatIsDepthwiseHasOneInputForEachOutput() {
		assertEquals(4 * 6 * 6 * 3 * 3, count(Conv2d.plain(4, 4, 3, 1, 4), new Shape(1, 4, 6, 6)));
	}

	@Test
	void aLinearLayerTakesItsInputsForEachOutput() {
		assertEquals(2 * 3 * 7 * 5, count(new Linear(5, 7), new Shape(2, 3, 5)));
	}

	@Test
	void attentionHasFourProjectionsAndTwoProducts() {
		final long projections = 3 * 4 * 4 + 2 * 5 * 4 * 4 + 3 * 4 * 4; // of 3 queries, of 5 keys and values, of the 3 results
		assertEquals(projections + 2 * 3 * 5 * 4, count(new MultiheadAttention(4, 2), new Shape(1, 3, 4), new Shape(1, 5, 4)));
	}

	@Test
	void inWindowsEachTokenLooksAtItsOwn() {
		final long tokens = 4 * 4;
		assertEquals(tokens * 6 * 18 + 2 * tokens * 4 * 6 + tokens * 6 * 6, count(new WindowAttention(6, 3, 2, 1), new Shape(1, 4, 4, 6)));
	}

	@Test
	void depthAnythingIsTheSumOfItsLayers() {
		final long tokens = 1 + 2 * 2; // an image of 28x28
		final long patches = 2 * 2 * 8 * 3 * 14 * 14;
		final long block = tokens * 8 * 24 + 2 * tokens * tokens * 8 + tokens * 8 * 8 + 2 * tokens * 8 * 32;
		final long projects = 2 * 2 * 8 * (4 + 4 + 4 + 8);
		final long resizes = 2 * 2 * 4 * 4 * 16 + 2 * 2 * 4 * 4 * 4 + 8 * 8 * 9; // to 8x8, 4x4 and 1x1; one stays 2x2
		final long scales = (8 * 8 + 4 * 4 + 2 * 2) * 4 * 4 * 9 + 4 * 8 * 9;
		final long conv = 4 * 4 * 9; // for each pixel
		final long fusions = (2 + 4 * 2 * 2 + 4 * 4 * 4 + 4 * 8 * 8) * conv + (1 + 2 * 2 + 4 * 4 + 8 * 8) * 4 * 4; // the coarsest has one unit; channels are mixed before the map is enlarged
		final long last = 16 * 16 * 4 * 2 * 9 + 28 * 28 * (2 * 32 * 9 + 32);
		final DepthAnything network = new DepthAnything(new DepthAnything.Sizes(14, 2, 8, 4, 2, 4, new int[] {4, 4, 4, 8}));
		assertEquals(patches + 4 * block + projects + resizes + scales + fusions + last, count(network, new Shape(1, 3, 28, 28)));
	}

	/** What is published for an image of 224x224 is 4.5 billion. */
	@Test
	void swinTransformerTakesWhatIsPublished() {
		final Layer swin = new SwinTransformer.Sizes(4, 96, new int[] {2, 2, 6, 2}, new int[] {3, 6, 12, 24}, 7).build();
		assertEquals(4.5e9, count(swin, new Shape(1, 3, 224, 224)), 0.02 * 4.5e9);
	}

	/** Layer by layer: backbones 363,837,152 and 37,481,472, bridges 41,871,872, attention 31,642,240, dilated convolutions 29,804,544, last layer 9,600. */
	@Test
	void theCompactNetworkTakesHalfABillionForACropAlsoWhereStepsAreJoined() {
		final Shape crop = new Shape(1, 3, 224, 224);
		final Layer network = ModelStore.of(null).find(ModelStore.DEFAULT_MODEL).network();
		assertEquals(504_646_880, count(network, crop, crop));
		network.fuse();
		assertEquals(504_646_880, forward(network, crop, crop));
	}

	@Test
	void nothingIsCountedOutside() {
		final Linear layer = new Linear(5, 7);
		count(layer, new Shape(1, 5));
		forward(layer, new Shape(1, 5));
		assertEquals(0, MultiplyAdds.of(() -> {}));
	}
}
