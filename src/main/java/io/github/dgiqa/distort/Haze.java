package io.github.dgiqa.distort;

import io.github.dgiqa.image.Picture;

/**
 * haze: light scattered by the air on its way (Koschmieder). I = J t + A (1 - t) with t = exp(-beta d), where J is the
 * picture, A = 0.9 the light of the air, and d the distance, 0 for the nearest and 1 for the farthest of the picture.
 */
final class Haze implements Distortion {

	private static final double[] BETA = {0.5, 1, 1.5, 2, 3};
	private static final double AIR = 0.9;

	@Override
	public String name() {
		return Distortions.HAZE;
	}

	@Override
	public Picture apply(final Scene scene, final int level, final long seed) {
		final float[] distance = scene.distance().values();
		final float[] through = new float[distance.length];
		for (int i = 0; i < through.length; i++)
			through[i] = (float) StrictMath.exp(-BETA[level - 1] * distance[i]);
		return Channels.of(scene.picture()).each(plane -> {
			final float[] hazy = new float[plane.length];
			for (int i = 0; i < hazy.length; i++)
				hazy[i] = (float) (plane[i] * through[i] + AIR * (1 - through[i]));
			return hazy;
		}).picture();
	}
}
