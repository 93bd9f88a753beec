package io.github.dgiqa.action;

import ij.IJ;
import ij.ImagePlus;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.display.Slices;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keep Best Slices. */
public final class BestSlices {

	private static final String TITLE = "Keep Best Slices";
	private static final int NUMBER = 10;
	private static final double ALL = 100;

	private BestSlices() {}

	/**
	 * Scores every position of a stack and copies the best ones, as docs/macros.md says. The image stays as it is.
	 *
	 * @param inputs by the keys of macros
	 * @return the new stack, or null
	 */
	public static ImagePlus run(final Map<String, ?> inputs) {
		final Values values = new Values(inputs);
		return Guard.run(TITLE, values, null, () -> keep(values));
	}

	private static ImagePlus keep(final Values values) {
		final boolean results = values.flag("results", true);
		final String by = values.choice("keep", "number", "share", "threshold");
		final double amount = amount(values, by);
		final ImagePlus image = Subject.lockable(values);
		if (image == null) throw new DgiqaException("Slices can be kept of an image; data has none.");
		final Scoring scoring = AssessImage.scoreStack(TITLE, values, results);
		final List<Scoring.Scored> ranked = ranked(scoring.scored());
		if (ranked.isEmpty() || scoring.scored().size() < scoring.all()) return null; // failed, or cancelled: there is no best of all
		final Set<Scoring.Scored> best = new HashSet<>(best(ranked, by, amount));
		if (best.isEmpty()) throw new DgiqaException("No slice has a score of at least " + amount + "; the best has " + ranked.get(0).assessment().score() + ". Lower the amount.");
		IJ.showStatus("DGIQA: kept " + best.size() + " of " + scoring.all());
		return Slices.copy(image, scoring.scored().stream().filter(best::contains).map(scored -> scored.view().place()).toList());
	}

	private static double amount(final Values values, final String by) {
		final double amount = values.number("amount", NUMBER);
		if (by.equals("number") && (amount < 1 || amount != Math.rint(amount))) throw Values.unknown("amount", values.text("amount"), "with keep=number a whole number of at least 1");
		if (by.equals("share") && (amount <= 0 || amount > ALL)) throw Values.unknown("amount", values.text("amount"), "with keep=share more than 0 and at most 100 percent");
		if (by.equals("threshold") && (amount < 0 || amount > 1)) throw Values.unknown("amount", values.text("amount"), "with keep=threshold a score from 0 to 1");
		return amount;
	}

	/** The best of all that has a score: a share is rounded, but at least one. */
	private static List<Scoring.Scored> best(final List<Scoring.Scored> ranked, final String by, final double amount) {
		if (by.equals("threshold")) return ranked.stream().filter(scored -> scored.assessment().score() >= amount).toList();
		final long number = by.equals("number") ? (long) amount : Math.max(1, Math.round(ranked.size() * amount / ALL));
		return ranked.subList(0, (int) Math.min(number, ranked.size()));
	}

	/** Those that have a score, the best first; of equal ones the first in the stack. */
	static List<Scoring.Scored> ranked(final List<Scoring.Scored> scored) {
		return scored.stream().filter(one -> one.assessment() != null).sorted(Comparator.comparingDouble(one -> -one.assessment().score())).toList();
	}
}
