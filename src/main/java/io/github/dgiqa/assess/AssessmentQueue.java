package io.github.dgiqa.assess;

import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Sampling;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Assesses pictures one after the other. On a GPU, crops of several pictures go through the network together: results
 * then come later than their pictures, in the order of the pictures. On the CPU each comes at once. For one thread.
 *
 * <pre>
 * final AssessmentQueue&lt;Path&gt; queue = new AssessmentQueue&lt;&gt;(assessor, () -> {});
 * for (final Path file : files)
 * 	show(queue.add(file, ImageFile.open(file).picture(0), assessor.sampling(), null));
 * show(queue.finish());
 * </pre>
 *
 * @param <T> what the caller knows a picture by
 */
public final class AssessmentQueue<T> {

	/** Of pictures that wait, so that large ones do not pile up. */
	private static final long MOST_BYTES = 512L << 20;

	/**
	 * What came of a picture.
	 *
	 * @param assessment null where it failed
	 * @param error why; null where all is well
	 */
	public record Done<T>(T what, Assessment assessment, Throwable error) {}

	/** A picture that waits for its scores, or the reason why it will have none. */
	private static final class Waiting<T> {

		final T what;
		PictureAtWork picture;
		Throwable error;

		Waiting(final T what) {
			this.what = what;
		}

		boolean isOpen() {
			return error == null && !picture.isDone();
		}
	}

	private final Assessor assessor;
	private final Runnable between;
	private final Deque<Waiting<T>> queue = new ArrayDeque<>();

	/** @param between called before each of the networks' steps; a {@link CancellationException} that it throws ends the work */
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
		final Waiting<T> added = new Waiting<>(what);
		attempt(added, () -> added.picture = assessor.prepare(picture, crops, measured, between));
		queue.add(added);
		final List<PictureAtWork> open = open();
		final boolean large = open.stream().mapToLong(PictureAtWork::bytes).sum() > MOST_BYTES;
		if (large || !assessor.joinsPictures()) score(open, Integer.MAX_VALUE);
		else score(open, fullBatches(open));
		return results();
	}

	/**
	 * Adds a picture that could not be opened.
	 *
	 * @return the results that are there now
	 */
	public List<Done<T>> add(final T what, final Throwable error) {
		final Waiting<T> added = new Waiting<>(what);
		added.error = error;
		queue.add(added);
		return results();
	}

	/** Does what is left. Returns the last results. */
	public List<Done<T>> finish() {
		score(open(), Integer.MAX_VALUE);
		return results();
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

	private static void attempt(final Waiting<?> waiting, final Runnable step) {
		try {
			step.run();
		}
		catch (final CancellationException e) {
			throw e;
		}
		catch (RuntimeException | OutOfMemoryError e) {
			waiting.error = e;
		}
	}

	/** The results that are there: also what a cancelled step has left. Each is given once. */
	public List<Done<T>> results() {
		final List<Done<T>> results = new ArrayList<>();
		while (!queue.isEmpty() && !queue.peek().isOpen()) {
			final Waiting<T> head = queue.remove();
			final Assessment[] found = {null};
			if (head.error == null) attempt(head, () -> found[0] = assessor.assessment(head.picture));
			results.add(new Done<>(head.what, found[0], head.error));
		}
		return results;
	}
}
