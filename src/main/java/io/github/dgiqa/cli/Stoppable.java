package io.github.dgiqa.cli;

import io.github.dgiqa.model.ModelRow;
import io.github.dgiqa.model.Watch;

import java.io.PrintWriter;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/** Long work: its progress in lines, at most one a second, and an end in order when the user stops it. */
final class Stoppable implements Watch {

	private static final long PAUSE = 1_000_000_000;
	private static final int SECONDS_TO_END = 60;

	/** The user stopped the program. */
	private static final class Stopped extends CancellationException {

		private static final long serialVersionUID = 1L;
	}

	private final PrintWriter to;
	private final String farewell;
	private final CountDownLatch ended = new CountDownLatch(1);
	private volatile boolean stopped;
	private long last = System.nanoTime();

	private Stoppable(final PrintWriter to, final String farewell) {
		this.to = to;
		this.farewell = farewell;
	}

	/**
	 * Does the work. Stopped by the user, it removes what is half done, and the process ends.
	 *
	 * @param farewell the last words when it is stopped
	 * @return what the work returns
	 */
	static int run(final PrintWriter to, final String farewell, final ToIntFunction<Stoppable> work) {
		final Stoppable stoppable = new Stoppable(to, farewell);
		final Thread onStop = new Thread(stoppable::stop);
		Runtime.getRuntime().addShutdownHook(onStop);
		try {
			return work.applyAsInt(stoppable);
		}
		catch (final Stopped e) {
			return ExitStatus.CANCELLED;
		}
		finally {
			stoppable.ended.countDown();
			Stop.forget(onStop);
		}
	}

	private void stop() {
		stopped = true;
		try {
			ended.await(SECONDS_TO_END, TimeUnit.SECONDS);
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
		}
		to.println(farewell);
		Runtime.getRuntime().halt(ExitStatus.CANCELLED);
	}

	/** @throws CancellationException where the user has stopped the program */
	void check() {
		if (stopped) throw new Stopped();
	}

	@Override
	public void at(final String step, final long done, final long all) {
		check();
		final long now = System.nanoTime();
		if (now - last < PAUSE) return;
		last = now;
		to.println(step + ": " + ModelRow.size(done) + (all < 0 ? "" : " of " + ModelRow.size(all)));
	}

	@Override
	public void note(final String sentence) {
		to.println(sentence);
	}
}
