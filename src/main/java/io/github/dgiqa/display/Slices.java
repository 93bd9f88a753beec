package io.github.dgiqa.display;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ImageProcessor;

import java.util.List;

/** Copies positions of a stack. */
public final class Slices {

	private Slices() {}

	/**
	 * A stack of some positions of another, in the given order, all channels of each. Labels, calibration, display range,
	 * colours and active channels are kept. The positions lie along Z, or along T where the other has only frames.
	 */
	public static ImagePlus copy(final ImagePlus image, final List<Place> places) {
		final ImageStack stack = new ImageStack(image.getWidth(), image.getHeight());
		for (final Place place : places) {
			final int[] at = image.convertIndexToPosition(place.slice());
			for (int c = 1; c <= image.getNChannels(); c++) {
				final int index = image.getStackIndex(c, at[1], at[2]);
				final ImageProcessor pixels = image.getStack().getProcessor(index);
				stack.addSlice(image.getStack().getSliceLabel(index), pixels.duplicate());
			}
		}
		final ImagePlus plain = new ImagePlus(NewImage.withoutExtension(image.getTitle()) + "-best", stack);
		final boolean frames = image.getNFrames() > 1 && image.getNSlices() == 1;
		plain.setDimensions(image.getNChannels(), frames ? 1 : places.size(), frames ? places.size() : 1);
		final ImagePlus copy = image instanceof CompositeImage ? composite((CompositeImage) image, plain) : plain;
		copy.setCalibration(image.getCalibration().copy());
		copy.setOpenAsHyperStack(Place.isHyper(image));
		if (!(image instanceof CompositeImage) && image.getBitDepth() != 24) { // RGB
			copy.getProcessor().setColorModel(image.getProcessor().getColorModel());
			copy.setDisplayRange(image.getDisplayRangeMin(), image.getDisplayRangeMax());
		}
		return copy;
	}

	private static ImagePlus composite(final CompositeImage from, final ImagePlus to) {
		final CompositeImage copy = new CompositeImage(to, from.getMode());
		copy.setLuts(from.getLuts());
		System.arraycopy(from.getActiveChannels(), 0, copy.getActiveChannels(), 0, from.getActiveChannels().length);
		return copy;
	}
}
