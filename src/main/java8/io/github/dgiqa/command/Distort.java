package io.github.dgiqa.command;

import ij.ImagePlus;

import io.github.dgiqa.action.DistortImage;

import java.util.Map;

import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** What is seen of the active image, damaged in a known way, as a new image. */
@Plugin(type = Command.class, menuPath = "Plugins>DGIQA>Distort...", headless = true)
public final class Distort extends ViewCommand {

	/** For scripts, whose images may have no window and so no place among the choices of depthmap. */
	@Parameter(required = false, persist = false, autoFill = false, visibility = ItemVisibility.INVISIBLE)
	private ImagePlus measured;

	@Parameter(label = "Type", persist = false, description = "what is done to the image")
	private String type = "gaussian_blur";

	@Parameter(label = "Level", persist = false, choices = {"1", "2", "3", "4", "5", "all"}, description = "how much of it; all: a slice for each")
	private String level = "3";

	@Parameter(label = "Seed", persist = false, min = "0", max = "4294967295", description = "of all that is random in it")
	private long seed = 42;

	@Parameter(label = "Distort", persist = false, choices = {"slice", "stack"}, description = "the slice that is shown, or every Z and T")
	private String scope = "slice";

	@Parameter(label = "Channels", persist = false, choices = {"together", "each"}, description = "together as they are displayed, or one slice a channel")
	private String channels = "together";

	@Parameter(label = "Depth model", persist = false, description = "of haze; auto: the one that the default quality model goes with")
	private String depth = "auto";

	@Parameter(label = "Measured depth", persist = false, required = false, description = "of haze: an image of the same size whose values are depths, in place of the depth model")
	private String depthmap = "";

	@Parameter(label = "Large depths are", persist = false, choices = {"near", "far"}, description = "what large values of the measured depth mean")
	private String depthlarge = "near";

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus result;

	@Override
	protected void work(final Map<String, Object> inputs) {
		result = show(DistortImage.run(inputs));
	}
}
