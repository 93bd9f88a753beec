package io.github.dgiqa.action;

import ij.ImagePlus;
import ij.ImageStack;
import ij.WindowManager;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.image.FloatMap;

import java.awt.Rectangle;
import java.util.Arrays;

/** Depth that the user measured, as an image. */
final class Measured {

	private final ImagePlus image;
	private final boolean largeIsFar;
	/** One slice for all channels of a position. */
	private final boolean byPosition;

	private Measured(final ImagePlus image, final boolean largeIsFar, final boolean byPosition) {
		this.image = image;
		this.largeIsFar = largeIsFar;
		this.byPosition = byPosition;
	}

	/** Whether the user gave one. */
	static boolean isIn(final Values values) {
		return values.get("measured", ImagePlus.class) != null || !values.text("depthmap").isEmpty();
	}

	/**
	 * The measured depth for an image, or null where the user gave none.
	 *
	 * @param slices of the image
	 * @param positions its slices without the channels
	 * @throws DgiqaException where there is no such image, or it does not fit
	 */
	static Measured of(final Values values, final int width, final int height, final int slices, final int positions) {
		final boolean largeIsFar = values.choice("depthlarge", "near", "far").equals("far");
		if (!isIn(values)) return null;
		final ImagePlus given = values.get("measured", ImagePlus.class);
		final String title = values.text("depthmap");
		final ImagePlus image = given != null ? given : open(title);
		if (image == null || image.getProcessor() == null) throw Values.unknown("depthmap", title, "the title of an open image");
		if (image.getWidth() != width || image.getHeight() != height)
			throw new DgiqaException("The measured depth " + image.getTitle() + " has " + image.getWidth() + " x " + image.getHeight() + " pixels, the image " + width + " x " + height + "; the same size is needed.");
		if (image.getStackSize() != 1 && image.getStackSize() != slices && image.getStackSize() != positions)
			throw new DgiqaException("The measured depth " + image.getTitle() + " has " + image.getStackSize() + " slices, the image " + slices + "; one, or as many, are needed.");
		return new Measured(image, largeIsFar, image.getStackSize() == positions);
	}

	/** The open image of that title; null where there is none. */
	private static ImagePlus open(final String title) {
		final int[] ids = WindowManager.getIDList();
		final long named = ids == null ? 0 : Arrays.stream(ids).mapToObj(WindowManager::getImage).filter(image -> image != null && image.getTitle().equals(title)).count();
		if (named > 1) throw new DgiqaException("There are " + named + " open images called " + title + "; give the measured depth a title of its own (Image > Rename...).");
		return WindowManager.getImage(title);
	}

	/**
	 * Inverse depth of a part of a slice: near is large. Pixels that are no numbers count as far.
	 *
	 * @param slice of the image that is assessed, from 1
	 * @param position its Z and T, from 0
	 */
	FloatMap inverseDepth(final int slice, final int position, final Rectangle part) {
		final ImageStack stack = image.getStack();
		final ImageProcessor pixels = stack.getProcessor(stack.size() == 1 ? 1 : byPosition ? position + 1 : slice);
		// without a calibration table: what the pixels are
		final FloatProcessor floats = pixels.duplicate().convertToFloatProcessor();
		floats.setRoi(part);
		final float[] values = (float[]) floats.crop().getPixels();
		float far = Float.POSITIVE_INFINITY;
		for (int i = 0; i < values.length; i++) {
			if (largeIsFar) values[i] = -values[i];
			if (Float.isFinite(values[i])) far = Math.min(far, values[i]);
		}
		if (Float.isInfinite(far)) throw new DgiqaException("The measured depth has no finite number here.");
		for (int i = 0; i < values.length; i++)
			if (!Float.isFinite(values[i])) values[i] = far;
		return new FloatMap(part.width, part.height, values);
	}
}
