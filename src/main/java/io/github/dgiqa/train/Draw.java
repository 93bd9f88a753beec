package io.github.dgiqa.train;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.core.source64.XoShiRo256PlusPlus;

/**
 * What is random in training: each purpose and place in it has numbers of its own, from the plan's seed. So a step needs
 * nothing of the steps before it.
 */
final class Draw {

	private static final int STATE = 4;

	private Draw() {}

	/** xoshiro256++, its state the SHA-256 of seed, purpose and place. */
	static UniformRandomProvider of(final long seed, final String purpose, final long... place) {
		try {
			final MessageDigest digest = MessageDigest.getInstance("SHA-256");
			final ByteBuffer numbers = ByteBuffer.allocate((place.length + 1) * Long.BYTES).putLong(seed);
			Arrays.stream(place).forEach(numbers::putLong);
			digest.update(numbers.flip());
			final long[] state = new long[STATE];
			ByteBuffer.wrap(digest.digest(purpose.getBytes(StandardCharsets.UTF_8))).asLongBuffer().get(state);
			return new XoShiRo256PlusPlus(state);
		}
		catch (final NoSuchAlgorithmException e) {
			throw new IllegalStateException(e); // every Java has it
		}
	}

	/** 0 to n - 1 in the order of one of many passes: every number comes once before any comes again. */
	static int inTurns(final long seed, final String purpose, final long place, final int n) {
		return shuffled(n, of(seed, purpose, place / n))[(int) (place % n)];
	}

	/** 0 to n - 1 in an order by chance. */
	static int[] shuffled(final int n, final UniformRandomProvider random) {
		final int[] order = new int[n];
		Arrays.setAll(order, i -> i);
		for (int i = n - 1; i > 0; i--) {
			final int j = random.nextInt(i + 1);
			final int other = order[j];
			order[j] = order[i];
			order[i] = other;
		}
		return order;
	}
}
