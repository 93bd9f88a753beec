package io.github.dgiqa.action;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessment;
import io.github.dgiqa.display.MapOverlay;
import io.github.dgiqa.display.ResultsTableRows;

import java.util.List;
import java.util.Map;

/** Assess Quality: scores of the active image, rows and overlays. */
public final class AssessImage {

	private static final String TITLE = "Assess Quality";
	private static final int OPACITY = 60;
	private static final int ALL = 100;

	private AssessImage() {}

	/**
	 * Scores an image, as docs/macros.md says.
	 *
	 * @param inputs by the keys of macros
	 * @return what was found, without what failed
	 */
	public static List<Assessment> run(final Map<String, ?> inputs) {
		final Values values = new Values(inputs);
		return Guard.run(TITLE, values, List.of(), () -> assess(values));
	}

	private static List<Assessment> assess(final Values values) {
		final boolean results = values.flag("results", true);
		final List<String> maps = values.several("maps", "none", MapOverlay.KINDS);
		final double opacity = values.integer("opacity", OPACITY, 0, ALL) / (double) ALL;
		if (!maps.isEmpty() && Subject.lockable(values) == null) throw new DgiqaException("Overlays need an image, and data has none; leave the key maps out.");
		final ResultsTableRows rows = new ResultsTableRows();
		final MapOverlay overlay = maps.isEmpty() ? null : new MapOverlay(Subject.image(values), maps, opacity);
		final Scoring scoring = Scoring.run(values, false, scored -> {
			if (results) add(scored, rows);
			if (overlay != null) overlay.put(scored.view().place(), scored.view().part(), scored.assessment());
		});
		rows.show();
		scoring.tell(TITLE, results);
		return scoring.assessments();
	}

	/** Scores every position of a stack, with rows where they are wanted; tells what fails. @param title of messages */
	static Scoring scoreStack(final String title, final Values values, final boolean results) {
		final ResultsTableRows rows = new ResultsTableRows();
		final Scoring scoring = Scoring.run(values, true, scored -> {
			if (results) add(scored, rows);
		});
		rows.show();
		scoring.tell(title, results);
		return scoring;
	}

	/** The row of a view. */
	private static void add(final Scoring.Scored scored, final ResultsTableRows rows) {
		if (scored.assessment() == null) rows.add(scored.view().place(), scored.error());
		else rows.add(scored.view().place(), scored.assessment());
	}
}
