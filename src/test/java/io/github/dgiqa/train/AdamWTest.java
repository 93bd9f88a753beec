package io.github.dgiqa.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;

import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.train.TrainingPlan.BatchStatistics;

import java.util.List;

import org.junit.jupiter.api.Test;

/** The optimizer against torch.optim.AdamW with clip_grad_norm_, PyTorch 2, and its rates. */
class AdamWTest extends NativeMemory {

	/** Rates 0.005, 0.01, 0.01. */
	private static final TrainingPlan PLAN = plan(3, 2);

	private static TrainingPlan plan(final int steps, final int warmUp) {
		return new TrainingPlan(steps, 4, 0.01, warmUp, 0.1, 1, 0.9, BatchStatistics.FIXED, 0, List.of(), 10, 0, 1);
	}

	private AdamW.Learned learned(final float[] values, final Shape shape) {
		final NDArray value = manager.create(values, shape);
		value.setRequiresGradient(true);
		return new AdamW.Learned(value, manager.zeros(shape), manager.zeros(shape), shape.dimension() > 1);
	}

	/** Gives both a gradient: that of the sum of their products with it. */
	private void give(final AdamW.Learned weight, final float[] ofWeight, final AdamW.Learned bias, final float[] ofBias) {
		try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
			final NDArray first = weight.value().mul(manager.create(ofWeight, weight.value().getShape())).sum();
			collector.backward(first.add(bias.value().mul(manager.create(ofBias)).sum()));
		}
	}

	@Test
	void stepsArePyTorchs() {
		final AdamW.Learned weight = learned(new float[] {1, -2, 0.5f, 3}, new Shape(2, 2));
		final AdamW.Learned bias = learned(new float[] {0.25f, -0.75f}, new Shape(2));
		final AdamW optimizer = new AdamW(List.of(weight, bias), PLAN);
		give(weight, new float[] {0.3f, -0.1f, 0.2f, 0.4f}, bias, new float[] {0.1f, -0.2f});
		assertEquals(0.591608, optimizer.step(0, manager), 1e-6);
		give(weight, new float[] {3, 1, -2, 0.5f}, bias, new float[] {1, 4});
		assertEquals(5.590170, optimizer.step(1, manager), 1e-5); // clipped
		give(weight, new float[] {-0.2f, 0.1f, 0.05f, -0.3f}, bias, new float[] {0.3f, 0});
		assertEquals(0.482183, optimizer.step(2, manager), 1e-6);
		assertArrayEquals(new float[] {0.97755730f, -1.99828351f, 0.49868831f, 2.97804546f}, weight.value().toFloatArray(), 1e-6f);
		assertArrayEquals(new float[] {0.22570390f, -0.75451046f}, bias.value().toFloatArray(), 1e-6f);
	}

	@Test
	void aGradientThatIsNoNumberChangesNothing() {
		final AdamW.Learned weight = learned(new float[] {1, -2}, new Shape(1, 2));
		final AdamW.Learned bias = learned(new float[] {3}, new Shape(1));
		give(weight, new float[] {Float.NaN, 1}, bias, new float[] {1});
		assertTrue(Double.isNaN(new AdamW(List.of(weight, bias), PLAN).step(0, manager)));
		assertArrayEquals(new float[] {1, -2}, weight.value().toFloatArray());
		assertArrayEquals(new float[] {3}, bias.value().toFloatArray());
	}

	/** Up in a line, down as half a cosine: at half of the way down it is half as large. */
	@Test
	void rateRisesAndFalls() {
		final TrainingPlan plan = plan(110, 10);
		assertEquals(0.001, plan.rateAt(0), 1e-12);
		assertEquals(0.01, plan.rateAt(9), 1e-12);
		assertEquals(0.01, plan.rateAt(10), 1e-12);
		assertEquals(0.005, plan.rateAt(60), 1e-12);
		assertEquals(0.01 * (1 + Math.cos(Math.PI * 0.99)) / 2, plan.rateAt(109), 1e-12);
	}
}
