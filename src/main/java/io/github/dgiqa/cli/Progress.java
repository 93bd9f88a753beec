package io.github.dgiqa.cli;

import io.github.dgiqa.display.TimeLeft;

import java.io.PrintWriter;

/** Lines about how far a run is, at most one a second. */
final class Progress {

	private static final long PAUSE = 1_000_000_000;

	private final PrintWriter to;
	private final TimeLeft timeLeft = new TimeLeft();
	private long last = System.nanoTime();

	Progress(final PrintWriter to) {
		this.to = to;
	}

	void show(final int done, final int expected, final String device) {
		final long now = System.nanoTime();
		if (now - last < PAUSE && done < expected) return;
		last = now;
		to.println(timeLeft.words(done, done, expected, device));
	}
}
