package io.github.dgiqa.cli;

import io.github.dgiqa.download.Download;

import java.io.PrintWriter;

/** Lines about how far a file is, one for each tenth, or for each 100 MB where the whole is not known. */
final class Percentage implements Download.Listener {

	private static final int STEPS = 10;
	private static final long STEP = 100L << 20;
	private static final long MEGABYTE = 1 << 20;

	private final PrintWriter to;
	private long last;

	Percentage(final PrintWriter to) {
		this.to = to;
	}

	@Override
	public void progress(final long done, final long all) {
		final long step = all > 0 ? done * STEPS / all : done / STEP;
		if (step == last) return;
		last = step;
		to.println(done / MEGABYTE + (all > 0 ? " of " + all / MEGABYTE : "") + " MB");
	}
}
