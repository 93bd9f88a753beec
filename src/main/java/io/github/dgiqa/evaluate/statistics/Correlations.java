package io.github.dgiqa.evaluate.statistics;

import java.util.Arrays;

import org.apache.commons.math3.stat.correlation.KendallsCorrelation;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/** Correlations of pairs of finite numbers; NaN where there are fewer than three pairs, or one side is constant. */
public final class Correlations {

	private static final int FEWEST = 3;

	private Correlations() {}

	/** Spearman's rank correlation; ties have their mean rank. */
	public static double srcc(final double[] x, final double[] y) {
		return isDefined(x, y) ? new SpearmansCorrelation().correlation(x, y) : Double.NaN;
	}

	/** Kendall's tau-b. */
	public static double krcc(final double[] x, final double[] y) {
		return isDefined(x, y) ? new KendallsCorrelation().correlation(x, y) : Double.NaN;
	}

	/** Pearson's linear correlation. */
	public static double plcc(final double[] x, final double[] y) {
		return isDefined(x, y) ? new PearsonsCorrelation().correlation(x, y) : Double.NaN;
	}

	static boolean isDefined(final double[] x, final double[] y) {
		return x.length >= FEWEST && !isConstant(x) && !isConstant(y);
	}

	static boolean isConstant(final double[] values) {
		return Arrays.stream(values).allMatch(value -> value == values[0]);
	}
}
