package io.github.dgiqa.assess;

import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Sampling;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Assesses several pictures at a time on the CPU, each in a thread of its own: these threads need not wait for each other,
 * as those within one network do. The networks of the first picture have all threads, for it may be the only one.
 */
final class Lanes implements AutoCloseable {

	/** Milliseconds between two looks whether the work was cancelled. */
	private static final long LOOK_EVERY = 50;

	private final TorchEngine engine;
	private final int size;
	private final ExecutorService threads;
	/** Of each thread. */
	private final ThreadLocal<Assessor> own;
	private int begun;
	private volatile boolean stopped;

	/** @param size pictures at a time, at least 2 */
	Lanes(final Assessor assessor, final TorchEngine engine, final int size) {
		this.engine = engine;
		this.size = size;
		own = ThreadLocal.withInitial(assessor::beside);
		threads = Executors.newFixedThreadPool(size, work -> {
			final Thread thread = new Thread(work, "DGIQA lane");
			thread.setDaemon(true);
			return thread;
		});
		threads.submit(this::rehearse);
	}

	/** What the first picture would wait for is done beside its depth. What fails here fails there again. */
	private void rehearse() {
		if (stopped) return;
		engine.use(1);
		own.get().rehearse();
	}

	/** Pictures at a time. */
	int size() {
		return size;
	}

	/** Begins to assess a picture, once a lane is free. @param measured null where the depth model estimates it */
	Future<Assessment> begin(final Picture picture, final Sampling crops, final FloatMap measured) {
		final int share = begun++ == 0 ? engine.threads() : Math.max(1, engine.threads() / size);
		final Callable<Assessment> work = () -> {
			engine.use(share);
			return own.get().assess(picture, crops, measured, this::check);
		};
		return threads.submit(work);
	}

	/** From now on computations of this thread take all threads. */
	void useAll() {
		engine.use(engine.threads());
	}

	private void check() {
		if (stopped) throw new CancellationException();
	}

	/**
	 * Waits until a picture is assessed, or has failed.
	 *
	 * @param between called while it waits; what it throws ends the wait
	 */
	static void await(final Future<Assessment> picture, final Runnable between) {
		while (!picture.isDone()) {
			between.run();
			await(picture, LOOK_EVERY);
		}
	}

	/**
	 * Waits for so many milliseconds at most.
	 *
	 * @throws Interrupted where this thread is; it stays so
	 */
	static void await(final Future<Assessment> picture, final long milliseconds) {
		try {
			picture.get(milliseconds, TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException | ExecutionException e) {
			// whoever takes the result will see
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new Interrupted(e);
		}
	}

	/** Ends the lanes: pictures that are not done are given up. */
	@Override
	public void close() {
		stopped = true;
		threads.shutdown(); // no interrupts: who knows what they would end
		boolean interrupted = false;
		while (!threads.isTerminated()) {
			try {
				threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
			}
			catch (final InterruptedException e) {
				interrupted = true;
			}
		}
		useAll();
		if (interrupted) Thread.currentThread().interrupt();
	}

	/** The thread that waits was interrupted. */
	static final class Interrupted extends IllegalStateException {

		private static final long serialVersionUID = 1L;

		private Interrupted(final InterruptedException e) {
			super("The thread was interrupted.", e);
		}
	}
}
