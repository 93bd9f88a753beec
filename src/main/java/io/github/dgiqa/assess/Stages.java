package io.github.dgiqa.assess;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Where the time of images goes. For all threads that work on them. */
public final class Stages {

	/** What is done to an image, in this order. */
	public enum Stage {
		/** Opening the file. */
		READ,
		/** From its pixels to three planes of 8 bits. */
		CONVERT,
		/** The depth model, its input included. */
		DEPTH,
		/** Resizing image and depth, and making the network's input of them. */
		CROPS,
		/** The quality network. */
		NETWORK,
		/** Map images, where they are wanted. */
		MAPS,
		/** The row of the table. */
		TABLE
	}

	/** Does the work, and notes no time. */
	public static final Stages NOT_TAKEN = new Stages(null);

	/** Nanoseconds of each stage; null where they are not taken. */
	private final LongAdder[] nanos;

	private Stages(final LongAdder[] nanos) {
		this.nanos = nanos;
	}

	/** Begins with no time in any stage. */
	public static Stages begin() {
		final LongAdder[] nanos = new LongAdder[Stage.values().length];
		for (int i = 0; i < nanos.length; i++)
			nanos[i] = new LongAdder();
		return new Stages(nanos);
	}

	/** Does a stage's work. */
	public <T> T in(final Stage stage, final Supplier<T> work) {
		if (nanos == null) return work.get();
		final long start = System.nanoTime();
		try {
			return work.get();
		}
		finally {
			nanos[stage.ordinal()].add(System.nanoTime() - start);
		}
	}

	/** Seconds in a stage so far. */
	public double seconds(final Stage stage) {
		return nanos == null ? 0 : nanos[stage.ordinal()].sum() / 1e9;
	}
}
