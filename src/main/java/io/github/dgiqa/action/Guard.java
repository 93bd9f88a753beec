package io.github.dgiqa.action;

import ij.IJ;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.display.Place;
import io.github.dgiqa.display.ResultsTableRows;

import java.awt.GraphicsEnvironment;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What goes wrong in a command becomes a sentence for the user, and a row. */
final class Guard {

	private static final String DEBUG = "dgiqa.debug";

	private Guard() {}

	/**
	 * Does a command's work.
	 *
	 * @param title of messages
	 * @param otherwise the result where the work cannot be done
	 */
	static <T> T run(final String title, final Values values, final T otherwise, final Supplier<T> work) {
		return run(work, otherwise, sentence -> fail(title, values, sentence));
	}

	/**
	 * Does the work of a command that makes no rows.
	 *
	 * @param title of messages
	 * @param otherwise the result where the work cannot be done
	 */
	static <T> T run(final String title, final T otherwise, final Supplier<T> work) {
		return run(work, otherwise, sentence -> tell(title, sentence));
	}

	/** The same, of work without a result. */
	static void run(final String title, final Runnable work) {
		run(title, null, () -> {
			work.run();
			return null;
		});
	}

	private static <T> T run(final Supplier<T> work, final T otherwise, final Consumer<String> failed) {
		try {
			return work.get();
		}
		catch (final Work.Cancelled e) {
			IJ.showStatus("DGIQA: cancelled");
		}
		catch (RuntimeException | LinkageError | OutOfMemoryError e) {
			if (Boolean.getBoolean(DEBUG)) e.printStackTrace();
			failed.accept(sentence(e));
		}
		return otherwise;
	}

	/** A text to show, or what went wrong in its place. */
	static String text(final Supplier<String> text) {
		try {
			return text.get();
		}
		catch (RuntimeException | LinkageError e) {
			return sentence(e);
		}
	}

	/** What to tell the user about an error. */
	static String sentence(final Throwable e) {
		final boolean surprise = !(e instanceof DgiqaException || e instanceof OutOfMemoryError);
		return (surprise ? "Unexpected error, please report it: " : "") + DgiqaException.sentence(e);
	}

	/** Tells the user, and makes it a row. */
	static void fail(final String title, final Values values, final String sentence) {
		if (!values.text("results").equals("false")) {
			final ResultsTableRows rows = new ResultsTableRows();
			rows.add(Place.single(Subject.label(values)), sentence);
			rows.show();
		}
		tell(title, sentence);
	}

	/** Tells what came of it in the status bar; where there is none, and no macro that reads the table, in the log. */
	static void done(final String summary) {
		IJ.showStatus("DGIQA: " + summary);
		if (GraphicsEnvironment.isHeadless() && !IJ.isMacro()) IJ.log("DGIQA: " + summary);
	}

	/** Tells the user: a person in a dialog, a macro in the log, so that it goes on. */
	static void tell(final String title, final String sentence) {
		IJ.showStatus("DGIQA: " + sentence);
		if (isWatched()) IJ.error(title, sentence);
		else IJ.log(title + ": " + sentence);
	}

	/** Whether a person is there, and no macro at work. */
	static boolean isWatched() {
		return !GraphicsEnvironment.isHeadless() && !IJ.isMacro() && IJ.getInstance() != null;
	}
}
