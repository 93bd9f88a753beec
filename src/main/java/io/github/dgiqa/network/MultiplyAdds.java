package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * How much layers compute: the multiply-adds of convolutions, linear layers and the two products of attention. What
 * takes one operation for each element, such as norms, activations and resizes, is not counted.
 */
public final class MultiplyAdds {

	private static final ThreadLocal<MultiplyAdds> COUNTING = new ThreadLocal<>();

	private long count;

	private MultiplyAdds() {}

	/** The multiply-adds of what layers compute in this thread during some work. */
	public static long of(final Runnable work) {
		final MultiplyAdds counting = new MultiplyAdds();
		COUNTING.set(counting);
		try {
			work.run();
		}
		finally {
			COUNTING.remove();
		}
		return counting.count;
	}

	/** Whether this thread's work is counted. */
	static boolean areCounted() {
		return COUNTING.get() != null;
	}

	/** A product was computed. @param inner multiply-adds for each element of the result */
	static NDArray counted(final NDArray result, final long inner) {
		final MultiplyAdds counting = COUNTING.get();
		if (counting != null) counting.count += result.size() * inner;
		return result;
	}

	/** A convolution or a linear layer was computed. @param weight whose first axis is that of the outputs */
	static NDArray counted(final NDArray result, final NDArray weight) {
		if (areCounted()) count(result.getShape(), weight);
		return result;
	}

	/** The same. @param result its shape */
	static void count(final Shape result, final NDArray weight) {
		final MultiplyAdds counting = COUNTING.get();
		if (counting != null) counting.count += result.size() * weight.getShape().slice(1).size();
	}
}
