package io.github.dgiqa.bench;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;

/** How long work takes. */
final class Timing {

	/** Seconds. */
	private static final double WARMING = 3;

	private Timing() {}

	/**
	 * Does some work once, and again for some seconds: at first Java compiles what it runs, in threads that take the
	 * processors from the networks.
	 */
	static void warmUp(final Runnable work) {
		for (double spent = 0; spent < WARMING;)
			spent += seconds(work);
	}

	/** Seconds that some work takes. */
	static double seconds(final Runnable work) {
		final long start = System.nanoTime();
		work.run();
		return (System.nanoTime() - start) / 1e9;
	}

	/** The median of several measurements, one after the other. */
	static double median(final int reps, final DoubleSupplier measurement) {
		return median(DoubleStream.generate(measurement).limit(reps).toArray());
	}

	/** The one in the middle, or the mean of the two there; at least one is needed. */
	static double median(final double... values) {
		final double[] sorted = values.clone();
		Arrays.sort(sorted);
		return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
	}
}
