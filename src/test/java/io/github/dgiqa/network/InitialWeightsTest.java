package io.github.dgiqa.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.network.Layers.BatchNorm2d;
import io.github.dgiqa.network.Layers.Conv2d;
import io.github.dgiqa.network.Layers.LayerNorm;
import io.github.dgiqa.network.Layers.Linear;
import io.github.dgiqa.network.Layers.MultiheadAttention;

import java.util.Arrays;
import java.util.stream.IntStream;

import org.apache.commons.rng.core.source64.XoShiRo256PlusPlus;
import org.junit.jupiter.api.Test;

class InitialWeightsTest {

	/** Standard deviations within which a figure must lie. */
	private static final double SURE = 5;
	/** Shares of a normal distribution within one and two deviations. */
	private static final double WITHIN_ONE = 0.6827;
	private static final double WITHIN_TWO = 0.9545;

	private static float[] values(final Layer layer, final String path, final long seed) {
		final Layer.Named named = layer.namedParameters().stream().filter(one -> one.path().equals(path)).findFirst().orElseThrow();
		final float[] values = InitialWeights.of(named, new XoShiRo256PlusPlus(new long[] {seed, 2, 3, 4}));
		assertEquals(named.shape().size(), values.length);
		return values;
	}

	private static void assertNormal(final double deviation, final Layer layer, final String path) {
		final float[] values = values(layer, path, 1);
		final int n = values.length;
		assertTrue(n > 2000);
		final double mean = IntStream.range(0, n).mapToDouble(i -> values[i]).average().orElseThrow();
		final double variance = IntStream.range(0, n).mapToDouble(i -> (values[i] - mean) * (values[i] - mean)).sum() / (n - 1);
		assertEquals(0, mean, SURE * deviation / Math.sqrt(n));
		assertEquals(deviation, Math.sqrt(variance), SURE * deviation / Math.sqrt(2.0 * n));
		assertShare(WITHIN_ONE, values, deviation);
		assertShare(WITHIN_TWO, values, 2 * deviation);
		// neighbours have nothing to do with each other
		final double product = IntStream.range(1, n).mapToDouble(i -> values[i - 1] * values[i]).average().orElseThrow();
		assertEquals(0, product / (deviation * deviation), SURE / Math.sqrt(n));
	}

	private static void assertShare(final double expected, final float[] values, final double bound) {
		final double share = IntStream.range(0, values.length).filter(i -> Math.abs(values[i]) < bound).count() / (double) values.length;
		assertEquals(expected, share, SURE * Math.sqrt(expected * (1 - expected) / values.length));
	}

	private static void assertAll(final float expected, final Layer layer, final String... paths) {
		for (final String path : paths)
			for (final float value : values(layer, path, 1))
				assertEquals(expected, value, path);
	}

	/** 16 * 3 * 3 inputs of each output; where each channel has a filter of its own, 5 * 5. */
	@Test
	void convolutionsHaveVarianceTwoByInputs() {
		assertNormal(Math.sqrt(2 / 144.0), Conv2d.same(16, 64, 1), "weight");
		assertNormal(Math.sqrt(2 / 25.0), Conv2d.plain(500, 500, 5, 1, 500), "weight");
	}

	@Test
	void linearLayersHaveVarianceOneByInputs() {
		assertNormal(0.05, new Linear(400, 50), "weight");
		assertNormal(0.125, new MultiheadAttention(64, 4), "in_proj_weight");
	}

	@Test
	void tablesHaveADeviationOfTheirOwn() {
		assertNormal(0.02, new WindowAttention(24, 12, 7, 0), "relative_position_bias_table"); // 13 * 13 places
	}

	@Test
	void normsChangeNothingAndBiasesAreNone() {
		assertAll(1, new BatchNorm2d(8), "weight", "running_var");
		assertAll(0, new BatchNorm2d(8), "bias", "running_mean");
		assertAll(1, new LayerNorm(8, 1e-5), "weight");
		assertAll(0, new LayerNorm(8, 1e-5), "bias");
		assertAll(0, Conv2d.same(2, 8, 1), "bias");
		assertAll(0, new Linear(2, 8), "bias");
		assertAll(0, new MultiheadAttention(8, 2), "in_proj_bias", "out_proj.bias");
	}

	@Test
	void theSameSourceGivesTheSame() {
		final Layer layer = new Linear(30, 30);
		assertArrayEquals(values(layer, "weight", 1), values(new Linear(30, 30), "weight", 1));
		assertFalse(Arrays.equals(values(layer, "weight", 1), values(layer, "weight", 5)));
	}
}
