package io.github.dgiqa.evaluate;

import io.github.dgiqa.evaluate.statistics.Agreement;
import io.github.dgiqa.evaluate.statistics.Bootstrap;
import io.github.dgiqa.evaluate.statistics.Bootstrap.Interval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A new model and the one that it began as, on the same images, from which the new one did not learn.
 *
 * @param name of the new model
 * @param base of the other
 * @param now how far the new one agrees with people
 * @param before how far the other does
 * @param intervals of {@code now}
 * @param intervalsBefore of {@code before}
 * @param gain interval of the difference of the SRCC
 */
public record BeforeAfter(String name, String base, Agreement now, Agreement before, Bootstrap.Intervals intervals, Bootstrap.Intervals intervalsBefore, Interval gain) {

	/**
	 * @param now scores of the new model
	 * @param before of the other
	 * @param human of people, higher is better
	 * @param references of the images; empty where an image has none
	 */
	public static BeforeAfter of(final String name, final String base, final double[] now, final double[] before, final double[] human, final List<String> references, final Bootstrap bootstrap) {
		final Agreement agrees = Agreement.of(now, human);
		final Agreement agreed = Agreement.of(before, human);
		return new BeforeAfter(name, base, agrees, agreed, bootstrap.of(now, human, references, agrees), bootstrap.of(before, human, references, agreed), bootstrap.ofDifference(now, before, human, references));
	}

	/** What came of it, for people: the figures, how certain they are, and whether the new model is better. */
	public List<String> sentences() {
		final List<String> sentences = new ArrayList<>();
		sentences.add("New model " + name + ": on " + now.images() + " images that it did not learn from, SRCC " + number(now.srcc()) + " (before: " + number(before.srcc()) + "), PLCC " + number(now.plcc()) + " (before: " + number(before.plcc()) + ").");
		if (!Double.isNaN(intervals.srcc().low()))
			sentences.add("Other images of the kind may give other figures, the more so the fewer these were: 95 of 100 resamples have an SRCC of " + words(intervals.srcc()) + " (before: " + words(intervalsBefore.srcc()) + ").");
		sentences.add(verdict());
		return sentences;
	}

	private String verdict() {
		if (Double.isNaN(now.srcc())) return "Whether it is better than " + base + " cannot be told: " + now.problem() + ".";
		if (Double.isNaN(before.srcc())) return "Whether it is better than " + base + " cannot be told, for that gives all of them the same score.";
		if (now.srcc() <= before.srcc()) return "It is not better than " + base + " on them: use " + base + ", or grade more images.";
		if (Double.isNaN(gain.low()) || gain.low() <= 0) return "It may be better than " + base + ", but so few images leave that open" + (Double.isNaN(gain.low()) ? "" : " (SRCC " + signed(gain.low()) + " to " + signed(gain.high()) + ")") + ": grade more images to be sure.";
		return "It is better than " + base + " on them (SRCC " + signed(gain.low()) + " to " + signed(gain.high()) + ").";
	}

	/** Both models, a row each. */
	public Table table() {
		final List<String> columns = List.of("model", "images", "SRCC", "SRCC_low", "SRCC_high", "PLCC", "PLCC_low", "PLCC_high");
		return new Table("Held-out images", "", columns, List.of(row(name, now, intervals), row(base, before, intervalsBefore)));
	}

	private static List<String> row(final String model, final Agreement agreement, final Bootstrap.Intervals intervals) {
		return List.of(model, "" + agreement.images(), Table.number(agreement.srcc()), Table.number(intervals.srcc().low()), Table.number(intervals.srcc().high()), Table.number(agreement.plcc()), Table.number(intervals.plcc().low()),
			Table.number(intervals.plcc().high()));
	}

	/** The figures by their names, for a record. */
	public Map<String, Double> numbers() {
		final Map<String, Double> numbers = new LinkedHashMap<>();
		numbers.put("images", (double) now.images());
		numbers.put("srcc", now.srcc());
		numbers.put("srcc_low", intervals.srcc().low());
		numbers.put("srcc_high", intervals.srcc().high());
		numbers.put("plcc", now.plcc());
		numbers.put("srcc_before", before.srcc());
		numbers.put("plcc_before", before.plcc());
		return numbers;
	}

	private static String number(final double value) {
		return Double.isNaN(value) ? "unknown" : String.format(Locale.ROOT, "%.2f", value);
	}

	private static String signed(final double value) {
		return String.format(Locale.ROOT, "%+.2f", value);
	}

	private static String words(final Interval interval) {
		return number(interval.low()) + " to " + number(interval.high());
	}
}
