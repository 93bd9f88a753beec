package io.github.dgiqa.display;

import ij.ImagePlus;
import ij.ImageStack;
import ij.measure.Calibration;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.LUT;

import io.github.dgiqa.image.Picture;

import java.awt.Rectangle;
import java.util.stream.Stream;

/** An image of new pixels for some positions of another: calibration, labels and order are that one's. */
public final class NewImage {

	private final ImagePlus source;
	private final Rectangle part;
	private final ImageStack stack;

	/**
	 * @param source the image whose positions follow; null where there is none
	 * @param part the part of it that the new image shows
	 */
	public NewImage(final ImagePlus source, final Rectangle part) {
		this.source = source;
		this.part = part;
		stack = new ImageStack(part.width, part.height);
	}

	/** Adds the values of a position, row by row. */
	public void add(final Place place, final float[] values) {
		stack.addSlice(label(place), new FloatProcessor(part.width, part.height, values));
	}

	/** Adds the colours of a position. @param remark what its label adds to the other's; empty for nothing */
	public void add(final Place place, final Picture picture, final String remark) {
		final String label = Stream.of(label(place), remark).filter(text -> text != null && !text.isEmpty()).reduce((a, b) -> a + " " + b).orElse(null);
		stack.addSlice(label, new ColorProcessor(picture.width(), picture.height(), picture.rgb()));
	}

	private String label(final Place place) {
		return source == null || source.getStackSize() == 1 ? null : source.getStack().getSliceLabel(place.slice());
	}

	/** Positions so far. */
	public int size() {
		return stack.size();
	}

	/**
	 * The image, once there is at least one position.
	 *
	 * @param suffix what its title adds to the other's
	 * @param channels channels of each position
	 * @param max the value that has the last colour; NaN for the range of all that is there
	 */
	public ImagePlus image(final String suffix, final int channels, final LUT lut, final double max) {
		final ImagePlus image = image(suffix, channels);
		final double[] range = Double.isNaN(max) ? range() : new double[] {0, max};
		image.setLut(lut);
		image.setDisplayRange(range[0], range[1]);
		return image;
	}

	/** As {@link #image(String, int, LUT, double)}, of colours. */
	public ImagePlus image(final String suffix, final int channels) {
		final String title = source == null ? "data" : withoutExtension(source.getTitle());
		final ImagePlus image = new ImagePlus(title + suffix, stack);
		if (source != null) {
			final Calibration calibration = source.getCalibration().copy();
			calibration.disableDensityCalibration();
			calibration.xOrigin -= part.x;
			calibration.yOrigin -= part.y;
			image.setCalibration(calibration);
			if (stack.size() == channels * source.getNSlices() * source.getNFrames() && stack.size() > 1) {
				image.setDimensions(channels, source.getNSlices(), source.getNFrames());
				image.setOpenAsHyperStack(Place.isHyper(source));
			}
		}
		return image;
	}

	private double[] range() {
		double min = Double.POSITIVE_INFINITY;
		double max = Double.NEGATIVE_INFINITY;
		for (int i = 1; i <= stack.size(); i++)
			for (final float value : (float[]) stack.getPixels(i)) {
				if (!Float.isFinite(value)) continue;
				min = Math.min(min, value);
				max = Math.max(max, value);
			}
		return min <= max ? new double[] {min, max} : new double[] {0, 1};
	}

	/** A title without the extension of a file: Sample 1.5 um has none. */
	static String withoutExtension(final String title) {
		return title.replaceFirst("(?<=.)\\.\\w{1,5}$", "");
	}
}
