package io.github.dgiqa.command;

import io.github.dgiqa.action.FolderRun;

import java.io.File;
import java.util.List;
import java.util.Map;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.widget.FileWidget;

/** Scores of the images of a folder. */
@Plugin(type = Command.class, menuPath = "Plugins>DGIQA>Assess Folder...", headless = true)
public final class AssessFolder extends ModelCommand {

	@Parameter(label = "Folder", persist = false, required = false, style = FileWidget.DIRECTORY_STYLE, description = "images, stacks; folders in it are passed over")
	private File folder;

	@Parameter(label = "CSV file", persist = false, required = false, style = FileWidget.SAVE_STYLE, description = "where the rows are written too; leave it empty for none")
	private File csv;

	@Parameter(label = "Resume", persist = false, description = "keeps the rows of the CSV file, and scores what has none yet or has changed")
	private boolean resume;

	@Parameter(label = "Report folder", persist = false, required = false, style = FileWidget.DIRECTORY_STYLE, description = "for a page with thumbnails, scores and maps; leave it empty for none")
	private File report;

	@Parameter(label = "Rows in Results", persist = false)
	private boolean results = true;

	@Parameter(type = ItemIO.OUTPUT)
	private List<?> assessments;

	@Override
	protected void work(final Map<String, Object> inputs) {
		assessments = FolderRun.run(inputs);
	}
}
