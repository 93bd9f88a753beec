package io.github.dgiqa.distort;

/** brighten, darken, mean_shift, contrast_change, quantization, high_sharpen. */
final class Tones {

	/** Of the blur that is taken away. */
	private static final double SHARPEN_SIGMA = 3;

	private Tones() {}

	/**
	 * Lifts L*: white and black stay, and the middle goes up by half the strength, along a parabola. An equivalent: KADID's
	 * curve is not published.
	 */
	static Channels brighten(final Channels picture, final double strength, final Chance chance) {
		final Lab lab = Lab.of(picture);
		return lab.withLightness(Channels.map(lab.l(), l -> Lab.WHITE * lifted(l / Lab.WHITE, strength))).rgb();
	}

	/** As {@link #brighten}, downwards. */
	static Channels darken(final Channels picture, final double strength, final Chance chance) {
		return brighten(picture, -strength, chance);
	}

	private static double lifted(final double v, final double strength) {
		return Math.max(0, Math.min(1, v + 2 * strength * v * (1 - v)));
	}

	/** @param shift added to each value from 0 to 1 */
	static Channels meanShift(final Channels picture, final double shift, final Chance chance) {
		return picture.map(v -> v + shift);
	}

	/**
	 * Bends each channel about its middle: a quarter becomes a quarter less a quarter of the strength, three quarters as
	 * much more; below 0 the contrast falls. An equivalent: neither KADID's curve nor its numbers are published.
	 */
	static Channels contrast(final Channels picture, final double strength, final Chance chance) {
		return picture.map(v -> v - 8.0 / 3 * strength * v * (1 - v) * (1 - 2 * v));
	}

	/** Rounds each channel down to one of equally many values, black and white among them. An equivalent: where KADID's thresholds lie is not published. @param levels how many */
	static Channels quantization(final Channels picture, final double levels, final Chance chance) {
		return picture.map(v -> Math.floor(Channels.eightBits(v) * levels / Channels.VALUES) / (levels - 1));
	}

	/**
	 * Unsharp mask of L*: adds what a blur takes away. An equivalent in the blur's sigma of 3 pixels, which is not
	 * published.
	 *
	 * @param amount how much of it
	 */
	static Channels sharpen(final Channels picture, final double amount, final Chance chance) {
		final Lab lab = Lab.of(picture);
		final float[] blurred = Filters.gaussian(lab.l(), lab.width(), lab.height(), SHARPEN_SIGMA);
		final float[] sharp = new float[blurred.length];
		for (int i = 0; i < sharp.length; i++)
			sharp[i] = (float) Math.max(0, Math.min(Lab.WHITE, lab.l()[i] + amount * (lab.l()[i] - blurred[i])));
		return lab.withLightness(sharp).rgb();
	}
}
