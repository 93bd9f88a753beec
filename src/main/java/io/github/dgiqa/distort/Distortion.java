package io.github.dgiqa.distort;

import io.github.dgiqa.image.Picture;

/** A way to damage a picture, at five levels. Without a state: may be used by several threads. */
public interface Distortion {

	/** Levels are 1 to this; in most distortions the damage grows with them. */
	int LEVELS = 5;

	/** The word for it in keys, tables and names of files. */
	String name();

	/**
	 * The damaged picture, of the same size.
	 *
	 * @param level 1 to {@link #LEVELS}
	 * @param seed of all that is random in it; the same picture, distortion, level and seed give the same result, whatever
	 *          else was done before
	 * @throws io.github.dgiqa.DgiqaException where this picture cannot be damaged so
	 */
	Picture apply(Scene scene, int level, long seed);
}
