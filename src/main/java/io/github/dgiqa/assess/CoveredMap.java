package io.github.dgiqa.assess;

import io.github.dgiqa.image.FloatMap;

import java.util.BitSet;

/**
 * A map of a resized image and where there is something on it.
 *
 * @param map the values; 0 where nothing is covered
 * @param covered the pixels that have a value, by their index in row order
 */
public record CoveredMap(FloatMap map, BitSet covered) {

	/** Bilinear resize with align_corners=false; a pixel is covered where the nearest one was. */
	public CoveredMap resize(final int width, final int height) {
		if (width == map.width() && height == map.height()) return this;
		if (covered.cardinality() == map.values().length) {
			final BitSet all = new BitSet();
			all.set(0, width * height);
			return new CoveredMap(map.resize(width, height), all);
		}
		// Values from uncovered pixels must not mix in: resize values and weights, and divide.
		final float[] weights = new float[map.values().length];
		covered.stream().forEach(i -> weights[i] = 1);
		final float[] values = map.resize(width, height).values().clone();
		final float[] shares = new FloatMap(map.width(), map.height(), weights).resize(width, height).values();
		final BitSet left = new BitSet();
		for (int i = 0; i < values.length; i++) {
			if (shares[i] >= 0.5f) {
				left.set(i);
				values[i] /= shares[i];
			}
			else values[i] = 0;
		}
		return new CoveredMap(new FloatMap(width, height, values), left);
	}
}
