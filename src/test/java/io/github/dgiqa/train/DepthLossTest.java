package io.github.dgiqa.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;

import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.train.DepthLoss.Weights;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

class DepthLossTest extends NativeMemory {

	private static final float[] FOUND = {0.1f, 0.2f, 0.4f, 0.9f};
	private static final float[] TARGET = {0, 0.5f, 0.5f, 1};

	private NDArray loss(final Weights weights, final NDArray found, final FloatMap... targets) {
		return new DepthLoss(weights).of(found, List.of(targets), manager);
	}

	private NDArray maps(final int n, final int side, final float... values) {
		return manager.create(values, new Shape(n, 1, side, side));
	}

	/**
	 * The median of four is the second: found less 0.2 is -0.1, 0, 0.2, 0.7 with mean deviation 0.25, so -0.4, 0, 0.8, 2.8;
	 * the target less 0.5 is -0.5, 0, 0, 0.5 with 0.25, so -2, 0, 0, 2. They are 1.6, 0, 0.8, 0.8 apart.
	 */
	@Test
	void byHand() {
		final FloatMap target = new FloatMap(2, 2, TARGET);
		assertEquals(3.2 / 4, loss(new Weights(0, 0), maps(1, 2, FOUND), target).getFloat(), 1e-4);
		// down: -0.8 and 0.8; to the right: -1.6 and 0
		assertEquals(0.8 + 0.5 * (0.8 + 0.8), loss(new Weights(0.5, 0), maps(1, 2, FOUND), target).getFloat(), 1e-4);
		// apart as they are: 0.1, 0.3, 0.1, 0.1
		assertEquals(0.8 + 2 * 0.15, loss(new Weights(0, 2), maps(1, 2, FOUND), target).getFloat(), 1e-4);
		// with an image that is as it should be
		assertEquals(0.4 + 0.5 * 0.8 + 2 * 0.075, loss(new Weights(0.5, 2), maps(2, 2, 0.1f, 0.2f, 0.4f, 0.9f, 0, 0.5f, 0.5f, 1), target, target).getFloat(), 1e-4);
	}

	/** Of 3 x 3 there is a second scale, the corners; of that a third, one pixel, which has no neighbours. */
	@Test
	void gradientsOfSeveralScales() {
		final float[] found = {0, 1, 2, 3, 4, 5, 6, 7, 8};
		final float[] target = {0, 1, 2, 3, 4, 5, 6, 7, 9};
		// found less 4, by 20/9; target less 4, by 21/9: neighbours differ, by column, by 9/20 and 9/21
		final double a = 9 / 20.0;
		final double b = 9 / 21.0;
		final double each = a - b;
		final double right = (5 * each + Math.abs(a - 2 * b)) / 6;
		final double down = (5 * 3 * each + Math.abs(3 * a - 4 * b)) / 6;
		final double coarseRight = (2 * each + Math.abs(2 * a - 3 * b)) / 2;
		final double coarseDown = (6 * each + Math.abs(6 * a - 7 * b)) / 2;
		final double plain = loss(new Weights(0, 0), maps(1, 3, found), new FloatMap(3, 3, target)).getFloat();
		assertEquals(plain + right + down + coarseRight + coarseDown, loss(new Weights(1, 0), maps(1, 3, found), new FloatMap(3, 3, target)).getFloat(), 1e-4);
	}

	@Test
	void freeOfScaleAndShift() {
		final int side = 8;
		final Random random = new Random(5);
		final float[] found = new float[side * side];
		final float[] target = new float[side * side];
		final float[] other = new float[side * side];
		final float[] scaled = new float[side * side];
		for (int i = 0; i < found.length; i++) {
			found[i] = random.nextFloat();
			target[i] = random.nextFloat();
			other[i] = 0.2f * target[i] + 0.7f;
			scaled[i] = 0.3f * found[i] + 0.1f;
		}
		final Weights free = new Weights(0.5, 0);
		final float expected = loss(free, maps(1, side, found), new FloatMap(side, side, target)).getFloat();
		assertTrue(expected > 0.5, "" + expected);
		assertEquals(expected, loss(free, maps(1, side, found), new FloatMap(side, side, other)).getFloat(), 1e-4);
		assertEquals(expected, loss(free, maps(1, side, scaled), new FloatMap(side, side, target)).getFloat(), 1e-4);
		assertEquals(0, loss(free, maps(1, side, target), new FloatMap(side, side, other)).getFloat(), 1e-4);
		// near is not far
		final float[] inverted = new float[side * side];
		for (int i = 0; i < inverted.length; i++)
			inverted[i] = 1 - target[i];
		assertTrue(loss(free, maps(1, side, inverted), new FloatMap(side, side, target)).getFloat() > expected);
	}

	/** What a small change of each value does, the median's too. */
	@Test
	void gradient() {
		final Weights weights = new Weights(0.5, 0.3);
		final float[] found = {0.12f, 0.83f, 0.34f, 0.55f, 0.27f, 0.91f, 0.46f, 0.05f, 0.68f};
		final FloatMap target = new FloatMap(3, 3, new float[] {0, 0.9f, 0.2f, 1, 0.35f, 0.7f, 0.15f, 0.6f, 0.45f});
		final NDArray map = maps(1, 3, found);
		map.setRequiresGradient(true);
		try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
			collector.backward(loss(weights, map, target));
		}
		final float[] gradient = map.getGradient().toFloatArray();
		final float step = 1e-3f;
		for (int i = 0; i < found.length; i++) {
			final float[] more = found.clone();
			final float[] less = found.clone();
			more[i] += step;
			less[i] -= step;
			final double slope = (loss(weights, maps(1, 3, more), target).getFloat() - loss(weights, maps(1, 3, less), target).getFloat()) / (2.0 * step);
			assertEquals(slope, gradient[i], 2e-3, "value " + i);
		}
	}

	/** A target without differences teaches nothing, and does no harm. */
	@Test
	void constantMaps() {
		final FloatMap constant = new FloatMap(2, 2, new float[] {0.3f, 0.3f, 0.3f, 0.3f});
		assertEquals(1, loss(new Weights(0, 0), maps(1, 2, FOUND), constant).getFloat(), 1e-4);
		assertEquals(1, loss(new Weights(0, 0), maps(1, 2, constant.values()), new FloatMap(2, 2, TARGET)).getFloat(), 1e-4);
	}
}
