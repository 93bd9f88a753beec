package io.github.dgiqa.download;

import java.time.Duration;
import java.util.concurrent.CancellationException;

/** Tells a listener how far a download is, about ten times a second, also while nothing comes, so that it can cancel. */
final class Ticker {

	/** How long any wait may last before the next {@link #tick()}. */
	static final long MILLIS = 100;

	private final Download.Listener listener;
	private long done;
	private long all = Source.UNKNOWN;
	private long last;
	private boolean told;

	Ticker(final Download.Listener listener) {
		this.listener = listener;
	}

	/** How far it is now. */
	void at(final long bytes, final long ofAll) {
		done = bytes;
		all = ofAll;
		tick();
	}

	/** Nothing new. */
	void tick() {
		if (Thread.currentThread().isInterrupted()) throw interrupted();
		if (!told || System.nanoTime() - last >= MILLIS * 1_000_000) tell();
	}

	/** The last word. */
	void end(final long bytes) {
		done = bytes;
		all = bytes;
		tell();
	}

	private void tell() {
		told = true;
		last = System.nanoTime();
		listener.progress(done, all);
	}

	void note(final String sentence) {
		listener.note(sentence);
	}

	void sleep(final Duration duration) {
		final long end = System.nanoTime() + duration.toNanos();
		try {
			for (long left = duration.toMillis(); left > 0; left = (end - System.nanoTime()) / 1_000_000) {
				tick();
				Thread.sleep(Math.min(left, MILLIS));
			}
		}
		catch (final InterruptedException e) {
			throw interrupted();
		}
	}

	/** What an interrupted thread throws; it stays interrupted. */
	static CancellationException interrupted() {
		Thread.currentThread().interrupt();
		return new CancellationException("The download was interrupted.");
	}
}
