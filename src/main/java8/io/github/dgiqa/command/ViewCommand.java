package io.github.dgiqa.command;

import ij.ImagePlus;

import net.imglib2.RandomAccessibleInterval;

import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;

/** A command about the active image, or a plane of numbers, that scores nothing. */
public abstract class ViewCommand extends DgiqaCommand {

	/** Null for the active image; not filled by Fiji, which takes that of the wrong thread. */
	@Parameter(required = false, persist = false, autoFill = false, visibility = ItemVisibility.INVISIBLE)
	private ImagePlus image;

	@Parameter(required = false, persist = false, autoFill = false, visibility = ItemVisibility.INVISIBLE)
	private RandomAccessibleInterval<?> data;

	@Parameter(required = false, persist = false, visibility = ItemVisibility.INVISIBLE)
	private Double low;

	@Parameter(required = false, persist = false, visibility = ItemVisibility.INVISIBLE)
	private Double high;
}
