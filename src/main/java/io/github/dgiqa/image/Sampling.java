package io.github.dgiqa.image;

import java.util.ArrayList;
import java.util.List;

/** Which crops of an image are scored. */
public sealed interface Sampling {

	/** Most positions along an axis that {@link Grid} takes. */
	int MOST_POSITIONS = 32;

	/** The upper left corner of a crop, in pixels of the resized image. */
	record Position(int x, int y) {}

	/** Positions of crops of the given side in an image of at least that size. */
	List<Position> positions(int width, int height, int side);

	/** What the result has to say about these positions, or null. */
	String note(int width, int height, int side);

	/**
	 * Crops at random positions: x, then y of each crop, drawn evenly as the published program draws them.
	 *
	 * @param crops number of crops, at least 1
	 * @param seed 0 to 4294967295
	 */
	record Random(int crops, long seed) implements Sampling {

		/** The largest seed. */
		public static final long MAX_SEED = 0xffffffffL;

		public Random {
			if (crops < 1) throw new IllegalArgumentException("at least one crop is needed, " + crops + " were asked for");
			if (seed < 0 || seed > MAX_SEED) throw new IllegalArgumentException("the seed must be from 0 to " + MAX_SEED + ", not " + seed);
		}

		@Override
		public List<Position> positions(final int width, final int height, final int side) {
			final CPythonRandom random = new CPythonRandom(seed);
			final List<Position> positions = new ArrayList<>();
			for (int i = 0; i < crops; i++) {
				final int x = random.upTo(width - side);
				positions.add(new Position(x, random.upTo(height - side)));
			}
			return positions;
		}

		@Override
		public String note(final int width, final int height, final int side) {
			return null;
		}
	}

	/** As many crops along each axis as it takes to see every pixel, evenly spread: rows from top to bottom, each from left to right. */
	record Grid() implements Sampling {

		@Override
		public List<Position> positions(final int width, final int height, final int side) {
			final List<Position> positions = new ArrayList<>();
			for (final int y : starts(height, side))
				for (final int x : starts(width, side))
					positions.add(new Position(x, y));
			return positions;
		}

		@Override
		public String note(final int width, final int height, final int side) {
			final int longSide = Math.max(width, height);
			if (needed(longSide, side) <= MOST_POSITIONS) return null;
			return "crops cover only " + Math.round(100.0 * MOST_POSITIONS * side / longSide) + "% of the long side: " + MOST_POSITIONS + " positions, spread evenly";
		}

		private static int needed(final int length, final int side) {
			return Math.max(1, (int) Math.ceil(length / (double) side));
		}

		private static int[] starts(final int length, final int side) {
			final int count = Math.min(needed(length, side), MOST_POSITIONS);
			final int[] starts = new int[count];
			for (int i = 1; i < count; i++)
				starts[i] = (int) Math.floor(i * (double) (length - side) / (count - 1) + 0.5);
			return starts;
		}
	}
}
