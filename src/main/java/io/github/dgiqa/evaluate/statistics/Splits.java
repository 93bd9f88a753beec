package io.github.dgiqa.evaluate.statistics;

import java.util.Arrays;
import java.util.List;

import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.core.source64.SplitMix64;

/**
 * The field's protocol: a fifth of the references, or of the images where there are none, is the test part; ten times.
 * Nothing is trained here, so this shows what a figure on such a test part is worth.
 *
 * @param srcc median of the parts, as are the others
 * @param srccLow of the worst part
 * @param srccHigh of the best part
 * @param plccFit the mapping is fitted to each part
 */
public record Splits(int parts, double srcc, double srccLow, double srccHigh, double plccFit, double plccFitLow, double plccFitHigh) {

	/** Number of test parts. */
	public static final int PARTS = 10;

	private static final int SHARE = 5;

	/** @param references of the images; empty where an image has none */
	public static Splits of(final double[] scores, final double[] human, final List<String> references, final long seed) {
		final int[][] groups = Bootstrap.groups(references);
		final List<Agreement> parts = Arrays.stream(Bootstrap.seeds(seed, PARTS)).mapToObj(one -> {
			final int[] images = part(groups, new SplitMix64(one));
			return Agreement.of(Bootstrap.pick(scores, images), Bootstrap.pick(human, images));
		}).toList();
		final double[] srcc = parts.stream().mapToDouble(Agreement::srcc).toArray();
		final double[] plcc = parts.stream().mapToDouble(Agreement::plccFit).toArray();
		return new Splits(PARTS, median(srcc), low(srcc), high(srcc), median(plcc), low(plcc), high(plcc));
	}

	/** The images of a fifth of the groups, at least one. */
	private static int[] part(final int[][] groups, final UniformRandomProvider random) {
		final int[][] drawn = groups.clone();
		final int size = Math.max(1, Math.round(drawn.length / (float) SHARE));
		for (int i = 0; i < size; i++) {
			final int other = i + random.nextInt(drawn.length - i);
			final int[] group = drawn[i];
			drawn[i] = drawn[other];
			drawn[other] = group;
		}
		return Arrays.stream(drawn, 0, size).flatMapToInt(Arrays::stream).toArray();
	}

	private static double median(final double[] values) {
		return hasNaN(values) ? Double.NaN : StatUtils.percentile(values, 50);
	}

	private static double low(final double[] values) {
		return hasNaN(values) ? Double.NaN : StatUtils.min(values);
	}

	private static double high(final double[] values) {
		return hasNaN(values) ? Double.NaN : StatUtils.max(values);
	}

	private static boolean hasNaN(final double[] values) {
		return Arrays.stream(values).anyMatch(Double::isNaN);
	}
}
