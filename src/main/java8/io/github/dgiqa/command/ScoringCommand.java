package io.github.dgiqa.command;

import ij.ImagePlus;

import net.imglib2.RandomAccessibleInterval;

import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;

/** A command that scores the active image, or a plane of numbers. */
public abstract class ScoringCommand extends ModelCommand {

	/** Null for the active image; not filled by Fiji, which takes that of the wrong thread. */
	@Parameter(required = false, persist = false, autoFill = false, visibility = ItemVisibility.INVISIBLE)
	private ImagePlus image;

	@Parameter(required = false, persist = false, autoFill = false, visibility = ItemVisibility.INVISIBLE)
	private RandomAccessibleInterval<?> data;

	@Parameter(required = false, persist = false, visibility = ItemVisibility.INVISIBLE)
	private Double low;

	@Parameter(required = false, persist = false, visibility = ItemVisibility.INVISIBLE)
	private Double high;

	/** For scripts, whose images may have no window and so no place among the choices of depthmap. */
	@Parameter(required = false, persist = false, autoFill = false, visibility = ItemVisibility.INVISIBLE)
	private ImagePlus measured;

	@Parameter(label = "Measured depth", persist = false, required = false, description = "an image of the same size whose values are depths, in place of the depth model")
	private String depthmap = "";

	@Parameter(label = "Large depths are", persist = false, choices = {"near", "far"}, description = "what large values of the measured depth mean")
	private String depthlarge = "near";
}
