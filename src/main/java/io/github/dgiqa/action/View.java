package io.github.dgiqa.action;

import ij.ImagePlus;
import ij.gui.Roi;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.display.Place;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Pictures;

import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.ARGBType;

/**
 * One thing to look at: a position of an image, or a plane of numbers.
 *
 * @param place where it is
 * @param part the part of the image, within it
 * @param picture makes what a user sees there
 * @param measured makes the measured inverse depth there; gives null where depth is to be estimated
 */
record View(Place place, Rectangle part, Supplier<Picture> picture, Supplier<FloatMap> measured) {

	/** The name of a script's plane of numbers in tables. */
	static final String DATA = "data";

	/**
	 * What the user wants to be looked at: the current slice of the image or its stack, or the script's data.
	 *
	 * @param stack whether the whole stack, whatever the key says
	 * @throws DgiqaException where there is nothing, or a value cannot be
	 */
	static List<View> of(final Values values, final boolean stack) {
		final RandomAccessibleInterval<?> data = values.get("data", RandomAccessibleInterval.class);
		return data == null ? of(Subject.image(values), values, stack) : List.of(of(data, values));
	}

	private static View of(final RandomAccessibleInterval<?> data, final Values values) {
		final Rectangle part = new Rectangle((int) data.dimension(0), data.numDimensions() > 1 ? (int) data.dimension(1) : 1);
		final double low = values.number("low", 0);
		final double high = values.number("high", 0);
		// to SciJava a number that is not given is 0
		if (!(data.getAt(data.minAsLongArray()) instanceof ARGBType) && !(low < high))
			throw new DgiqaException("With data, low and high are needed: the values to show black and white, low below high; " + low + " and " + high + " were found.");
		final Measured measured = Measured.of(values, part.width, part.height, 1, 1);
		return new View(Place.single(DATA), part, () -> Pictures.of(data, low, high), () -> measured == null ? null : measured.inverseDepth(0, 0, part));
	}

	private static List<View> of(final ImagePlus image, final Values values, final boolean whole) {
		final boolean stack = values.choice("scope", "slice", "stack").equals("stack") || whole;
		final boolean each = values.choice("channels", "together", "each").equals("each");
		final boolean merged = Pictures.isMerged(image) && !each;
		final Measured measured = Measured.of(values, image.getWidth(), image.getHeight(), image.getStackSize(), image.getNSlices() * image.getNFrames());
		final Rectangle part = part(image);
		final List<View> views = new ArrayList<>();
		final int positions = image.getNSlices() * image.getNFrames();
		final int current = (image.getT() - 1) * image.getNSlices() + image.getZ() - 1;
		for (int position = stack ? 0 : current; position < (stack ? positions : current + 1); position++) {
			final int first = each || merged ? 1 : image.getC();
			for (int channel = first; channel <= (each ? image.getNChannels() : first); channel++) {
				final int index = image.getStackIndex(channel, position % image.getNSlices() + 1, position / image.getNSlices() + 1);
				final int at = position;
				views.add(new View(Place.of(image, index, merged), part, () -> Pictures.of(image, index, merged, part), () -> measured == null ? null : measured.inverseDepth(index, at, part)));
			}
		}
		return views;
	}

	/** The bounding box of an area selection, or all. */
	private static Rectangle part(final ImagePlus image) {
		final Roi selection = image.getRoi();
		if (selection == null || !selection.isArea()) return Pictures.whole(image);
		final Rectangle part = selection.getBounds().intersection(Pictures.whole(image));
		if (part.isEmpty()) throw new DgiqaException("The selection lies outside of the image; draw it on the image, or remove it to use all.");
		return part;
	}
}
