package io.github.dgiqa.assess;

import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Sampling;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Assesses pictures. On a GPU, crops of several pictures go through the network together; on the CPU several pictures are
 * assessed at a time, a large one alone. Results come later than their pictures, in the order of the pictures. For one
 * thread.
 *
 * <pre>
 * try (AssessmentQueue&lt;Path&gt; queue = new AssessmentQueue&lt;&gt;(assessor, () -> {})) {
 * 	for (final Path file : files)
 * 		show(queue.add(file, ImageFile.open(file).picture(0), assessor.sampling(), null));
 * 	show(queue.finish());
 * }
 * </pre>
 *
 * @param <T> what the caller knows a picture by
 */
public final class AssessmentQueue<T> implements AutoCloseable {

	/** Of pictures that wait, so that large ones do not pile up. */
	private static final long MOST_BYTES = 512L << 20;
	/** Milliseconds that pictures under way have to come to their end, once the work was cancelled. */
	private static final long GRACE = 2000;

	/**
	 * What came of a picture.
	 *
	 * @param assessment null where it failed
	 * @param error why; null where all is well
	 */
	public record Done<T>(T what, Assessment assessment, Throwable error) {}

	/** What is to be assessed. */
	private record Wish(Picture picture, Sampling crops, FloatMap measured) {}

	/** A picture that waits for its scores, or what came of it. */
	private static final class Waiting<T> {

		final T what;
		/** Null where it is settled. */
		Wish wish;
		/** Where crops of several pictures go together. */
		PictureAtWork picture;
		/** Where it is assessed beside others. */
		Future<Assessment> lane;
		Assessment assessment;
		Throwable error;

		Waiting(final T what, final Wish wish) {
			this.what = what;
			this.wish = wish;
		}

		boolean isOpen() {
			return wish != null && picture != null && !picture.isDone();
		}

		boolean isUnderWay() {
			return lane != null && !lane.isDone();
		}

		void settle(final Assessment found, final Throwable failure) {
			assessment = found;
			error = failure;
			wish = null;
			picture = null;
			lane = null;
		}
	}

	private final Assessor assessor;
	private final Runnable between;
	private final Deque<Waiting<T>> queue = new ArrayDeque<>();
	/** Null before the first picture that need not be alone. */
	private Lanes lanes;
	private boolean closed;

	/** @param between called before each of the networks' steps, or while it waits for them; a {@link CancellationException} that it throws ends the work */
	public AssessmentQueue(final Assessor assessor, final Runnable between) {
		this.assessor = assessor;
		this.between = between;
	}

	/**
	 * Adds a picture.
	 *
	 * @param measured its inverse depth, near is large; null where the depth model estimates it
	 * @return the results that are there now, of this picture or of those before it
	 */
	public List<Done<T>> add(final T what, final Picture picture, final Sampling crops, final FloatMap measured) {
		final Waiting<T> added = new Waiting<>(what, new Wish(picture, crops, measured));
		queue.add(added);
		if (assessor.joinsPictures()) join(added);
		else if (picture.isLarge() || assessor.lanes() == 1) settleAll();
		else beside(added);
		return results();
	}

	/**
	 * Adds a picture that could not be opened.
	 *
	 * @return the results that are there now
	 */
	public List<Done<T>> add(final T what, final Throwable error) {
		final Waiting<T> added = new Waiting<>(what, null);
		added.error = error;
		queue.add(added);
		return results();
	}

	/** Does what is left. Returns the last results. */
	public List<Done<T>> finish() {
		settleAll();
		return results();
	}

	/** The results that are there. Each is given once. */
	private List<Done<T>> results() {
		// another try may be cancelled: until then none may have left the queue
		int settled = 0;
		for (final Waiting<T> waiting : queue) {
			if (!isSettled(waiting)) break;
			settled++;
		}
		final List<Done<T>> results = new ArrayList<>();
		for (int i = 0; i < settled; i++) {
			final Waiting<T> head = queue.remove();
			results.add(new Done<>(head.what, head.assessment, head.error));
		}
		return results;
	}

	/**
	 * Ends the work, where it was cancelled, after a little while in which what is under way may come to its end. Returns
	 * the last results.
	 */
	public List<Done<T>> giveUp() {
		final long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GRACE);
		try {
			for (final Waiting<T> waiting : queue)
				if (waiting.isUnderWay()) Lanes.await(waiting.lane, Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
		}
		catch (final Lanes.Interrupted e) {
			// there is no time then
		}
		close();
		return results();
	}

