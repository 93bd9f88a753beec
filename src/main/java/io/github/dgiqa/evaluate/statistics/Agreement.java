package io.github.dgiqa.evaluate.statistics;

import java.util.Optional;

/**
 * How far a metric agrees with people. Whatever cannot be told is NaN.
 *
 * @param images their number
 * @param srcc Spearman's rank correlation
 * @param krcc Kendall's tau-b
 * @param plcc Pearson's correlation of the scores as they are
 * @param plccFit Pearson's correlation after the logistic mapping
 * @param rmse root of the mean squared error after the logistic mapping, on the scale of the human scores
 * @param fit the mapping, where there is one
 */
public record Agreement(int images, double srcc, double krcc, double plcc, double plccFit, double rmse, Optional<LogisticFit> fit) {

	/**
	 * @param scores of the metric, all finite
	 * @param human of people, higher is better
	 */
	public static Agreement of(final double[] scores, final double[] human) {
		return with(scores, human, LogisticFit.of(scores, human));
	}

	/** The same under a mapping that is known. */
	static Agreement with(final double[] scores, final double[] human, final Optional<LogisticFit> fit) {
		final double[] mapped = fit.map(found -> found.map(scores)).orElse(null);
		return new Agreement(scores.length, Correlations.srcc(scores, human), Correlations.krcc(scores, human), Correlations.plcc(scores, human),
			mapped == null ? Double.NaN : Correlations.plcc(mapped, human), mapped == null ? Double.NaN : rmse(mapped, human), fit);
	}

	private static double rmse(final double[] a, final double[] b) {
		double sum = 0;
		for (int i = 0; i < a.length; i++)
			sum += (a[i] - b[i]) * (a[i] - b[i]);
		return Math.sqrt(sum / a.length);
	}

	/** Why some of it cannot be told, in the middle of a sentence; null where all can. */
	public String problem() {
		if (Double.isNaN(srcc)) return images < 3 ? "fewer than 3 images" : "the scores or the human scores are all the same";
		if (fit.isEmpty()) return images < 5 ? "fewer than 5 images, too few for the logistic mapping" : "no logistic mapping was found";
		return Double.isNaN(plccFit) ? "the logistic mapping is flat" : null;
	}
}
