package io.github.dgiqa.distort;

/** white_noise, white_noise_color_component, impulse_noise, multiplicative_noise, denoise. */
final class Noises {

	/** Y', Cb and Cr of R'G'B', all from 0 to 1, as ITU-R BT.601 has them in 8 bits. */
	private static final double[][] TO_YCBCR = {{65.481 / 255, 128.553 / 255, 24.966 / 255}, {-37.797 / 255, -74.203 / 255, 112.0 / 255}, {112.0 / 255, -93.786 / 255, -18.214 / 255}};

	private static final double[][] FROM_YCBCR = inverse(TO_YCBCR);

	private Noises() {}

	/** Adds normal noise to each channel. @param variance of values from 0 to 1 */
	static Channels white(final Channels picture, final double variance, final Chance chance) {
		final double deviation = Math.sqrt(variance);
		return picture.map(v -> v + deviation * chance.normal());
	}

	/** Adds normal noise to Y', Cb and Cr. @param variance of values from 0 to 1 */
	static Channels whiteYCbCr(final Channels picture, final double variance, final Chance chance) {
		final double deviation = Math.sqrt(variance);
		final Channels noisy = picture.copy();
		final double[] noise = new double[Channels.COUNT];
		for (int i = 0; i < noisy.planes()[0].length; i++) {
			for (int c = 0; c < Channels.COUNT; c++)
				noise[c] = deviation * chance.normal();
			// the way to Y'CbCr and back is linear: only the noise has to go it
			for (int c = 0; c < Channels.COUNT; c++)
				noisy.planes()[c][i] += (float) (FROM_YCBCR[c][0] * noise[0] + FROM_YCBCR[c][1] * noise[1] + FROM_YCBCR[c][2] * noise[2]);
		}
		return noisy;
	}

	/** Makes pixels black or white, as many of each. @param share the chance of a pixel */
	static Channels impulse(final Channels picture, final double share, final Chance chance) {
		final Channels noisy = picture.copy();
		for (int i = 0; i < noisy.planes()[0].length; i++) {
			final double draw = chance.uniform();
			if (draw < share) for (final float[] plane : noisy.planes())
				plane[i] = draw < share / 2 ? 0 : 1;
		}
		return noisy;
	}

	/** Multiplies each value by a number uniformly around 1, as MATLAB's speckle. @param variance of that number */
	static Channels multiplicative(final Channels picture, final double variance, final Chance chance) {
		final double reach = Math.sqrt(3 * variance);
		return picture.map(v -> v * (1 + reach * (2 * chance.uniform() - 1)));
	}

	/**
	 * Adds normal noise and takes it away again by non-local means. An equivalent: KADID used a trained network, and its
	 * noise is not published.
	 *
	 * @param variance of the noise, of values from 0 to 1
	 */
	static Channels denoise(final Channels picture, final double variance, final Chance chance) {
		final Channels noisy = white(picture, variance, chance).map(v -> Math.max(0, Math.min(1, v)));
		return NonLocalMeans.apply(noisy, Math.sqrt(variance));
	}

	private static double[][] inverse(final double[][] m) {
		final double[][] inverse = new double[3][3];
		double determinant = 0;
		for (int i = 0; i < 3; i++) {
			for (int j = 0; j < 3; j++)
				inverse[j][i] = m[(i + 1) % 3][(j + 1) % 3] * m[(i + 2) % 3][(j + 2) % 3] - m[(i + 1) % 3][(j + 2) % 3] * m[(i + 2) % 3][(j + 1) % 3];
			determinant += m[i][0] * inverse[0][i];
		}
		for (final double[] row : inverse)
			for (int j = 0; j < 3; j++)
				row[j] /= determinant;
		return inverse;
	}
}
