package io.github.dgiqa.evaluate.statistics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Of pairs of levels of one distortion of one image that people tell apart, how many a metric scores in the human order.
 *
 * @param pairs that people tell apart
 * @param inOrder of these, in the human order; the same score twice is not
 */
public record OrderedPairs(int pairs, int inOrder) {

	/** Of a scale's range: what people tell apart. 0.4 of KADID-10k's 1 to 5. */
	public static final double TOLD_APART = 0.1;

	/** Differences of decimal fractions, which binary ones miss by a little. */
	private static final double TINY = 1e-9;

	/**
	 * One image.
	 *
	 * @param human of people, higher is better
	 * @param score of the metric, higher is better
	 */
	public record Item(String reference, String distortion, String level, double human, double score) {}

	private record Key(String reference, String distortion) {}

	/** NaN where there are no pairs. */
	public double share() {
		return pairs == 0 ? Double.NaN : inOrder / (double) pairs;
	}

	/**
	 * Counts the pairs of each distortion.
	 *
	 * @param items those without reference, distortion or level are passed over
	 * @param threshold pairs whose human scores differ by more than this count
	 * @return by distortion, in the alphabet's order
	 */
	public static Map<String, OrderedPairs> count(final List<Item> items, final double threshold) {
		final Map<Key, List<Item>> series = new LinkedHashMap<>();
		for (final Item item : items)
			if (!item.reference.isEmpty() && !item.distortion.isEmpty() && !item.level.isEmpty()) series.computeIfAbsent(new Key(item.reference, item.distortion), key -> new ArrayList<>()).add(item);
		final Map<String, OrderedPairs> counts = new TreeMap<>();
		series.forEach((key, levels) -> counts.merge(key.distortion, ofSeries(levels, threshold), OrderedPairs::plus));
		return counts;
	}

	private static OrderedPairs ofSeries(final List<Item> levels, final double threshold) {
		int pairs = 0;
		int inOrder = 0;
		for (int i = 0; i < levels.size(); i++)
			for (int j = i + 1; j < levels.size(); j++) {
				final double human = levels.get(i).human - levels.get(j).human;
				if (Math.abs(human) <= threshold + TINY || levels.get(i).level.equals(levels.get(j).level)) continue;
				pairs++;
				if (Math.signum(human) == Math.signum(levels.get(i).score - levels.get(j).score)) inOrder++;
			}
		return new OrderedPairs(pairs, inOrder);
	}

	public OrderedPairs plus(final OrderedPairs other) {
		return new OrderedPairs(pairs + other.pairs, inOrder + other.inOrder);
	}
}
