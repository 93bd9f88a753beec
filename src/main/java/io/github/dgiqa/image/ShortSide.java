package io.github.dgiqa.image;

/**
 * The shorter side that an image is given before a network sees it, in pixels: larger images are reduced to {@code most},
 * smaller ones enlarged to {@code least}, those between keep their size.
 */
public record ShortSide(int least, int most) {

	/** Pixels. */
	public record Size(int width, int height) {}

	/**
	 * The size of an image; its longer side is rounded half to even.
	 *
	 * @throws ImageException where the image is so narrow that it would be too long
	 */
	public Size of(final int width, final int height) {
		final int shorter = Math.min(width, height);
		final int longer = Math.max(width, height);
		final int side = Math.max(least, Math.min(most, shorter));
		final double exact = (double) longer * side / shorter;
		if (exact > Integer.MAX_VALUE / 2)
			throw new ImageException("The image is too narrow: with " + width + " x " + height + " pixels it would be " + Math.round(exact) + " pixels long once its shorter side has " + side + ".");
		final int resized = Math.max(side, (int) Math.rint(exact));
		return width <= height ? new Size(side, resized) : new Size(resized, side);
	}
}
