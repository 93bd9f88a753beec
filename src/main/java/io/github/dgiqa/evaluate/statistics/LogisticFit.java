package io.github.dgiqa.evaluate.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.apache.commons.math3.analysis.ParametricUnivariateFunction;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.fitting.SimpleCurveFitter;
import org.apache.commons.math3.fitting.WeightedObservedPoint;
import org.apache.commons.math3.stat.StatUtils;

/**
 * The mapping from a metric's scores to human scores: (b1 - b2) / (1 + exp(-(x - b3) / b4)) + b2.
 *
 * @param b1 the value far on one side
 * @param b2 the value far on the other side
 * @param b3 where it is halfway
 * @param b4 how wide the step is, with the sign of its direction
 */
public record LogisticFit(double b1, double b2, double b3, double b4) {

	private static final int FEWEST = 5;
	private static final int MOST_ITERATIONS = 2000;

	/**
	 * The least squares fit, by Levenberg and Marquardt's method from max(y), min(y), mean(x), std(x) / 4.
	 *
	 * @return nothing where there are fewer than five pairs, one side is constant, or no fit is found
	 */
	public static Optional<LogisticFit> of(final double[] x, final double[] y) {
		if (x.length < FEWEST || !Correlations.isDefined(x, y)) return Optional.empty();
		final double[] start = {StatUtils.max(y), StatUtils.min(y), StatUtils.mean(x), Math.sqrt(StatUtils.populationVariance(x)) / 4};
		final List<WeightedObservedPoint> points = new ArrayList<>();
		for (int i = 0; i < x.length; i++)
			points.add(new WeightedObservedPoint(1, x[i], y[i]));
		try {
			final double[] b = SimpleCurveFitter.create(new Function(), start).withMaxIterations(MOST_ITERATIONS).fit(points);
			final LogisticFit fit = new LogisticFit(b[0], b[1], b[2], b[3]);
			return Optional.of(fit).filter(found -> Arrays.stream(found.map(x)).allMatch(Double::isFinite));
		}
		catch (final MathIllegalStateException e) { // too many steps, or no way on
			return Optional.empty();
		}
	}

	/** The human scores that the metric's scores stand for. */
	public double[] map(final double[] x) {
		return Arrays.stream(x).map(this::map).toArray();
	}

	/** The human score that a metric's score stands for. */
	public double map(final double x) {
		return new Function().value(x, b1, b2, b3, b4);
	}

	private static final class Function implements ParametricUnivariateFunction {

		@Override
		public double value(final double x, final double... b) {
			return (b[0] - b[1]) * step(x, b) + b[1];
		}

		@Override
		public double[] gradient(final double x, final double... b) {
			final double step = step(x, b);
			final double slope = (b[0] - b[1]) * step * (1 - step) / b[3];
			return new double[] {step, 1 - step, -slope, -slope * (x - b[2]) / b[3]};
		}

		private static double step(final double x, final double[] b) {
			return 1 / (1 + Math.exp(-(x - b[2]) / b[3]));
		}
	}
}
