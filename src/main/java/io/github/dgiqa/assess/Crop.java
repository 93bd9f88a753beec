package io.github.dgiqa.assess;

/**
 * A crop and what the network said about it. The cells are the network's coarsest grid over the crop, row by row.
 *
 * @param x left edge in the resized image, pixels
 * @param y upper edge
 * @param side side, pixels
 * @param score the crop's score, 0 to 1
 * @param quality local quality of each cell, 0 to 1: the sigmoid of its logit; the logits average to the crop's
 * @param attention attention to each cell, averaged over heads and queries, times the number of cells: 1 is even
 * @param cells cells along a side
 */
public record Crop(int x, int y, int side, double score, float[] quality, float[] attention, int cells) {

	public Crop {
		quality = quality.clone();
		attention = attention.clone();
	}

	@Override
	public float[] quality() {
		return quality.clone();
	}

	@Override
	public float[] attention() {
		return attention.clone();
	}
}
