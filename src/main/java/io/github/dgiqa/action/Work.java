package io.github.dgiqa.action;

import ij.IJ;
import ij.ImagePlus;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.display.TimeLeft;
import io.github.dgiqa.model.ModelRow;

import java.util.concurrent.CancellationException;

/** A command at work: its image is locked, its progress shown, and Esc ends it. */
final class Work implements AutoCloseable {

	/** The user pressed Esc. */
	static final class Cancelled extends CancellationException {

		private static final long serialVersionUID = 1L;
	}

	private final ImagePlus image;
	private final TimeLeft timeLeft = new TimeLeft();

	/**
	 * Begins.
	 *
	 * @param image locked until {@link #close}; null for none
	 * @throws DgiqaException where another command works on it
	 */
	Work(final ImagePlus image) {
		if (image != null && !image.lockSilently())
			throw new DgiqaException("Another command works on " + image.getTitle() + ": wait until it is done, or stop it with Esc, and try again.");
		this.image = image;
		IJ.resetEscape();
	}

	/** @throws Cancelled where the user pressed Esc since the work began */
	static void checkEscape() {
		if (IJ.escapePressed()) throw new Cancelled();
	}

	/**
	 * Shows how far the work is.
	 *
	 * @param unit what the pieces are: slice, file ...
	 * @param done pieces behind
	 * @throws Cancelled as {@link #checkEscape}
	 */
	void show(final String unit, final int done, final int all, final String device) {
		checkEscape();
		IJ.showStatus("DGIQA: " + unit + " " + timeLeft.words(Math.min(done + 1, all), done, all, device));
		if (all > 1) IJ.showProgress(done, all);
	}

	/**
	 * Shows how far a file is.
	 *
	 * @param step what is being done: "reading dgiqa.pth"
	 * @param done bytes behind
	 * @param all bytes in all; -1 where that is not known
	 * @throws Cancelled as {@link #checkEscape}
	 */
	static void showBytes(final String step, final long done, final long all) {
		checkEscape();
		IJ.showStatus("DGIQA: " + step + ", " + ModelRow.size(done) + (all < 0 ? "" : " of " + ModelRow.size(all)));
		if (all > 0) IJ.showProgress((double) done / all);
	}

	@Override
	public void close() {
		if (image != null) image.unlock();
		IJ.showProgress(1.0);
	}
}
