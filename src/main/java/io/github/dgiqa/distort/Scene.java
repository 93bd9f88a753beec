package io.github.dgiqa.distort;

import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Picture;

import java.util.function.Supplier;

/** A picture, and how far the things in it are, which is asked for only where a distortion needs it, and once. */
public final class Scene {

	private final Picture picture;
	private final Supplier<FloatMap> inverseDepth;
	private FloatMap distance;

	/** @param inverseDepth gives the picture's inverse depth at its size: near is large, in any unit */
	public Scene(final Picture picture, final Supplier<FloatMap> inverseDepth) {
		this.picture = picture;
		this.inverseDepth = inverseDepth;
	}

	public Picture picture() {
		return picture;
	}

	/** Distance at each pixel: 0 where the inverse depth is largest, 1 where it is lowest; 1 everywhere where it is constant. */
	synchronized FloatMap distance() {
		if (distance == null) distance = distance(inverseDepth.get());
		return distance;
	}

	private static FloatMap distance(final FloatMap inverseDepth) {
		final float[] values = inverseDepth.values();
		float min = Float.POSITIVE_INFINITY;
		float max = Float.NEGATIVE_INFINITY;
		for (final float value : values) {
			min = Math.min(min, value);
			max = Math.max(max, value);
		}
		final float range = max > min ? max - min : 1;
		final float[] distance = new float[values.length];
		for (int i = 0; i < values.length; i++)
			distance[i] = 1 - (values[i] - min) / range;
		return new FloatMap(inverseDepth.width(), inverseDepth.height(), distance);
	}
}
