package io.github.dgiqa.evaluate.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.core.source64.SplitMix64;

/**
 * Intervals by resampling: how much a figure would change with other images of the kind. Images of one reference are not
 * independent, so references are drawn, each with all its images; images without a reference are drawn one by one.
 *
 * @param resamples their number; 0 for no intervals
 * @param seed of all that is drawn
 */
public record Bootstrap(int resamples, long seed) {

	private static final double LOW = 2.5;
	private static final double HIGH = 97.5;

	/** 95 % of the resamples are between the two; NaN where more than half of them have no value. */
	public record Interval(double low, double high) {

		static final Interval NONE = new Interval(Double.NaN, Double.NaN);
	}

	/** The intervals of an {@link Agreement}; the mapping is that of all images. */
	public record Intervals(Interval srcc, Interval krcc, Interval plcc, Interval plccFit, Interval rmse) {}

	/**
	 * @param scores of the metric
	 * @param human of people
	 * @param references of the images; empty where an image has none
	 * @param agreement of the same
	 */
	public Intervals of(final double[] scores, final double[] human, final List<String> references, final Agreement agreement) {
		final int[][] groups = groups(references);
		final long[] seeds = seeds(seed, groups.length < 2 ? 0 : resamples);
		final List<Agreement> drawn = Arrays.stream(seeds).parallel().mapToObj(one -> {
			final int[] images = draw(groups, new SplitMix64(one));
			return Agreement.with(pick(scores, images), pick(human, images), agreement.fit());
		}).toList();
		return new Intervals(interval(drawn, Agreement::srcc), interval(drawn, Agreement::krcc), interval(drawn, Agreement::plcc), interval(drawn, Agreement::plccFit), interval(drawn, Agreement::rmse));
	}

	/**
	 * The interval of the difference of two metrics' SRCC: of one minus of the other, both on the same resamples.
	 *
	 * @param human of people
	 * @param references as above
	 */
	public Interval ofDifference(final double[] one, final double[] other, final double[] human, final List<String> references) {
		final int[][] groups = groups(references);
		final double[] drawn = Arrays.stream(seeds(seed, groups.length < 2 ? 0 : resamples)).parallel().mapToDouble(each -> {
			final int[] images = draw(groups, new SplitMix64(each));
			final double[] theirs = pick(human, images);
			return Correlations.srcc(pick(one, images), theirs) - Correlations.srcc(pick(other, images), theirs);
		}).toArray();
		return interval(drawn);
	}

	/** One for each of some pieces of work, so that their order does not matter. */
	static long[] seeds(final long seed, final int count) {
		return new SplitMix64(seed).longs(count).toArray();
	}

	/** The places of the images that belong together. */
	static int[][] groups(final List<String> references) {
		final Map<String, List<Integer>> groups = new LinkedHashMap<>();
		for (int i = 0; i < references.size(); i++)
			groups.computeIfAbsent(references.get(i).isEmpty() ? "\0" + i : references.get(i), key -> new ArrayList<>()).add(i);
		return groups.values().stream().map(images -> images.stream().mapToInt(Integer::intValue).toArray()).toArray(int[][]::new);
	}

	private static int[] draw(final int[][] groups, final UniformRandomProvider random) {
		return IntStream.range(0, groups.length).boxed().flatMapToInt(i -> Arrays.stream(groups[random.nextInt(groups.length)])).toArray();
	}

	static double[] pick(final double[] values, final int[] places) {
		return Arrays.stream(places).mapToDouble(place -> values[place]).toArray();
	}

	private static Interval interval(final List<Agreement> drawn, final ToDoubleFunction<Agreement> figure) {
		return interval(drawn.stream().mapToDouble(figure).toArray());
	}

	private static Interval interval(final double[] drawn) {
		final double[] values = Arrays.stream(drawn).filter(value -> !Double.isNaN(value)).toArray();
		if (values.length == 0 || 2 * values.length < drawn.length) return Interval.NONE;
		final Percentile percentile = new Percentile();
		percentile.setData(values);
		return new Interval(percentile.evaluate(LOW), percentile.evaluate(HIGH));
	}
}
