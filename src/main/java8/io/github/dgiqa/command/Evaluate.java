package io.github.dgiqa.command;

import io.github.dgiqa.action.EvaluateScores;

import java.io.File;
import java.util.List;
import java.util.Map;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.widget.FileWidget;

/** A model against the human scores of a CSV file. */
@Plugin(type = Command.class, menuPath = "Plugins>DGIQA>Evaluate...", headless = true)
public final class Evaluate extends ModelCommand {

	@Parameter(label = "Human scores", persist = false, required = false, description = "a CSV file: image,score[,reference,distortion,level]; images relative to it, higher is better")
	private File csv;

	@Parameter(label = "Results", persist = false, required = false, style = FileWidget.DIRECTORY_STYLE, description = "a folder for scores, tables and plots; leave it empty for 'evaluation' beside the CSV file")
	private File out;

	@Parameter(label = "Simple figures too", persist = false, description = "such as the variance of the Laplacian, to see what the network adds")
	private boolean baselines = true;

	@Parameter(label = "Count levels in order", persist = false, description = "of pairs of levels that people tell apart")
	private boolean monotone;

	@Parameter(label = "Resamples", persist = false, min = "0", description = "for the intervals; 0 for none")
	private int resamples = 1000;

	/** Lines of the tables. */
	@Parameter(type = ItemIO.OUTPUT)
	private List<?> tables;

	@Override
	protected void work(final Map<String, Object> inputs) {
		tables = EvaluateScores.run(inputs);
	}
}
