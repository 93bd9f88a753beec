package io.github.dgiqa.command;

import io.github.dgiqa.action.FineTuneModel;

import java.io.File;
import java.util.List;
import java.util.Map;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.widget.FileWidget;

/** A new model that learns from images and grades of the user's. */
@Plugin(type = Command.class, menuPath = "Plugins>DGIQA>Fine-tune...", headless = true)
public final class FineTune extends DgiqaCommand {

	@Parameter(label = "Folder", persist = false, required = false, style = FileWidget.DIRECTORY_STYLE, description = "of the images")
	private File folder;

	@Parameter(label = "Grades", persist = false, required = false, description = "a CSV file: image,score[,reference]; images relative to the folder, higher is better")
	private File csv;

	@Parameter(label = "New name", persist = false, required = false, description = "of the new model; leave it empty for that of the CSV file")
	private String name = "";

	@Parameter(label = "Replace", persist = false, description = "whether a model of that name may be replaced")
	private boolean replace = false;

	@Parameter(label = "Begin with", persist = false, description = "the quality model that learns")
	private String model = "dgiqa-compact";

	@Parameter(label = "Lowest grade", persist = false, required = false, description = "of your scale; leave it empty for the smallest in the CSV file")
	private String lowest = "";

	@Parameter(label = "Highest grade", persist = false, required = false, description = "of your scale; leave it empty for the largest in the CSV file")
	private String highest = "";

	@Parameter(label = "Minutes", persist = false, min = "1", description = "at most, for all of it")
	private int minutes = 20;

	@Parameter(label = "Steps", persist = false, min = "0", description = "of learning; 0: as many as the minutes allow and are of use")
	private int steps = 0;

	@Parameter(label = "Seed", persist = false, min = "0", max = "4294967295", description = "of all that is random in it")
	private long seed = 42;

	@Parameter(label = "Device", persist = false, description = "auto: a GPU where PyTorch can use one")
	private String device = "auto";

	/** Lines of the table. */
	@Parameter(type = ItemIO.OUTPUT)
	private List<?> tables;

	@Override
	protected String mistake(final Map<String, Object> inputs) {
		return FineTuneModel.mistake(inputs);
	}

	@Override
	protected void work(final Map<String, Object> inputs) {
		tables = FineTuneModel.run(inputs);
	}
}
