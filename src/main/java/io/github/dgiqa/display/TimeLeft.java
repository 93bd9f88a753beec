package io.github.dgiqa.display;

import java.util.Locale;

/** How far a run is, in words: "3 of 20, 12 s left, on cpu". */
public final class TimeLeft {

	private static final int MINUTE = 60;

	private final long start = System.nanoTime();

	/**
	 * @param shown the number to name, from 1
	 * @param done pieces of work behind
	 * @param all pieces of work in all
	 * @param device where it is computed
	 */
	public String words(final int shown, final int done, final int all, final String device) {
		return shown + " of " + all + ", " + (done == 0 ? "" : time(done, all) + ", ") + "on " + device;
	}

	private String time(final int done, final int all) {
		final double elapsed = (System.nanoTime() - start) / 1e9;
		return done < all ? time(elapsed * (all - done) / done) + " left" : "took " + time(elapsed);
	}

	/** A time in words: "12 s", "3 min", "1.5 h". */
	public static String time(final double seconds) {
		if (seconds < MINUTE) return String.format(Locale.ROOT, "%.0f s", Math.ceil(seconds));
		if (seconds < MINUTE * MINUTE) return String.format(Locale.ROOT, "%.0f min", Math.ceil(seconds / MINUTE));
		return String.format(Locale.ROOT, "%.1f h", seconds / (MINUTE * MINUTE));
	}
}
