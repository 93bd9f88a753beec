package io.github.dgiqa.cli;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** What happens when the program is asked to stop while it works: what is being written is finished, and no other begun. */
final class Stop implements AutoCloseable {

	private final Console console;
	private final String words;
	private final Runnable last;
	private final Thread onStop = new Thread(this::stop);
	private final Lock writing = new ReentrantLock();

	/** Begins. @param words for the user whose work it is */
	Stop(final Console console, final String words) {
		this(console, words, () -> {});
	}

	/** Begins. @param words for the user whose work it is @param last what is done at the end, such as tidying up */
	Stop(final Console console, final String words, final Runnable last) {
		this.console = console;
		this.words = words;
		this.last = last;
		Runtime.getRuntime().addShutdownHook(onStop);
	}

	/** To be held while something is written that must not be cut in two. */
	Lock writing() {
		return writing;
	}

	private void stop() {
		writing.lock();
		last.run();
		console.err().println(words);
		Runtime.getRuntime().halt(ExitStatus.CANCELLED);
	}

	@Override
	public void close() {
		forget(onStop);
	}

	static void forget(final Thread onStop) {
		try {
			Runtime.getRuntime().removeShutdownHook(onStop);
		}
		catch (final IllegalStateException e) {
			// it is at work already
		}
	}
}
