package io.github.dgiqa.command;

import io.github.dgiqa.action.AssessImage;

import java.util.List;
import java.util.Map;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Scores of the active image: rows in Results, overlays. */
@Plugin(type = Command.class, menuPath = "Plugins>DGIQA>Assess Quality...", headless = true)
public final class AssessQuality extends ScoringCommand {

	@Parameter(label = "Assess", persist = false, choices = {"slice", "stack"}, description = "the slice that is shown, or every Z and T")
	private String scope = "slice";

	@Parameter(label = "Channels", persist = false, choices = {"together", "each"}, description = "together as they are displayed, or one row a channel")
	private String channels = "together";

	@Parameter(label = "Overlays", persist = false, choices = {"none", "quality", "crops", "quality,crops", "attention", "depth", "depth,attention,quality", "depth,attention,quality,crops"}, description = "maps over the image, and boxes with the crops' scores; macros can name any of depth, attention, quality, crops")
	private String maps = "none";

	@Parameter(label = "Overlay opacity (%)", persist = false, min = "0", max = "100")
	private int opacity = 60;

	@Parameter(label = "Rows in Results", persist = false)
	private boolean results = true;

	@Parameter(type = ItemIO.OUTPUT)
	private List<?> assessments;

	@Override
	protected void work(final Map<String, Object> inputs) {
		assessments = AssessImage.run(inputs);
	}
}
