package io.github.dgiqa.display;

import ij.ImagePlus;
import ij.gui.Roi;

/**
 * A position in an image, for tables and overlays.
 *
 * @param label the image, and its slice where that has a label
 * @param slice ImageJ's stack index, from 1; where channels are shown together that of the first
 * @param channel from 1; 0 where the image has one, or all are shown together
 * @param z from 1; 0 where there is no such dimension
 * @param frame from 1; 0 where there is no such dimension
 */
public record Place(String label, int slice, int channel, int z, int frame) {

	/** Something that is no part of a stack. */
	public static Place single(final String label) {
		return new Place(label, 1, 0, 0, 0);
	}

	/** The place of a stack index. @param merged whether the channels are shown together */
	public static Place of(final ImagePlus image, final int index, final boolean merged) {
		final int[] at = image.convertIndexToPosition(index);
		final String sliceLabel = image.getStackSize() == 1 ? null : image.getStack().getShortSliceLabel(index);
		final String label = sliceLabel == null || sliceLabel.isBlank() ? image.getTitle() : image.getTitle() + ":" + sliceLabel;
		final boolean hyper = isHyper(image);
		return new Place(label, index, merged || image.getNChannels() == 1 ? 0 : at[0], hyper && image.getNSlices() > 1 ? at[1] : 0, hyper && image.getNFrames() > 1 ? at[2] : 0);
	}

	/** Whether ImageJ tells an image's positions by C, Z and T. */
	static boolean isHyper(final ImagePlus image) {
		return image.isHyperStack() || image.getNChannels() > 1;
	}

	/** Binds an element of an overlay to this place, as ImageJ looks at it in this image. */
	void bind(final Roi element, final ImagePlus image) {
		if (image.getStackSize() == 1) return;
		if (!isHyper(image)) element.setPosition(slice);
		else if (channel + z + frame == 0) element.setPosition(0, 1, 1); // the channels of a single position
		else element.setPosition(channel, z, frame);
	}

	/** Whether an element is bound to this place. */
	boolean has(final Roi element, final ImagePlus image) {
		if (image.getStackSize() == 1) return true;
		if (!isHyper(image)) return element.getPosition() == slice;
		final int[] at = image.convertIndexToPosition(slice);
		final int c = element.getCPosition();
		final int z = element.getZPosition();
		final int t = element.getTPosition();
		return (c == 0 || channel == 0 || c == channel) && (z == 0 || z == at[1]) && (t == 0 || t == at[2]);
	}
}
