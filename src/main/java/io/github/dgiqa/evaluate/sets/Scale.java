package io.github.dgiqa.evaluate.sets;

import java.util.Locale;

/**
 * What a set's human scores mean.
 *
 * @param low the lowest score that could be given
 * @param high the highest score that could be given, above {@code low}
 * @param higherIsBetter whether high scores are those of good images
 */
public record Scale(double low, double high, boolean higherIsBetter) {

	/** Scales of five grades, of ten, of percent; a file of scores fits the first that holds them all. */
	private static final double[][] USUAL = {{0, 1}, {1, 5}, {0, 10}, {0, 100}};

	/** The first of the usual scales 0 to 1, 1 to 5, 0 to 10, 0 to 100 that holds the scores, else from the lowest to the highest; higher is better. */
	public static Scale around(final double lowest, final double highest) {
		for (final double[] usual : USUAL)
			if (lowest >= usual[0] && highest <= usual[1]) return new Scale(usual[0], usual[1], true);
		return new Scale(lowest, highest, true);
	}

	public double range() {
		return high - low;
	}

	/** Where a score lies on it: 0 for the worst, 1 for the best. */
	public double share(final double score) {
		return (higherIsBetter ? score - low : high - score) / range();
	}

	/** "higher is better", or "lower is better". */
	public String direction() {
		return (higherIsBetter ? "higher" : "lower") + " is better";
	}

	@Override
	public String toString() {
		return text(low) + " to " + text(high) + ", " + direction();
	}

	private static String text(final double value) {
		return value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : String.format(Locale.ROOT, "%.4g", value);
	}
}
