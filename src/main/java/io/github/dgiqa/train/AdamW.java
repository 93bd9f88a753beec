package io.github.dgiqa.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import java.util.List;

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101) as {@code torch.optim.AdamW}, with beta 0.9 and 0.999. Unlike DJL's its
 * state can be saved, and so a run go on exactly.
 */
final class AdamW {

	private static final double BETA1 = 0.9;
	private static final double BETA2 = 0.999;
	private static final double EPS = 1e-8;

	/**
	 * A parameter as it learns.
	 *
	 * @param value its values, with a gradient
	 * @param mean moving average of its gradient
	 * @param square moving average of its gradient's square
	 * @param decays whether weight decay is for it
	 */
	record Learned(NDArray value, NDArray mean, NDArray square, boolean decays) {

		/** The same memory, whose changes no gradient follows. */
		NDArray plain() {
			return value.stopGradient();
		}
	}

	private final List<Learned> all;
	private final TrainingPlan plan;

	AdamW(final List<Learned> all, final TrainingPlan plan) {
		this.all = all;
		this.plan = plan;
	}

	/**
	 * Takes a step along the gradients, and forgets them.
	 *
	 * @param step from 0
	 * @param manager for what is needed on the way
	 * @return the gradient's norm, before it is clipped; where it is no finite number nothing has changed
	 */
	double step(final int step, final NDManager manager) {
		final double norm = norm(manager);
		if (!Double.isFinite(norm)) return norm;
		final double scale = norm > plan.clip() ? plan.clip() / (norm + 1e-6) : 1;
		final double rate = plan.rateAt(step);
		final double unbiased1 = 1 - Math.pow(BETA1, step + 1);
		final double unbiased2 = 1 - Math.pow(BETA2, step + 1);
		for (final Learned one : all) {
			try (NDManager scratch = manager.newSubManager()) {
				final NDArray gradient = one.value.getGradient();
				gradient.attach(scratch);
				if (scale != 1) gradient.muli(scale);
				one.mean.muli(BETA1).addi(attached(gradient.mul(1 - BETA1), scratch));
				one.square.muli(BETA2).addi(attached(gradient.mul(gradient), scratch).muli(1 - BETA2));
				final NDArray deviation = attached(attached(one.square.div(unbiased2), scratch).sqrt(), scratch);
				final NDArray change = attached(one.mean.div(deviation.addi(EPS)), scratch).muli(rate / unbiased1);
				final NDArray value = attached(one.plain(), scratch);
				if (one.decays) value.muli(1 - rate * plan.weightDecay());
				value.subi(change);
				gradient.muli(0);
			}
		}
		return norm;
	}

	private static NDArray attached(final NDArray array, final NDManager manager) {
		array.attach(manager);
		return array;
	}

	private double norm(final NDManager manager) {
		double sum = 0;
		for (final Learned one : all)
			try (NDManager scratch = manager.newSubManager()) {
				final NDArray gradient = one.value.getGradient();
				gradient.attach(scratch);
				sum += attached(attached(gradient.mul(gradient), scratch).sum(), scratch).getFloat();
			}
		return Math.sqrt(sum);
	}
}
