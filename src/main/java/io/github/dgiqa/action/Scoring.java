package io.github.dgiqa.action;

import ij.IJ;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessment;
import io.github.dgiqa.assess.AssessmentQueue;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The scores of an image's views.
 *
 * @param scored those that were looked at, in their order
 * @param all how many there are
 */
record Scoring(List<Scored> scored, int all) {

	/**
	 * A view and what came of it.
	 *
	 * @param assessment null where it failed
	 * @param error why; empty where all is well
	 */
	record Scored(View view, Assessment assessment, String error) {}

	/**
	 * Scores one view after the other; one that fails does not stop the others, and Esc does.
	 *
	 * @param listener learns of each as soon as it is known
	 * @throws DgiqaException where nothing can be scored
	 */
	static Scoring run(final Values values, final boolean stack, final Consumer<Scored> listener) {
		final ModelChoice choice = ModelChoice.of(values);
		final List<View> views = View.of(values, stack);
		final List<Scored> done = new ArrayList<>();
		try (Work work = new Work(Subject.lockable(values));
			Assessors.Loan loan = Assessors.borrow(choice.settings());
			AssessmentQueue<View> queue = new AssessmentQueue<>(loan.assessor(), Work::checkEscape)) {
			final Assessor assessor = loan.assessor();
			try {
				for (final View view : views) {
					work.show("slice", done.size(), views.size(), assessor.deviceName());
					take(add(view, queue, choice.samplingOf(assessor)), done, listener);
					Assessors.tidy();
				}
				take(queue.finish(), done, listener);
			}
			finally {
				take(queue.giveUp(), done, listener); // what Esc has left
			}
			Guard.done(summary(done, assessor.deviceName()));
		}
		catch (final Work.Cancelled e) {
			IJ.showStatus("DGIQA: cancelled after " + done.size() + " of " + views.size() + "; what was computed is kept");
		}
		return new Scoring(done, views.size());
	}

	private static List<AssessmentQueue.Done<View>> add(final View view, final AssessmentQueue<View> queue, final Sampling crops) {
		final Picture picture;
		final FloatMap measured;
		try {
			picture = view.picture().get();
			measured = view.measured().get();
		}
		catch (RuntimeException | OutOfMemoryError e) {
			return queue.add(view, e);
		}
		return queue.add(view, picture, crops, measured);
	}

	private static void take(final List<AssessmentQueue.Done<View>> results, final List<Scored> done, final Consumer<Scored> listener) {
		for (final AssessmentQueue.Done<View> result : results) {
			final Scored scored = new Scored(result.what(), result.assessment(), result.error() == null ? "" : Guard.sentence(result.error()));
			done.add(scored);
			listener.accept(scored);
		}
	}

	/** @throws Work.Cancelled where the user presses Esc */
	static Assessment assess(final View view, final Assessor assessor, final ModelChoice choice) {
		return assessor.assess(view.picture().get(), choice.samplingOf(assessor), view.measured().get(), Work::checkEscape);
	}

	private static String summary(final List<Scored> done, final String device) {
		final long failed = done.stream().filter(scored -> scored.assessment() == null).count();
		if (failed > 0) return failed + " of " + done.size() + " could not be scored" + (done.size() == 1 ? ": " + done.get(0).error() : "; the column Error says why");
		return done.size() == 1 ? String.format(Locale.ROOT, "score %.4f, on %s", done.get(0).assessment().score(), device) : done.size() + " slices scored, on " + device;
	}

	/** What was found, of those that did not fail. */
	List<Assessment> assessments() {
		return scored.stream().map(Scored::assessment).filter(Objects::nonNull).toList();
	}

	/** Tells the user where nothing could be scored, or where there are no rows that say what failed. */
	void tell(final String title, final boolean rows) {
		final List<Scored> failed = scored.stream().filter(one -> one.assessment() == null).toList();
		if (failed.isEmpty() || rows && failed.size() < scored.size()) return;
		Guard.tell(title, failed.get(0).error() + (failed.size() > 1 ? " (and " + (failed.size() - 1) + " more)" : ""));
	}
}
