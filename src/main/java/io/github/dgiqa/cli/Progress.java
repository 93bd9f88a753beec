package io.github.dgiqa.cli;

import java.io.PrintWriter;
import java.util.Locale;

/** Lines about how far a run is, at most one a second. */
final class Progress {

	private static final long PAUSE = 1_000_000_000;
	private static final int MINUTE = 60;

	private final PrintWriter to;
	private final String device;
	private final long start = System.nanoTime();
	private long last = start;

	Progress(final PrintWriter to, final String device) {
		this.to = to;
		this.device = device;
	}

	void show(final int done, final int expected) {
		final long now = System.nanoTime();
		if (now - last < PAUSE && done < expected) return;
		last = now;
		final double elapsed = (now - start) / 1e9;
		final String time = done < expected ? time(elapsed * (expected - done) / done) + " left" : "took " + time(elapsed);
		to.printf(Locale.ROOT, "%d of %d, %s, on %s%n", done, expected, time, device);
	}

	private static String time(final double seconds) {
		if (seconds < MINUTE) return String.format(Locale.ROOT, "%.0f s", Math.ceil(seconds));
		if (seconds < MINUTE * MINUTE) return String.format(Locale.ROOT, "%.0f min", Math.ceil(seconds / MINUTE));
		return String.format(Locale.ROOT, "%.1f h", seconds / (MINUTE * MINUTE));
	}
}
