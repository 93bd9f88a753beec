package io.github.dgiqa.command;

import ij.ImagePlus;

import io.github.dgiqa.action.QualityImage;

import java.util.Map;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Local quality of the active image as a new image. */
@Plugin(type = Command.class, menuPath = "Plugins>DGIQA>Quality Map...", headless = true)
public final class QualityMap extends ScoringCommand {

	@Parameter(label = "Map", persist = false, choices = {"slice", "stack"}, description = "the slice that is shown, or every Z and T")
	private String scope = "slice";

	@Parameter(label = "Channels", persist = false, choices = {"together", "each"}, description = "together as they are displayed, or one slice a channel")
	private String channels = "together";

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus result;

	@Override
	protected void work(final Map<String, Object> inputs) {
		result = show(QualityImage.run(inputs));
	}
}
