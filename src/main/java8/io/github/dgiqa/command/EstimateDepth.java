package io.github.dgiqa.command;

import ij.ImagePlus;

import io.github.dgiqa.action.DepthImage;

import java.io.File;
import java.util.Map;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Inverse depth of the active image as a new image. */
@Plugin(type = Command.class, menuPath = "Plugins>DGIQA>Estimate Depth...", headless = true)
public final class EstimateDepth extends ViewCommand {

	@Parameter(label = "Estimate", persist = false, choices = {"slice", "stack"}, description = "the slice that is shown, or every Z and T")
	private String scope = "slice";

	@Parameter(label = "Channels", persist = false, choices = {"together", "each"}, description = "together as they are displayed, or one slice a channel")
	private String channels = "together";

	@Parameter(label = "Depth model", persist = false, description = "auto: the one that the default quality model goes with")
	private String depth = "auto";

	@Parameter(label = "Device", persist = false, description = "auto: a GPU where PyTorch can use one")
	private String device = "auto";

	@Parameter(label = "Precision", persist = false, choices = {"float32", "float16"}, description = "numbers to compute with; float16 on a GPU only")
	private String precision = "float32";

	@Parameter(label = "Depth weights", persist = false, required = false, description = "a file in place of the depth model's own weights; leave it empty for these")
	private File depthfile;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus result;

	@Override
	protected void work(final Map<String, Object> inputs) {
		result = show(DepthImage.run(inputs));
	}
}
