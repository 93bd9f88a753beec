package io.github.dgiqa.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.network.Scalar;

import java.util.Arrays;
import java.util.List;

/**
 * How far inverse depth is from what it should be, whatever that one's scale and shift (Ranftl et al., arXiv 1907.01341):
 * of each image both maps, less their median and divided by their mean absolute deviation from it, are compared, by the
 * mean absolute difference and by that of the difference's gradients at four scales. Beside that, the mean absolute
 * difference of the map itself and the target from 0 to 1.
 */
final class DepthLoss {

	private static final int SCALES = 4;
	/** So that a constant map can be divided; far below the deviation of any other one. */
	private static final float TINY = 1e-6f;

	/**
	 * How much the parts count, the difference free of scale and shift having 1.
	 *
	 * @param gradients its gradients
	 * @param absolute the difference of the map itself and the target
	 */
	record Weights(double gradients, double absolute) {}

	private final Weights weights;

	DepthLoss(final Weights weights) {
		this.weights = weights;
	}

	/**
	 * The mean over the images.
	 *
	 * @param found [N,1,h,w]
	 * @param targets for each the values, from 0 to 1, of h * w pixels
	 * @return a number; it has a gradient where the maps have one
	 */
	NDArray of(final NDArray found, final List<FloatMap> targets, final NDManager manager) {
		final Shape shape = found.getShape();
		final int n = (int) shape.get(0);
		final int pixels = (int) (shape.get(2) * shape.get(3));
		final NDArray maps = found.reshape(n, pixels);
		final NDArray apart = free(maps, manager).sub(manager.create(free(targets, pixels), new Shape(n, pixels))); // [N,pixels]
		NDArray loss = apart.abs().mean();
		if (weights.gradients > 0) loss = loss.add(Scalar.times(gradients(apart.reshape(n, shape.get(2), shape.get(3))), weights.gradients));
		if (weights.absolute == 0) return loss;
		final float[] plain = new float[n * pixels];
		for (int i = 0; i < n; i++)
			System.arraycopy(targets.get(i).values(), 0, plain, i * pixels, pixels);
		return loss.add(Scalar.times(maps.sub(manager.create(plain, new Shape(n, pixels))).abs().mean(), weights.absolute));
	}

	/** Without scale and shift: [N,pixels], as it was. */
	private static NDArray free(final NDArray maps, final NDManager manager) {
		final int n = (int) maps.getShape().get(0);
		final int pixels = (int) maps.getShape().get(1);
		final float[] values = maps.toFloatArray();
		// the median with its gradient: the pixel that has it, picked by a product
		final float[] picks = new float[values.length];
		for (int i = 0; i < n; i++)
			picks[i * pixels + medianAt(values, i * pixels, pixels)] = 1;
		final NDArray median = maps.mul(manager.create(picks, new Shape(n, pixels))).sum(new int[] {1}, true); // [N,1]
		final NDArray centred = maps.sub(median);
		return centred.div(centred.abs().mean(new int[] {1}, true).add(TINY));
	}

	private static float[] free(final List<FloatMap> targets, final int pixels) {
		final float[] free = new float[targets.size() * pixels];
		for (int i = 0; i < targets.size(); i++) {
			final float[] values = targets.get(i).values();
			final float median = values[medianAt(values, 0, pixels)];
			double deviation = 0;
			for (final float value : values)
				deviation += Math.abs(value - median);
			for (int k = 0; k < pixels; k++)
				free[i * pixels + k] = (float) ((values[k] - median) / (deviation / pixels + TINY));
		}
		return free;
	}

	/** Where, behind {@code from}, the median is; of an even number of values the lower one. */
	private static int medianAt(final float[] values, final int from, final int count) {
		final float[] sorted = Arrays.copyOfRange(values, from, from + count);
		Arrays.sort(sorted);
		final float median = sorted[(count - 1) / 2];
		for (int k = 0; k < count; k++)
			if (Float.compare(values[from + k], median) == 0) return k;
		throw new IllegalStateException(); // it is one of them
	}

	/** Mean absolute differences of neighbours, of each scale those of every 2nd, 4th, 8th pixel, added up. */
	private static NDArray gradients(final NDArray apart) {
		NDArray sum = null;
		NDArray scaled = apart;
		for (int scale = 0; scale < SCALES && scaled.getShape().get(1) > 1 && scaled.getShape().get(2) > 1; scale++) {
			final NDArray down = scaled.get(":, 1:, :").sub(scaled.get(":, :-1, :")).abs().mean();
			final NDArray right = scaled.get(":, :, 1:").sub(scaled.get(":, :, :-1")).abs().mean();
			final NDArray both = down.add(right);
			sum = sum == null ? both : sum.add(both);
			scaled = scaled.get(":, ::2, ::2");
		}
		return sum == null ? apart.abs().mean().mul(0f) : sum;
	}
}
