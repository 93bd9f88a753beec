package io.github.dgiqa.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FineTuningTest {

	@Test
	void aFifthIsHeldOutAndOfFewMore() {
		assertEquals(40, FineTuning.heldOut(200));
		assertEquals(10, FineTuning.heldOut(50));
		assertEquals(10, FineTuning.heldOut(40));
		assertEquals(6, FineTuning.heldOut(20));
	}

	@Test
	void stepsFitTheTimeAndAreNotMoreThanAreOfUse() {
		assertEquals(120, FineTuning.steps(190, 1.5, 160)); // 126 fit
		assertEquals(400, FineTuning.steps(3600, 1.5, 160)); // 40 passes of 160 images, 16 in a step
		assertEquals(200, FineTuning.steps(3600, 0.01, 13));
		assertEquals(260, FineTuning.steps(1e12, 1e-9, 107)); // 40 passes are 267.5
		assertEquals(0, FineTuning.steps(14, 1.5, 160));
		assertEquals(0, FineTuning.steps(-30, 1.5, 160));
	}

	/** Who looked in between and kept the best would have no honest figure. */
	@Test
	void nobodyLooksBeforeTheEnd() {
		final TrainingPlan plan = FineTuning.plan(300, 7);
		assertEquals(300, plan.steps());
		assertEquals(300, plan.evaluateEvery());
		assertEquals(0, plan.patience());
		assertEquals(30, plan.warmUp());
		assertEquals(7, plan.seed());
		assertEquals(1, FineTuning.plan(3, 7).warmUp());
	}
}
