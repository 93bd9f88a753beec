package io.github.dgiqa.evaluate.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresOptimizer.Optimum;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.fitting.leastsquares.MultivariateJacobianFunction;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.util.Pair;

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
	private static final int MOST_STEPS = 10_000;
	/** As MINPACK's users have it; where scores are almost on a line, b1 and b2 move away for ever, and gain less than this. */
	private static final double TOLERANCE = 1.5e-8;

	/**
	 * The least squares fit, by Levenberg and Marquardt's method from b1 = max(y), b2 = min(y), b3 = mean(x), b4 = std(x) / 4,
	 * and from the same with b1 and b2 exchanged; the better of the two.
	 *
	 * @return nothing where there are fewer than five pairs, one side is constant, or no fit is found
	 */
	public static Optional<LogisticFit> of(final double[] x, final double[] y) {
		if (x.length < FEWEST || !Correlations.isDefined(x, y)) return Optional.empty();
		final double centre = StatUtils.mean(x);
		final double width = Math.sqrt(StatUtils.populationVariance(x)) / 4;
		return Stream.of(new double[] {StatUtils.max(y), StatUtils.min(y), centre, width}, new double[] {StatUtils.min(y), StatUtils.max(y), centre, width})
			.map(start -> optimum(x, y, start)).flatMap(Optional::stream)
			.min(Comparator.comparingDouble(Optimum::getCost))
			.map(found -> found.getPoint().toArray())
			.map(b -> new LogisticFit(b[0], b[1], b[2], b[3]))
			.filter(fit -> Arrays.stream(fit.map(x)).allMatch(Double::isFinite));
	}

	private static Optional<Optimum> optimum(final double[] x, final double[] y, final double[] start) {
		final MultivariateJacobianFunction model = point -> {
			final double[] b = point.toArray();
			return new Pair<>(new ArrayRealVector(new LogisticFit(b[0], b[1], b[2], b[3]).map(x), false), new Array2DRowRealMatrix(gradients(x, b), false));
		};
		try {
			return Optional.of(new LevenbergMarquardtOptimizer().withCostRelativeTolerance(TOLERANCE).withParameterRelativeTolerance(TOLERANCE)
				.optimize(new LeastSquaresBuilder().model(model).start(start).target(y).maxEvaluations(MOST_STEPS).maxIterations(MOST_STEPS).build()));
		}
		catch (final MathIllegalStateException e) { // too many steps, or no way on
			return Optional.empty();
		}
	}

	/** By b1 to b4, at each x. */
	private static double[][] gradients(final double[] x, final double[] b) {
		final double[][] gradients = new double[x.length][];
		for (int i = 0; i < x.length; i++) {
			final double step = step(x[i], b[2], b[3]);
			final double slope = (b[0] - b[1]) * step * (1 - step) / b[3];
			gradients[i] = new double[] {step, 1 - step, -slope, -slope * (x[i] - b[2]) / b[3]};
		}
		return gradients;
	}

	private static double step(final double x, final double centre, final double width) {
		return 1 / (1 + Math.exp(-(x - centre) / width));
	}

	/** The human scores that the metric's scores stand for. */
	public double[] map(final double[] x) {
		return Arrays.stream(x).map(this::map).toArray();
	}

	/** The human score that a metric's score stands for. */
	public double map(final double x) {
		return (b1 - b2) * step(x, b3, b4) + b2;
	}
}
