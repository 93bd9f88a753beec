package io.github.dgiqa.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;

import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.Reference;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.network.Layers.BatchNorm2d;
import io.github.dgiqa.network.Layers.Dropout2d;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

/** The layers that behave otherwise in training, as PyTorch's do. */
class TrainingModeTest extends NativeMemory {

	private NDArray run(final Layer layer, final NDArray x, final boolean training) {
		return new Pass(new ParameterStore(manager, false), training).run(layer, x);
	}

	/** Of 1, 2, 3, 4: mean 2.5, variance 1.25, unbiased 5/3. */
	@Test
	void batchNormUsesTheBatchAndKeepsItsStatistics() {
		final BatchNorm2d norm = new BatchNorm2d(1);
		final Map<String, NDArray> weights = Map.of("weight", manager.create(new float[] {2}), "bias", manager.create(new float[] {1}), "running_mean", manager.create(new float[] {0}), "running_var",
			manager.create(new float[] {1}));
		norm.assign(weights);
		final NDArray x = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 1, 1, 2));
		final float unit = (float) (2 / Math.sqrt(1.25 + 1e-5));
		assertArrayEquals(new float[] {1 - 1.5f * unit, 1 - 0.5f * unit, 1 + 0.5f * unit, 1 + 1.5f * unit}, run(norm, x, true).toFloatArray(), 1e-5f);
		assertEquals(0.25f, weights.get("running_mean").getFloat(), 1e-6f);
		assertEquals(0.9f + 0.1f * 5 / 3, weights.get("running_var").getFloat(), 1e-6f);
		// in inference the running statistics, which stay
		final float scale = (float) (2 / Math.sqrt(0.9 + 0.1 * 5 / 3 + 1e-5));
		assertArrayEquals(new float[] {1 + 0.75f * scale, 1 + 1.75f * scale, 1 + 2.75f * scale, 1 + 3.75f * scale}, run(norm, x, false).toFloatArray(), 1e-5f);
		assertEquals(0.25f, weights.get("running_mean").getFloat(), 1e-6f);
	}

	@Test
	void dropoutTakesWholeChannels() {
		final Dropout2d dropout = new Dropout2d(0.1);
		final NDArray x = manager.ones(new Shape(2, 1000, 2, 2));
		assertArrayEquals(x.toFloatArray(), run(dropout, x, false).toFloatArray());
		final float[] y = run(dropout, x, true).toFloatArray();
		int dropped = 0;
		for (int i = 0; i < y.length; i += 4) {
			for (int k = 1; k < 4; k++)
				assertEquals(y[i], y[i + k]);
			assertTrue(y[i] == 0 || Math.abs(y[i] - 1 / 0.9f) < 1e-6, "" + y[i]);
			if (y[i] == 0) dropped++;
		}
		// 2000 channels at 0.1: 200, deviation 13.4
		assertTrue(Math.abs(dropped - 200) < 6 * 13.4, "" + dropped);
	}

	@Test
	void everyWeightGetsAGradientAndInferenceRecordsNone() {
		final DgiqaNetwork network = (DgiqaNetwork) ModelStore.of(null).find("dgiqa-compact").load(manager);
		final NDArray rgb = Reference.input(manager, 3, 1009);
		final NDArray depth = Reference.input(manager, 1, 499).repeat(1, 3);
		final ParameterStore store = new ParameterStore(manager, false);
		try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
			final NDList results = network.forward(store, new NDList(rgb, depth), true);
			collector.backward(results.get(0).sum());
			assertFalse(network.forward(store, new NDList(rgb, depth), false).get(0).hasGradient());
		}
		final List<String> without = network.namedParameters().stream()
			.filter(named -> named.parameter().requiresGradient() && named.parameter().getArray().getGradient().abs().sum().getFloat() == 0)
			.map(Layer.Named::path).toList();
		assertEquals(List.of(), without);
		assertFalse(network.namedParameters().stream().anyMatch(named -> named.path().contains("running_") && named.parameter().requiresGradient()));
	}
}
