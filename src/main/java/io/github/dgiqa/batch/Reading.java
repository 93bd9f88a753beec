package io.github.dgiqa.batch;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Stages;
import io.github.dgiqa.assess.Stages.Stage;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Picture;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * Reads the pictures of files in order, in a thread of its own, one ahead of those that were taken; behind a
 * large one, none until it was taken and the next is asked for.
 */
public final class Reading implements AutoCloseable {

	/** Pictures that are read ahead. */
	private static final int AHEAD = 1;
	/** Milliseconds between two looks whether the work was cancelled. */
	private static final long LOOK_EVERY = 100;

	/**
	 * A picture of a file, or why there is none.
	 *
	 * @param slice as {@link ImageFile#slice}; 1 where the file could not be opened
	 * @param isStack whether the file has others
	 * @param others how many pictures this one's file has beside it; 0 for all but the first
	 * @param error null where there is a picture
	 * @param last the file as it was before it was opened, with its last picture; else null
	 */
	record Read(Inputs.Input input, int slice, boolean isStack, int others, Picture picture, Throwable error, FileState last) {

		private boolean isLarge() {
			return picture != null && picture.isLarge();
		}
	}

	private final List<Inputs.Input> inputs;
	private final Function<Path, ImageFile> opener;
	private final Stages stages;
	private final Deque<Read> ready = new ArrayDeque<>();
	private long made;
	private long asked;
	private boolean large;
	private boolean ended;
	private boolean closed;
	private Throwable failure;

	private Reading(final List<Inputs.Input> inputs, final Function<Path, ImageFile> opener, final Stages stages) {
		this.inputs = inputs;
		this.opener = opener;
		this.stages = stages;
	}

	/** Begins. @param opener opens each file, in the thread that reads */
	public static Reading of(final List<Inputs.Input> inputs, final Function<Path, ImageFile> opener) {
		return of(inputs, opener, Stages.NOT_TAKEN);
	}

	/** As {@link #of(List, Function)}. @param stages where its time goes */
	public static Reading of(final List<Inputs.Input> inputs, final Function<Path, ImageFile> opener, final Stages stages) {
		final Reading reading = new Reading(inputs, opener, stages);
		final Thread thread = new Thread(reading::read, "DGIQA reading");
		thread.setDaemon(true);
		thread.start();
		return reading;
	}

	int files() {
		return inputs.size();
	}

	/**
	 * The next picture; null where there is none.
	 *
	 * @param between called while it waits; what it throws ends the wait
	 */
	synchronized Read take(final Runnable between) {
		asked++;
		notifyAll();
		while (ready.isEmpty() && !ended) {
			between.run();
			pause(LOOK_EVERY);
		}
		if (!ready.isEmpty()) return ready.remove();
		if (failure instanceof Error) throw (Error) failure;
		if (failure != null) throw (RuntimeException) failure;
		return null;
	}

	/** Reads no more; a file that is being read is read to its end. */
	@Override
	public synchronized void close() {
		closed = true;
		notifyAll();
	}

	// -- the thread that reads --

	private void read() {
		try {
			for (final Inputs.Input input : inputs) {
				if (!mayGoOn()) break;
				read(input);
			}
		}
		catch (RuntimeException | Error e) { // else take would wait for ever
			end(e);
			return;
		}
		end(null);
	}

	private void read(final Inputs.Input input) {
		if (input.problem() != null) {
			put(new Read(input, 1, false, 0, null, new DgiqaException(input.problem()), FileState.NONE));
			return;
		}
		final FileState state = FileState.of(input);
		final ImageFile opened;
		try {
			opened = stages.in(Stage.READ, () -> opener.apply(input.file()));
		}
		catch (RuntimeException | OutOfMemoryError e) {
			put(new Read(input, 1, false, 0, null, e, state));
			return;
		}
		try (ImageFile file = opened) {
			for (int i = 0; i < file.size() && (i == 0 || mayGoOn()); i++)
				put(read(input, file, i, i == file.size() - 1 ? state : null));
		}
	}

	private Read read(final Inputs.Input input, final ImageFile file, final int i, final FileState last) {
		final int others = i == 0 ? file.size() - 1 : 0;
		try {
			return new Read(input, file.slice(i), file.isStack(), others, stages.in(Stage.CONVERT, () -> file.picture(i)), null, last);
		}
		catch (RuntimeException | OutOfMemoryError e) {
			return new Read(input, file.slice(i), file.isStack(), others, null, e, last);
		}
	}

	/** Waits until there is room for another picture; false where no more are wanted. */
	private synchronized boolean mayGoOn() {
		while (!closed && made - asked >= (large ? 0 : AHEAD))
			pause(0);
		return !closed;
	}

	private synchronized void put(final Read read) {
		ready.add(read);
		made++;
		large = read.isLarge();
		notifyAll();
	}

	private synchronized void end(final Throwable e) {
		failure = e;
		ended = true;
		notifyAll();
	}

	/** @param milliseconds 0 for as long as it takes */
	private void pause(final long milliseconds) {
		try {
			wait(milliseconds);
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("The thread was interrupted.", e);
		}
	}
}
