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
import io.github.dgiqa.network.Layers.Conv2d;
import io.github.dgiqa.network.Layers.Dropout2d;
import io.github.dgiqa.network.Layers.Sequence;
import io.github.dgiqa.weights.Fill;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The layers that behave otherwise in training, as PyTorch's do. */
class TrainingModeTest extends NativeMemory {

	private NDArray run(final Layer layer, final NDArray x, final boolean training) {
		return new Pass(new ParameterStore(manager, false), training).run(layer, x);
	}

	/** Gives a norm of one channel weight 2, bias 1 and these statistics. @return its arrays, by their paths */
	private Map<String, NDArray> assign(final BatchNorm2d norm, final float mean, final float variance) {
		final Map<String, NDArray> weights = Map.of("weight", number(2), "bias", number(1), "running_mean", number(mean), "running_var", number(variance));
		norm.assign(weights);
		return weights;
	}

	private NDArray number(final float value) {
		return manager.create(new float[] {value});
	}

	/** Two images of two pixels. */
	private NDArray batch(final float... values) {
		return manager.create(values, new Shape(2, 1, 1, 2));
	}

	private static void assertStatistics(final double mean, final double variance, final Map<String, NDArray> weights) {
		assertEquals(mean, weights.get("running_mean").getFloat(), 1e-6);
		assertEquals(variance, weights.get("running_var").getFloat(), 1e-6);
	}

	/** Of 1, 2, 3, 4: mean 2.5, variance 1.25, unbiased 5/3. */
	@Test
	void batchNormUsesTheBatchAndKeepsItsStatistics() {
		final BatchNorm2d norm = new BatchNorm2d(1);
		final Map<String, NDArray> weights = assign(norm, 0, 1);
		final NDArray x = batch(1, 2, 3, 4);
		final float unit = (float) (2 / Math.sqrt(1.25 + 1e-5));
		assertArrayEquals(new float[] {1 - 1.5f * unit, 1 - 0.5f * unit, 1 + 0.5f * unit, 1 + 1.5f * unit}, run(norm, x, true).toFloatArray(), 1e-5f);
		assertStatistics(0.25, 0.9 + 0.1 * 5 / 3, weights);
		// in inference the running statistics, which stay
		final float scale = (float) (2 / Math.sqrt(0.9 + 0.1 * 5 / 3 + 1e-5));
		assertArrayEquals(new float[] {1 + 0.75f * scale, 1 + 1.75f * scale, 1 + 2.75f * scale, 1 + 3.75f * scale}, run(norm, x, false).toFloatArray(), 1e-5f);
		assertStatistics(0.25, 0.9 + 0.1 * 5 / 3, weights);
	}

	/** With mean 1.5 and deviation 2 the norm takes 0.5 away. */
	@Test
	void fixedStatisticsAreUsedAndStay() {
		final BatchNorm2d norm = new BatchNorm2d(1);
		final Map<String, NDArray> weights = assign(norm, 1.5f, 4);
		norm.use(Statistics.FIXED, path -> false);
		for (final boolean training : new boolean[] {true, false})
			assertArrayEquals(new float[] {0.5f, 1.5f, 2.5f, 3.5f}, run(norm, batch(1, 2, 3, 4), training).toFloatArray(), 1e-5f);
		assertStatistics(1.5, 4, weights);
	}

	/** Of 3, 5, 7, 9: mean 6, variance 5, unbiased 20/3. */
	@Test
	void measuredStatisticsAreTheBatchesAverage() {
		final BatchNorm2d norm = new BatchNorm2d(1, 0, 0.03);
		final Map<String, NDArray> weights = assign(norm, 70, 80);
		norm.use(Statistics.MEASURED, path -> false);
		run(norm, batch(1, 2, 3, 4), true);
		assertStatistics(2.5, 5 / 3.0, weights); // what was before does not count
		run(norm, batch(100, 200, 300, 400), false); // nor what nobody learns from
		final float unit = (float) (2 / Math.sqrt(5));
		assertArrayEquals(new float[] {1 - 3 * unit, 1 - unit, 1 + unit, 1 + 3 * unit}, run(norm, batch(3, 5, 7, 9), true).toFloatArray(), 1e-5f);
		assertStatistics((2.5 + 6) / 2, (5 / 3.0 + 20 / 3.0) / 2, weights);
		run(norm, batch(1, 2, 3, 4), true);
		assertStatistics(11 / 3.0, 10 / 3.0, weights); // (2.5 + 6 + 2.5) / 3, (5 + 20 + 5) / 9
		norm.use(Statistics.LEARNED, path -> false);
		run(norm, batch(3, 5, 7, 9), true);
		assertStatistics(0.97 * 11 / 3 + 0.03 * 6, 0.97 * 10 / 3 + 0.03 * 20 / 3, weights);
		norm.use(Statistics.MEASURED, path -> false);
		run(norm, batch(3, 5, 7, 9), true);
		assertStatistics(6, 20 / 3.0, weights); // anew
	}

