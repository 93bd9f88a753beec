package io.github.dgiqa.command;

import ij.ImagePlus;

import io.github.dgiqa.action.BestSlices;

import java.util.Map;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** The best slices of a stack as a new stack, in their order. */
@Plugin(type = Command.class, menuPath = "Plugins>DGIQA>Keep Best Slices...", headless = true)
public final class KeepBestSlices extends ScoringCommand {

	@Parameter(label = "Keep by", persist = false, choices = {"number", "share", "threshold"}, description = "how many slices, how many percent of them, or all from a score on")
	private String keep = "number";

	@Parameter(label = "Amount", persist = false, description = "slices, percent, or a score from 0 to 1")
	private double amount = 10;

	@Parameter(label = "Rows in Results", persist = false)
	private boolean results = true;

	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus result;

	@Override
	protected void work(final Map<String, Object> inputs) {
		result = show(BestSlices.run(inputs));
	}
}
