package io.github.dgiqa.command;

import ij.ImagePlus;

import io.github.dgiqa.action.PlotStack;

import java.util.Map;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Score and spread against slice. */
@Plugin(type = Command.class, menuPath = "Plugins>DGIQA>Plot Quality over Stack", headless = true)
public final class PlotQuality extends ScoringCommand {

	@Parameter(label = "Channels", persist = false, choices = {"together", "each"})
	private String channels = "together";

	@Parameter(label = "Rows in Results", persist = false)
	private boolean results = true;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus result;

	/** The menu item works at once, with the defaults; macros and scripts have the keys. */
	@Override
	protected boolean hasDialog() {
		return false;
	}

	@Override
	protected void work(final Map<String, Object> inputs) {
		result = show(PlotStack.run(inputs));
	}
}
