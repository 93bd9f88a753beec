package io.github.dgiqa.distort;

import ij.process.ColorProcessor;
import ij.process.MedianCut;

import io.github.dgiqa.image.Picture;

import java.util.List;

/** color_diffusion, color_shift, color_quantization, color_saturation_1, color_saturation_2. */
final class Colours {

	private Colours() {}

	/** Blurs a* and b*, and leaves L*. @param sigma of the Gaussian, in pixels */
	static Channels diffusion(final Channels picture, final double sigma, final Chance chance) {
		final Lab lab = Lab.of(picture);
		return lab.withColour(Filters.gaussian(lab.a(), lab.width(), lab.height(), sigma), Filters.gaussian(lab.b(), lab.width(), lab.height(), sigma)).rgb();
	}

	/**
	 * Moves the green channel to the right; its left column goes on. A direction is not published.
	 *
	 * @param pixels how far
	 */
	static Channels shift(final Channels picture, final double pixels, final Chance chance) {
		final Channels shifted = picture.copy();
		final int width = picture.width();
		for (int i = 0; i < shifted.planes()[1].length; i++) {
			final int x = i % width;
			shifted.planes()[1][i] = picture.planes()[1][i - x + Math.max(0, x - (int) pixels)];
		}
		return shifted;
	}

	/**
	 * Fewer colours, without dither: ImageJ's median cut. An equivalent: KADID's were found by MATLAB's minimum variance.
	 *
	 * @param colours at most so many
	 */
	static Channels quantization(final Channels picture, final double colours, final Chance chance) {
		final int[] rgb = new int[picture.planes()[0].length];
		for (int i = 0; i < rgb.length; i++)
			for (int c = 0; c < Channels.COUNT; c++)
				rgb[i] = rgb[i] << Byte.SIZE | Channels.eightBits(picture.planes()[c][i]);
		final ColorProcessor few = (ColorProcessor) new MedianCut(rgb, picture.width(), picture.height()).convertToByte((int) colours).convertToRGB();
		return Channels.of(Picture.rgb(picture.width(), picture.height(), (int[]) few.getPixels(), List.of()));
	}

	/** Multiplies the saturation of HSV; below 0 each colour becomes its complement. @param factor 0 for none, 1 for the same */
	static Channels saturationHsv(final Channels picture, final double factor, final Chance chance) {
		final Channels result = picture.copy();
		for (int i = 0; i < result.planes()[0].length; i++) {
			// with hue and value kept, each channel's distance from the value goes with the saturation
			final float value = Math.max(picture.planes()[0][i], Math.max(picture.planes()[1][i], picture.planes()[2][i]));
			for (final float[] plane : result.planes())
				plane[i] = (float) (value - factor * (value - plane[i]));
		}
		return result;
	}

	/** Multiplies a* and b*. @param factor 1 for the same */
	static Channels saturationLab(final Channels picture, final double factor, final Chance chance) {
		final Lab lab = Lab.of(picture);
		return lab.withColour(Channels.map(lab.a(), v -> v * factor), Channels.map(lab.b(), v -> v * factor)).rgb();
	}
}
