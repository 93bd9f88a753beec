package io.github.dgiqa.distort;

import io.github.dgiqa.image.Picture;

/**
 * A distortion with one number for each level.
 *
 * @param strengths the number of each level
 */
record Effect(String name, double[] strengths, Work work) implements Distortion {

	/** What it does. The picture that it is given stays as it is. */
	interface Work {

		Channels apply(Channels picture, double strength, Chance chance);
	}

	/** With KADID-10k's published numbers. */
	static Effect published(final String name, final Work work) {
		return new Effect(name, Published.strengths(name), work);
	}

	@Override
	public Picture apply(final Scene scene, final int level, final long seed) {
		final Chance chance = Chance.of(seed, name, level, scene.picture());
		return work.apply(Channels.of(scene.picture()), strengths[level - 1], chance).picture();
	}
}
