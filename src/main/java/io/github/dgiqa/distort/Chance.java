package io.github.dgiqa.distort;

import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.core.source64.XoShiRo256PlusPlus;

/**
 * What is random in a distortion: xoshiro256++, its state the SHA-256 of the user's seed, the distortion, the level and the
 * picture's size and pixels. So each picture has noise of its own, which depends neither on the other pictures of a run
 * nor on its name.
 */
final class Chance {

	private static final int STATE = 4;

	private final UniformRandomProvider source;
	/** The second of a pair of normal numbers; NaN where there is none. */
	private double kept = Double.NaN;

	private Chance(final UniformRandomProvider source) {
		this.source = source;
	}

	static Chance of(final long seed, final String distortion, final int level, final Picture picture) {
		final MessageDigest digest = sha256();
		digest.update(ByteBuffer.allocate(Long.BYTES + 3 * Integer.BYTES).putLong(seed).putInt(level).putInt(picture.width()).putInt(picture.height()).flip());
		digest.update(distortion.getBytes(StandardCharsets.UTF_8));
		for (final Plane plane : picture.planes())
			digest.update(plane.values());
		final long[] state = new long[STATE];
		ByteBuffer.wrap(digest.digest()).asLongBuffer().get(state);
		return new Chance(new XoShiRo256PlusPlus(state));
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (final NoSuchAlgorithmException e) {
			throw new IllegalStateException(e); // every Java has it
		}
	}

	/** From 0, which can be, to 1, which cannot. */
	double uniform() {
		return source.nextDouble();
	}

	/** 0 to {@code n} - 1. */
	int below(final int n) {
		return source.nextInt(n);
	}

	/** Of mean 0 and variance 1. By the polar method: StrictMath and the square root are the same to the last bit on every machine, a library's Math.log and Math.exp need not be. */
	double normal() {
		if (!Double.isNaN(kept)) {
			final double second = kept;
			kept = Double.NaN;
			return second;
		}
		double x;
		double y;
		double square;
		do {
			x = 2 * uniform() - 1;
			y = 2 * uniform() - 1;
			square = x * x + y * y;
		}
		while (square >= 1 || square == 0);
		final double scale = Math.sqrt(-2 * StrictMath.log(square) / square);
		kept = y * scale;
		return x * scale;
	}
}
