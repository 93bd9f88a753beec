package io.github.dgiqa.distort;

import io.github.dgiqa.image.Picture;

/**
 * lens_flare: a lamp or the sun in the upper part of the picture. Each level adds k = 0.2, 0.4, 0.6, 0.8, 1 times the same
 * light to the values from 0 to 1: the source with its glow, a veil over all, and ghosts, which are round images of the
 * aperture on the line from the source through the middle of the picture. Lengths go with the picture's diagonal.
 */
final class LensFlare implements Distortion {

	private static final double[] STRENGTH = {0.2, 0.4, 0.6, 0.8, 1};

	/** Light of a source, red, green, blue. */
	private static final double[] WARM = {1, 0.94, 0.82};
	private static final double SOURCE = 1.5;
	private static final double SOURCE_RADIUS = 0.03;
	private static final double GLOW = 0.6;
	private static final double GLOW_RADIUS = 0.12;
	private static final double VEIL = 0.12;
	private static final double VEIL_GLOW = 0.25;
	private static final double VEIL_RADIUS = 0.5;
	/** Of a ghost's radius: the blur of its rim. */
	private static final double RIM = 0.15;

	/**
	 * A ghost.
	 *
	 * @param at its place from the source, 0, through the middle of the picture, 1
	 * @param radius in diagonals
	 * @param light of red, green, blue
	 */
	private record Ghost(double at, double radius, double[] light) {}

	private static final Ghost[] GHOSTS = {
		new Ghost(0.45, 0.025, new double[] {0.22, 0.16, 0.08}),
		new Ghost(0.7, 0.05, new double[] {0.06, 0.16, 0.12}),
		new Ghost(1.25, 0.018, new double[] {0.12, 0.26, 0.14}),
		new Ghost(1.5, 0.07, new double[] {0.10, 0.08, 0.18}),
		new Ghost(1.8, 0.035, new double[] {0.24, 0.12, 0.08}),
		new Ghost(2.15, 0.11, new double[] {0.06, 0.09, 0.14})};

	@Override
	public String name() {
		return "lens_flare";
	}

	@Override
	public Picture apply(final Scene scene, final int level, final long seed) {
		final Channels result = Channels.of(scene.picture());
		// one source for all levels of a picture
		final Light light = Light.of(result.width(), result.height(), Chance.of(seed, name(), 0, scene.picture()));
		for (int i = 0; i < result.planes()[0].length; i++)
			for (int c = 0; c < Channels.COUNT; c++)
				result.planes()[c][i] += (float) (STRENGTH[level - 1] * light.at(i % result.width(), i / result.width(), c));
		return result.picture();
	}

	/**
	 * The light that is added at the strength 1.
	 *
	 * @param x of the source, pixels
	 * @param y of the source
	 */
	private record Light(double x, double y, int width, int height, double diagonal) {

		static Light of(final int width, final int height, final Chance chance) {
			final double x = (0.1 + 0.8 * chance.uniform()) * width;
			final double y = (0.05 + 0.3 * chance.uniform()) * height;
			return new Light(x, y, width, height, Math.sqrt((double) width * width + (double) height * height));
		}

		/** At a pixel, of a colour. */
		double at(final int column, final int row, final int colour) {
			final double distance = distance(column, row, x, y);
			final double source = SOURCE * StrictMath.exp(-square(distance / SOURCE_RADIUS)) + GLOW * StrictMath.exp(-distance / GLOW_RADIUS) + VEIL_GLOW * StrictMath.exp(-distance / VEIL_RADIUS) + VEIL;
			double light = WARM[colour] * source;
			for (final Ghost ghost : GHOSTS)
				light += ghost.light[colour] * inside(distance(column, row, ghostX(ghost), ghostY(ghost)), ghost.radius);
			return light;
		}

		double ghostX(final Ghost ghost) {
			return x + ghost.at * ((width - 1) / 2.0 - x);
		}

		double ghostY(final Ghost ghost) {
			return y + ghost.at * ((height - 1) / 2.0 - y);
		}

		/** In diagonals. */
		private double distance(final int column, final int row, final double toX, final double toY) {
			return Math.sqrt(square(column - toX) + square(row - toY)) / diagonal;
		}

		/** 1 within the radius, 0 outside, and a straight slope between. */
		private static double inside(final double distance, final double radius) {
			return Math.max(0, Math.min(1, (radius - distance) / (RIM * radius)));
		}

		private static double square(final double v) {
			return v * v;
		}
	}
}
