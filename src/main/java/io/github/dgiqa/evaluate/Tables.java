package io.github.dgiqa.evaluate;

import io.github.dgiqa.evaluate.sets.RatedSet;
import io.github.dgiqa.evaluate.statistics.Agreement;
import io.github.dgiqa.evaluate.statistics.Bootstrap.Interval;
import io.github.dgiqa.evaluate.statistics.OrderedPairs;
import io.github.dgiqa.evaluate.statistics.Splits;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** From figures to the tables that a user reads; docs/evaluate.md says what their columns are. */
final class Tables {

	private static final String UNDEFINED = "nan: it cannot be told from fewer than 3 images (5 for PLCC_fit and RMSE), from scores or human scores that are all the same, or where no logistic mapping was found.";

	private Tables() {}

	static Table sets(final List<RatedSet> sets) {
		final List<List<String>> rows = new ArrayList<>();
		for (final RatedSet set : sets)
			rows.add(List.of(set.name(), "" + set.opinions().size(), "" + set.missing().size(), "" + set.unrated(), set.scale().toString(), set.source().toString()));
		return new Table("Sets", "Correlations are positive for a model that agrees with people, also on a set where lower is better.", List.of("set", "images", "missing", "unrated", "scale", "source"), rows);
	}

	static Table overall(final List<Figures> figures) {
		final List<List<String>> rows = figures.stream().map(one -> row(one, List.of(one.scored().set().name(), one.scored().model()))).toList();
		return new Table("Overall", UNDEFINED, columns("set", "model"), rows);
	}

	static Table byDistortion(final List<Figures> figures) {
		final List<List<String>> rows = figures.stream().map(one -> row(one, List.of(one.scored().set().name(), one.scored().model(), one.distortion()))).toList();
		return new Table("By distortion", UNDEFINED, columns("set", "model", "distortion"), rows);
	}

	static Table byLevel(final List<Figures> figures) {
		final List<List<String>> rows = figures.stream().map(one -> row(one, List.of(one.scored().set().name(), one.scored().model(), one.level()))).toList();
		return new Table("By level", UNDEFINED, columns("set", "model", "level"), rows);
	}

	private static List<String> columns(final String... first) {
		final List<String> columns = new ArrayList<>(List.of(first));
		columns.addAll(List.of("images", "failed", "SRCC", "KRCC", "PLCC", "PLCC_fit", "RMSE", "SRCC_95", "PLCC_95"));
		return columns;
	}

	private static List<String> row(final Figures figures, final List<String> first) {
		final Agreement agreement = figures.agreement();
		final List<String> row = new ArrayList<>(first);
		row.add("" + agreement.images());
		row.add("" + figures.scored().failed().size());
		for (final double value : List.of(agreement.srcc(), agreement.krcc(), agreement.plcc(), agreement.plccFit(), agreement.rmse()))
			row.add(Table.number(value));
		row.add(text(figures.intervals().srcc()));
		row.add(text(figures.intervals().plcc()));
		return row;
	}

	private static String text(final Interval interval) {
		return Double.isNaN(interval.low()) ? "-" : String.format(Locale.ROOT, "%.3f..%.3f", interval.low(), interval.high());
	}

	/** Everything, for other programs. */
	static Table results(final List<Figures> figures) {
		final List<String> columns = new ArrayList<>(List.of("set", "model", "distortion", "level", "images", "failed"));
		for (final String figure : List.of("srcc", "krcc", "plcc", "plcc_fit", "rmse"))
			columns.addAll(List.of(figure, figure + "_low", figure + "_high"));
		columns.addAll(List.of("b1", "b2", "b3", "b4"));
		return new Table("Results", "", columns, figures.stream().map(Tables::precise).toList());
	}

	private static List<String> precise(final Figures figures) {
		final Agreement agreement = figures.agreement();
		final List<String> row = new ArrayList<>(List.of(figures.scored().set().name(), figures.scored().model(), figures.distortion(), figures.level(), "" + agreement.images(), "" + figures.scored().failed().size()));
		add(row, agreement.srcc(), figures.intervals().srcc());
		add(row, agreement.krcc(), figures.intervals().krcc());
		add(row, agreement.plcc(), figures.intervals().plcc());
		add(row, agreement.plccFit(), figures.intervals().plccFit());
		add(row, agreement.rmse(), figures.intervals().rmse());
		row.addAll(agreement.fit().map(fit -> List.of(precise(fit.b1()), precise(fit.b2()), precise(fit.b3()), precise(fit.b4()))).orElse(List.of("", "", "", "")));
		return row;
	}

