package io.github.dgiqa.evaluate;

import ij.plugin.filter.Convolver;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ImageStatistics;

import io.github.dgiqa.image.Picture;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Simple figures that stand beside a network in the tables, so that a user sees what the network adds. All but the last
 * are of the luminance 0.299 R + 0.587 G + 0.114 B, 0 to 255; where a filter reaches over the border, the border's pixels
 * are repeated, as ImageJ's filters do.
 */
public enum Baseline {

	/** Variance of the Laplacian, kernel (0 1 0; 1 -4 1; 0 1 0): Pech-Pacheco and others, ICPR 2000. */
	LAPLACIAN_VARIANCE(false, image -> variance(convolved(image.luminance, 0, 1, 0, 1, -4, 1, 0, 1, 0))),

	/** Mean of the squared Sobel gradient: Tenenbaum 1970, in the form of Krotkov, IJCV 1987. */
	TENENGRAD(false, image -> {
		final FloatProcessor edges = (FloatProcessor) image.luminance.duplicate();
		edges.filter(ImageProcessor.FIND_EDGES);
		edges.sqr();
		return statistics(edges).mean;
	}),

	/** Variance divided by the mean: Groen, Young and Ligthart, Cytometry 1985. 0 for a black image. */
	NORMALISED_VARIANCE(false, image -> {
		final double mean = statistics(image.luminance).mean;
		return mean == 0 ? 0 : variance(image.luminance) / mean;
	}),

	/**
	 * Standard deviation of the noise: median of the absolute residuals of the kernel (1 -2 1; -2 4 -2; 1 -2 1), whose norm
	 * is 6 (Immerkaer, CVIU 1996), divided by 0.6745 as Donoho and Johnstone do (Biometrika 1994). More is worse.
	 */
	NOISE(true, image -> {
		final float[] residuals = (float[]) convolved(image.luminance, 1, -2, 1, -2, 4, -2, 1, -2, 1).getPixels();
		for (int i = 0; i < residuals.length; i++)
			residuals[i] = Math.abs(residuals[i]);
		Arrays.sort(residuals);
		return (residuals[(residuals.length - 1) / 2] + residuals[residuals.length / 2]) / 2 / Constants.NORMAL_MEDIAN / Constants.KERNEL_NORM;
	}),

	/** Shannon's entropy of the histogram of the rounded luminance, bits. */
	ENTROPY(false, image -> {
		double entropy = 0;
		for (final int count : image.luminance.convertToByte(false).getHistogram()) {
			final double share = count / (double) image.luminance.getPixelCount();
			if (count > 0) entropy -= share * Math.log(share) / Math.log(2);
		}
		return entropy;
	}),

	/** Size of the file divided by the number of pixels. */
	BYTES_PER_PIXEL(false, image -> image.bytes / (double) image.luminance.getPixelCount());

	private static final class Constants {

		/** Of the absolute value of a normal variable of deviation 1. */
		static final double NORMAL_MEDIAN = 0.6744897501960817;
		static final double KERNEL_NORM = 6;
	}

	/** What the figures are computed from. */
	private record Image(FloatProcessor luminance, long bytes) {}

	private final boolean lowerIsBetter;
	private final ToDoubleFunction<Image> figure;

	Baseline(final boolean lowerIsBetter, final ToDoubleFunction<Image> figure) {
		this.lowerIsBetter = lowerIsBetter;
		this.figure = figure;
	}

	/** Its name in tables. */
	public String key() {
		return name().toLowerCase(Locale.ROOT);
	}

	/** Whether good images are expected to have low values; such values count as their negatives in the tables. */
	public boolean lowerIsBetter() {
		return lowerIsBetter;
	}

	/**
	 * All figures of a picture, in the order of the constants.
	 *
	 * @param bytes size of its file
	 */
	public static double[] of(final Picture picture, final long bytes) {
		final Image image = new Image(luminance(picture), bytes);
		return Arrays.stream(values()).mapToDouble(baseline -> baseline.figure.applyAsDouble(image)).toArray();
	}

	private static FloatProcessor luminance(final Picture picture) {
		final float[] values = new float[picture.red().values().length];
		for (int i = 0; i < values.length; i++) {
			final int rgb = picture.rgb(i);
			values[i] = (float) (0.299 * (rgb >> 16) + 0.587 * (rgb >> 8 & 0xff) + 0.114 * (rgb & 0xff));
		}
		return new FloatProcessor(picture.width(), picture.height(), values);
	}

	private static FloatProcessor convolved(final FloatProcessor image, final float... kernel) {
		final FloatProcessor result = (FloatProcessor) image.duplicate();
		final Convolver convolver = new Convolver();
		convolver.setNormalize(false);
		convolver.convolve(result, kernel, 3, 3);
		return result;
	}

	/** Of a sample. */
	private static double variance(final FloatProcessor image) {
		final double deviation = statistics(image).stdDev;
		return deviation * deviation;
	}

	private static ImageStatistics statistics(final FloatProcessor image) {
		return ImageStatistics.getStatistics(image, ImageStatistics.MEAN + ImageStatistics.STD_DEV, null);
	}
}