	@Test
	void normsOfHeldPathsKeepTheirs() {
		final BatchNorm2d held = new BatchNorm2d(1);
		final BatchNorm2d free = new BatchNorm2d(1);
		final Map<String, NDArray> ofHeld = assign(held, 1.5f, 4);
		final Map<String, NDArray> ofFree = assign(free, 1.5f, 4);
		final Sequence all = new Sequence(new Sequence(held), free);
		for (final Statistics chosen : new Statistics[] {Statistics.MEASURED, Statistics.LEARNED}) {
			all.use(chosen, "0.0.running_mean"::equals);
			assertArrayEquals(new float[] {0.5f, 1.5f, 2.5f, 3.5f}, run(all.get(0), batch(1, 2, 3, 4), true).toFloatArray(), 1e-5f);
			assertStatistics(1.5, 4, ofHeld);
		}
		run(all, batch(1, 2, 3, 4), true);
		// the second sees 0.5, 1.5, 2.5, 3.5
		assertStatistics(0.9 * 1.5 + 0.1 * 2, 0.9 * 4 + 0.1 * 5 / 3, ofFree);
		// what is held learns once it is not any more
		all.use(Statistics.LEARNED, path -> false);
		run(all, batch(1, 2, 3, 4), true);
		assertStatistics(0.9 * 1.5 + 0.1 * 2.5, 0.9 * 4 + 0.1 * 5 / 3, ofHeld);
	}

	/** A convolution and its norm, with values of their own, and what learns in them. */
	private final class Unit {

		final Conv2d conv;
		final BatchNorm2d norm = new BatchNorm2d(4, 1e-3, 0.1);
		final Map<String, NDArray> arrays;
		final List<String> learned;

		Unit(final int groups, final boolean hasBias) {
			conv = new Conv2d(6, 4, 3, 2, 1, 1, groups, hasBias);
			final Sequence both = new Sequence(conv, norm);
			final Map<String, Shape> shapes = both.stateDict();
			shapes.put("x", new Shape(2, 6, 9, 9));
			arrays = Fill.arrays(shapes, manager);
			both.assign(arrays);
			learned = shapes.keySet().stream().filter(key -> key.matches("x|.*\\.(weight|bias)")).toList();
			learned.forEach(key -> arrays.get(key).setRequiresGradient(true));
		}

		/** (y - mean) / sqrt(variance + eps) * weight + bias of what the convolution alone gives. */
		NDArray oneAfterTheOther() {
			final NDArray y = run(conv, arrays.get("x"), true);
			return y.sub(channels("running_mean")).div(channels("running_var").add(1e-3f).sqrt()).mul(channels("weight")).add(channels("bias"));
		}

		private NDArray channels(final String name) {
			return arrays.get("1." + name).reshape(1, -1, 1, 1);
		}

		NDArray joined() {
			final Sequence both = new Sequence(conv, norm);
			both.use(Statistics.FIXED, path -> false);
			return run(both, arrays.get("x"), true);
		}
	}

	@ParameterizedTest
	@CsvSource({"1, true", "1, false", "2, true", "2, false"})
	void convolutionAndNormJoined(final int groups, final boolean hasBias) {
		final Unit expected = new Unit(groups, hasBias);
		final Unit found = new Unit(groups, hasBias);
		try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
			final NDArray y = expected.oneAfterTheOther();
			final NDArray joined = found.joined();
			Reference.assertClose("values", y, joined, 1e-5);
			final NDArray weights = Fill.array("y", y.getShape(), manager);
			collector.backward(y.mul(weights).sum().add(joined.mul(weights).sum()));
		}
		assertEquals(hasBias ? 5 : 4, found.learned.size());
		for (final String key : found.learned)
			Reference.assertClose("gradient of " + key, expected.arrays.get(key).getGradient(), found.arrays.get(key).getGradient(), 1e-5);
		for (final String key : List.of("1.running_mean", "1.running_var"))
			assertEquals(Fill.array(key, new Shape(4), manager), found.arrays.get(key));
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