	/** Gives up what is not done. */
	@Override
	public void close() {
		closed = true;
		if (lanes != null) lanes.close();
	}

	private boolean isSettled(final Waiting<T> waiting) {
		if (waiting.picture != null && waiting.picture.isDone()) settle(waiting, () -> assessor.assessment(waiting.picture));
		else if (waiting.lane != null && waiting.lane.isDone()) settle(waiting);
		return waiting.wish == null;
	}

	private void settleAll() {
		score(open(), Integer.MAX_VALUE);
		awaitLanes(0);
		for (final Waiting<T> waiting : queue)
			if (!isSettled(waiting)) alone(waiting);
	}

	/** With all threads. */
	private void alone(final Waiting<T> waiting) {
		final Wish wish = waiting.wish;
		if (lanes != null) lanes.useAll();
		settle(waiting, () -> assessor.assess(wish.picture, wish.crops, wish.measured, between));
	}

	private static void settle(final Waiting<?> waiting, final Supplier<Assessment> found) {
		attempt(waiting, () -> waiting.settle(found.get(), null));
	}

	private static void attempt(final Waiting<?> waiting, final Runnable step) {
		try {
			step.run();
		}
		catch (final CancellationException e) {
			throw e;
		}
		catch (RuntimeException | OutOfMemoryError e) {
			waiting.settle(null, e);
		}
	}

	// -- several pictures at a time --

	/** Waits until it has a lane, or the work is done. */
	private void beside(final Waiting<T> added) {
		between.run();
		score(open(), Integer.MAX_VALUE); // those from before a GPU failed
		if (lanes == null) lanes = assessor.openLanes();
		added.lane = lanes.begin(added.wish.picture, added.wish.crops, added.wish.measured);
		awaitLanes(lanes.size());
	}

	/** Waits until no more than so many pictures are under way. */
	private void awaitLanes(final int most) {
		for (long underWay = underWay(); underWay > most; underWay = underWay())
			Lanes.await(queue.stream().filter(Waiting::isUnderWay).findFirst().orElseThrow().lane, between);
	}

	private long underWay() {
		return queue.stream().filter(Waiting::isUnderWay).count();
	}

	/** Takes what a lane has found. */
	private void settle(final Waiting<T> waiting) {
		try {
			waiting.settle(waiting.lane.get(), null);
		}
		catch (final ExecutionException e) {
			final Throwable cause = e.getCause();
			if (cause instanceof CancellationException) return; // it was given up
			final boolean lacksMemory = TorchEngine.isLackOfMemory(cause);
			if (closed && (lacksMemory || cause instanceof Error)) return;
			if (lacksMemory) {
				waiting.lane = null;
				awaitLanes(0); // there may be enough for one at a time
				alone(waiting);
			}
			else if (cause instanceof Error) throw (Error) cause; // it is not this picture's
			else waiting.settle(null, cause);
		}
		catch (final InterruptedException e) {
			throw new IllegalStateException(e); // it is done, there is nothing to wait for
		}
	}

	// -- crops of several pictures together --

	private void join(final Waiting<T> added) {
		final Wish wish = added.wish;
		attempt(added, () -> added.picture = assessor.prepare(wish.picture, wish.crops, wish.measured, between));
		final List<PictureAtWork> open = open();
		final boolean large = open.stream().mapToLong(PictureAtWork::bytes).sum() > MOST_BYTES;
		score(open, large ? Integer.MAX_VALUE : fullBatches(open));
	}

	private List<PictureAtWork> open() {
		return queue.stream().filter(Waiting::isOpen).map(waiting -> waiting.picture).toList();
	}

	/** Crops. */
	private int fullBatches(final List<PictureAtWork> open) {
		final int crops = open.stream().mapToInt(picture -> picture.open().size()).sum();
		return crops - crops % assessor.batch();
	}

	private void score(final List<PictureAtWork> open, final int most) {
		try {
			assessor.score(open, most, between);
		}
		catch (final CancellationException e) {
			throw e;
		}
		catch (RuntimeException | OutOfMemoryError e) {
			// one of them is to blame: each has another try alone
			for (final Waiting<T> waiting : queue)
				if (waiting.isOpen()) attempt(waiting, () -> assessor.score(List.of(waiting.picture), Integer.MAX_VALUE, between));
		}
	}
}
