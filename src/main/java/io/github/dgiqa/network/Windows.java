package io.github.dgiqa.network;

/**
 * The windows of a map of tokens, of which attention looks at one at a time: the map, rolled up and left by the shift,
 * is cut into squares.
 *
 * @param height height of the map, tokens
 * @param width width of the map
 * @param side side of a window
 * @param shift by how much the windows are shifted down and right
 */
record Windows(int height, int width, int side, int shift) {

	/**
	 * What attention across a seam gets added before its softmax. As published it is -100, which leaves numbers of 1e-44:
	 * nothing to the result, but processors take many times as long for such numbers as for the 0 that this leaves.
	 */
	private static final float APART = -10_000;

	/** The windows of a map; one no larger than a window is not shifted. */
	static Windows of(final long height, final long width, final int side, final int shift) {
		if (height % side != 0 || width % side != 0) throw new IllegalArgumentException("a map of " + height + "x" + width + " tokens has no whole windows of " + side);
		return new Windows((int) height, (int) width, side, Math.min(height, width) <= side ? 0 : shift);
	}

	int count() {
		return height / side * (width / side);
	}

	/** Tokens of a window. */
	int tokens() {
		return side * side;
	}

	/** For each token of each window, its place y * width + x in the map. */
	int[] places() {
		final int[] places = rolledPlaces();
		for (int i = 0; i < places.length; i++)
			places[i] = (places[i] / width + shift) % height * width + (places[i] % width + shift) % width;
		return places;
	}

	/** The same in the rolled map. */
	private int[] rolledPlaces() {
		final int[] places = new int[height * width];
		int i = 0;
		for (int top = 0; top < height; top += side)
			for (int left = 0; left < width; left += side)
				for (int y = top; y < top + side; y++)
					for (int x = left; x < left + side; x++)
						places[i++] = y * width + x;
		return places;
	}

	/** For each place of the map, its token in the windows: the inverse of {@link #places()}. */
	int[] tokensOfPlaces() {
		final int[] places = places();
		final int[] tokens = new int[places.length];
		for (int i = 0; i < places.length; i++)
			tokens[places[i]] = i;
		return tokens;
	}

	/**
	 * What keeps tokens apart that are neighbours only because the map was rolled: [count, tokens, tokens], 0 for pairs
	 * that belong together.
	 */
	float[] mask() {
		final int tokens = tokens();
		final int[] regions = regions();
		final float[] mask = new float[count() * tokens * tokens];
		for (int window = 0; window < count(); window++)
			for (int i = 0; i < tokens; i++)
				for (int j = 0; j < tokens; j++)
					if (regions[window * tokens + i] != regions[window * tokens + j]) mask[(window * tokens + i) * tokens + j] = APART;
		return mask;
	}

	/** For each token of each window, the part of the rolled map it lies in. */
	private int[] regions() {
		final int[] regions = rolledPlaces();
		for (int i = 0; i < regions.length; i++)
			regions[i] = 3 * region(regions[i] / width, height) + region(regions[i] % width, width);
		return regions;
	}

	/** 0 up to the last row of windows, 1 in it, 2 in what came round from the other end. */
	private int region(final int at, final int length) {
		if (at < length - side) return 0;
		return at < length - shift ? 1 : 2;
	}

	/**
	 * For each pair of tokens of a window, the row of the bias table of (2*side-1)^2 rows that belongs to the step between
	 * them: [tokens, tokens].
	 */
	static int[] relativePositions(final int side) {
		final int tokens = side * side;
		final int steps = 2 * side - 1;
		final int[] rows = new int[tokens * tokens];
		for (int i = 0; i < tokens; i++)
			for (int j = 0; j < tokens; j++)
				rows[i * tokens + j] = (i / side - j / side + side - 1) * steps + i % side - j % side + side - 1;
		return rows;
	}
}
