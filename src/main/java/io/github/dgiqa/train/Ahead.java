package io.github.dgiqa.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * Makes the batches of the next steps while the network learns. With few processors it makes each when it is asked for:
 * PyTorch's threads wait for each other, and all for the one whose processor has other work.
 */
final class Ahead<B> implements AutoCloseable {

	private static final int PROCESSORS_EACH = 4;

	/** How many batches are made at once. */
	private final int steps = Math.min(PROCESSORS_EACH, Runtime.getRuntime().availableProcessors() / PROCESSORS_EACH);
	private final ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, steps), work -> {
		final Thread thread = new Thread(work, "DGIQA examples");
		thread.setDaemon(true);
		return thread;
	});
	private final Deque<Future<B>> coming = new ArrayDeque<>();
	private final LongFunction<B> batches;
	private final long end;
	private long next;

	/** @param from first step @param end behind the last */
	Ahead(final LongFunction<B> batches, final long from, final long end) {
		this.batches = batches;
		this.end = end;
		next = from;
	}

	/** The batch of the next step. */
	B take() {
		if (steps == 0) return batches.apply(next++);
		while (next < end && coming.size() < steps) {
			final long step = next++;
			coming.add(threads.submit(() -> batches.apply(step)));
		}
		try {
			return coming.remove().get();
		}
		catch (final ExecutionException e) {
			if (e.getCause() instanceof RuntimeException) throw (RuntimeException) e.getCause();
			if (e.getCause() instanceof Error) throw (Error) e.getCause();
			throw new IllegalStateException(e.getCause());
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(e);
		}
	}

	/** Waits for what is being made: it uses memory that is freed then. */
	@Override
	public void close() {
		coming.forEach(batch -> batch.cancel(false));
		threads.shutdown();
		try {
			threads.awaitTermination(1, TimeUnit.MINUTES);
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}
}
