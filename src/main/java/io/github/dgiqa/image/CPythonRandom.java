package io.github.dgiqa.image;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.core.source32.MersenneTwister;

/** The integers of CPython's {@code random.Random(seed)}: the Mersenne Twister, seeded by array. */
final class CPythonRandom {

	private final UniformRandomProvider twister;

	/** @param seed 0 to 4294967295 */
	CPythonRandom(final long seed) {
		twister = new MersenneTwister(new int[] {(int) seed});
	}

	/** As {@code random.randint(0, limit)}: evenly from 0 to limit, both included. */
	int upTo(final int limit) {
		final long count = limit + 1L;
		final int bits = Long.SIZE - Long.numberOfLeadingZeros(count);
		while (true) {
			final long drawn = Integer.toUnsignedLong(twister.nextInt()) >>> Integer.SIZE - bits;
			if (drawn < count) return (int) drawn;
		}
	}
}