	private static void add(final List<String> row, final double value, final Interval interval) {
		row.addAll(List.of(precise(value), precise(interval.low()), precise(interval.high())));
	}

	/** Empty for NaN. */
	private static String precise(final double value) {
		return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.8g", value);
	}

	/** Models x sets. */
	static Table across(final String title, final List<Figures> overall, final ToDoubleFunction<Agreement> figure) {
		final List<String> sets = overall.stream().map(one -> one.scored().set().name()).distinct().toList();
		final List<String> columns = new ArrayList<>(List.of("model"));
		columns.addAll(sets);
		final List<List<String>> rows = new ArrayList<>();
		for (final String model : overall.stream().map(one -> one.scored().model()).distinct().toList()) {
			final List<String> row = new ArrayList<>(List.of(model));
			for (final String set : sets)
				row.add(overall.stream().filter(one -> one.scored().model().equals(model) && one.scored().set().name().equals(set)).map(one -> Table.number(figure.applyAsDouble(one.agreement()))).findFirst().orElse("nan"));
			rows.add(row);
		}
		return new Table(title, "", columns, rows);
	}

	static Table splits(final List<Scored> scored, final long seed) {
		final List<List<String>> rows = new ArrayList<>();
		for (final Scored one : scored) {
			final Splits splits = Splits.of(one.scores(), one.human(), one.references(), seed);
			final List<String> row = new ArrayList<>(List.of(one.set().name(), one.model(), "" + splits.parts()));
			for (final double value : List.of(splits.srcc(), splits.srccLow(), splits.srccHigh(), splits.plccFit(), splits.plccFitLow(), splits.plccFitHigh()))
				row.add(Table.number(value));
			rows.add(row);
		}
		return new Table("Test parts", "Median, lowest and highest of " + Splits.PARTS + " parts, each a fifth of the references, or of the images where there are none. Nothing was trained on the rest: this is how much a figure on such a part scatters.",
			List.of("set", "model", "parts", "SRCC_median", "SRCC_min", "SRCC_max", "PLCC_fit_median", "PLCC_fit_min", "PLCC_fit_max"), rows);
	}

	static Table monotone(final List<Scored> scored) {
		final List<List<String>> rows = new ArrayList<>();
		for (final Scored one : scored) {
			final double threshold = threshold(one.set());
			final Map<String, OrderedPairs> counts = OrderedPairs.count(one.items(), threshold);
			OrderedPairs all = new OrderedPairs(0, 0);
			for (final OrderedPairs pairs : counts.values())
				all = all.plus(pairs);
			rows.add(pairs(one, "all", threshold, all));
			counts.forEach((distortion, pairs) -> rows.add(pairs(one, distortion, threshold, pairs)));
		}
		return new Table("Levels in the human order", "Of all pairs of levels of one distortion of one image whose human scores differ by more than the threshold, those that the model scores in the human order.",
			List.of("set", "model", "distortion", "threshold", "pairs", "in_order", "share"), rows);
	}

	static double threshold(final RatedSet set) {
		return OrderedPairs.TOLD_APART * set.scale().range();
	}

	private static List<String> pairs(final Scored scored, final String distortion, final double threshold, final OrderedPairs pairs) {
		return List.of(scored.set().name(), scored.model(), distortion, Table.number(threshold), "" + pairs.pairs(), "" + pairs.inOrder(), Table.number(pairs.share()));
	}

	static Table times(final List<Scored> scored) {
		final List<List<String>> rows = new ArrayList<>();
		for (final Scored one : scored)
			rows.add(List.of(one.set().name(), one.model(), "" + one.opinions().size(), "" + one.reused(), Double.isNaN(one.seconds()) ? "nan" : String.format(Locale.ROOT, "%.1f", 1000 * one.seconds())));
		return new Table("Time", "Seconds for a thousand images, without loading the model; all baselines are computed together, and have that time.", List.of("set", "model", "images", "reused", "seconds_per_1000"), rows);
	}
}
