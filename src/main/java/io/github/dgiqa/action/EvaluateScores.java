package io.github.dgiqa.action;

import ij.IJ;

import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.evaluate.Evaluation;
import io.github.dgiqa.evaluate.Report;
import io.github.dgiqa.evaluate.Table;
import io.github.dgiqa.evaluate.sets.RatedSet;
import io.github.dgiqa.evaluate.statistics.Bootstrap;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelStore;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Evaluate: a model against human scores, with ImageJ's progress, log and Esc. */
public final class EvaluateScores {

	private static final String TITLE = "Evaluate";
	private static final String PREFIX = "DGIQA: ";
	private static final int RESAMPLES = 1000;
	private static final int MOST_RESAMPLES = 1_000_000;

	private EvaluateScores() {}

	/**
	 * Evaluates, as docs/macros.md says.
	 *
	 * @param inputs by the keys of macros
	 * @return the tables as text; empty where it could not be done, or was cancelled
	 */
	public static List<String> run(final Map<String, ?> inputs) {
		final Values values = new Values(inputs);
		return Guard.run(TITLE, values, List.of(), () -> evaluate(values));
	}

	private static List<String> evaluate(final Values values) {
		final ModelChoice choice = ModelChoice.of(values);
		final Path csv = values.path("csv");
		if (csv == null) throw Values.unknown("csv", "", "a CSV file with the columns image and score");
		final boolean baselines = values.flag("baselines", true);
		final boolean monotone = values.flag("monotone", false);
		final Bootstrap bootstrap = new Bootstrap((int) values.integer("resamples", RESAMPLES, 0, MOST_RESAMPLES), choice.random().seed());
		final Path given = values.path("out");
		final Path out = given == null ? csv.toAbsolutePath().resolveSibling("evaluation") : given;
		final ModelStore store = Assessors.store();
		final Assessor.Settings settings = choice.settings(store.find(choice.settings().model(), ModelDescription.Kind.QUALITY).description().sampling());
		final RatedSet set = RatedSet.read(csv.getFileName().toString().replaceFirst("(?i)\\.csv$", ""), csv);
		IJ.log(PREFIX + set.name() + ": " + set.opinions().size() + " images; human scores " + set.scale());
		set.sentences().forEach(sentence -> IJ.log(PREFIX + sentence));
		try (Work work = new Work(null)) {
			final Report report = Evaluation.run(store, new Evaluation.Plan(List.of(set), List.of(settings), baselines, bootstrap, monotone, out), new Progress(work), Work::checkEscape);
			final List<String> tables = report.tables().stream().map(Table::text).toList();
			tables.forEach(IJ::log);
			report.notes().forEach(note -> IJ.log(PREFIX + note));
			IJ.log(PREFIX + "all tables and plots: " + report.page());
			Guard.done("evaluated" + (report.failed() > 0 ? ", " + report.failed() + " scores failed" : "") + "; " + report.page());
			return tables;
		}
	}

	/** In the status bar; errors in the log. */
	private record Progress(Work work) implements Evaluation.Listener {

		@Override
		public void begins(final String scorer, final String set, final int reused, final int open) {
			IJ.showStatus(PREFIX + scorer + ": " + open + " images to score, " + reused + " scored before");
		}

		@Override
		public void image(final Path image, final int done, final int open, final String device, final String error) {
			if (!error.isEmpty()) IJ.log(PREFIX + image + ": " + error);
			work.show("image", done, open, device);
		}
	}
}
