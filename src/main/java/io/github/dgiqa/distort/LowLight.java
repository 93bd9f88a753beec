package io.github.dgiqa.distort;

import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;

import java.util.List;

/**
 * low_light: a photograph taken with too little light. Each value v from 0 to 1 becomes n / full, where n is a number of
 * photons, drawn from Poisson's distribution with the mean full * v^gamma, plus normal read noise of 2 photons.
 */
final class LowLight implements Distortion {

	private static final double[] GAMMA = {1.5, 2, 2.5, 3, 4};
	/** Photons of a white pixel. */
	private static final double[] FULL = {1000, 500, 250, 120, 60};
	/** Photons. */
	private static final double READ_NOISE = 2;

	@Override
	public String name() {
		return "low_light";
	}

	@Override
	public Picture apply(final Scene scene, final int level, final long seed) {
		final Picture picture = scene.picture();
		final Chance chance = Chance.of(seed, name(), level, picture);
		final Photons[] light = new Photons[Channels.VALUES];
		for (int i = 0; i < Channels.VALUES; i++)
			light[i] = Photons.of(FULL[level - 1] * StrictMath.pow(i / (Channels.VALUES - 1.0), GAMMA[level - 1]));
		final Plane[] planes = new Plane[Channels.COUNT];
		for (int c = 0; c < Channels.COUNT; c++) {
			final byte[] values = picture.planes().get(c).copy().values();
			for (int i = 0; i < values.length; i++)
				values[i] = (byte) Channels.eightBits((light[values[i] & 0xff].draw(chance.uniform()) + READ_NOISE * chance.normal()) / FULL[level - 1]);
			planes[c] = new Plane(picture.width(), picture.height(), values);
		}
		return new Picture(planes[0], planes[1], planes[2], List.of());
	}

	/**
	 * Poisson's distribution of one mean.
	 *
	 * @param first the lowest number whose probability counts
	 * @param cumulated probability of at most first, first + 1, ...
	 */
	record Photons(int first, double[] cumulated) {

		/** What is less likely than this, compared with the likeliest, never comes. */
		private static final double NEVER = 1e-17;

		/** From the likeliest number to both sides, with nothing but products and quotients: the same on every machine. */
		static Photons of(final double mean) {
			final int mode = (int) mean;
			int first = mode;
			for (double p = 1; first > 0 && p > NEVER; first--)
				p *= first / mean;
			int last = mode;
			for (double p = 1; p > NEVER; last++)
				p *= mean / (last + 1);
			final double[] cumulated = new double[last - first + 1];
			cumulated[mode - first] = 1;
			for (int n = mode; n > first; n--)
				cumulated[n - 1 - first] = cumulated[n - first] * n / mean;
			for (int n = mode; n < last; n++)
				cumulated[n + 1 - first] = cumulated[n - first] * mean / (n + 1);
			for (int i = 1; i < cumulated.length; i++)
				cumulated[i] += cumulated[i - 1];
			for (int i = 0; i < cumulated.length; i++)
				cumulated[i] /= cumulated[cumulated.length - 1];
			return new Photons(first, cumulated);
		}

		/** The number of photons. @param uniform from 0 to 1 */
		int draw(final double uniform) {
			int low = 0;
			int high = cumulated.length - 1;
			while (low < high) {
				final int middle = (low + high) / 2;
				if (cumulated[middle] > uniform) high = middle;
				else low = middle + 1;
			}
			return first + low;
		}
	}
}
