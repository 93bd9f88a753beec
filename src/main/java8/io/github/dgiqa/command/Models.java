package io.github.dgiqa.command;

import io.github.dgiqa.action.Choices;
import io.github.dgiqa.action.ModelsRun;
import io.github.dgiqa.action.ModelsTable;

import java.awt.Component;
import java.io.File;
import java.util.List;
import java.util.Map;

import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** The models that are there, and how others come and go. */
@Plugin(type = Command.class, menuPath = "Plugins>DGIQA>Models...", headless = true)
public final class Models extends DgiqaCommand {

	@Parameter(label = "Action", persist = false, choices = {"list", "import", "download", "verify", "remove"}, description = "what to do")
	private String action = "list";

	@Parameter(label = "Model", persist = false, required = false, description = "which one to download, verify or remove; verify without one means all")
	private String model = "";

	@Parameter(label = "File or folder to import", persist = false, required = false, description = "a weight file, or a folder or zip with models")
	private File file;

	@Parameter(label = "New name", persist = false, required = false, description = "of a model that is imported or downloaded; leave it empty for that of its description")
	private String name = "";

	@Parameter(label = "Replace", persist = false, description = "whether a model of that name may be replaced")
	private boolean replace = false;

	/** A macro's consent to a download. */
	@Parameter(persist = false, required = false, visibility = ItemVisibility.INVISIBLE)
	private boolean accept = false;

	@Override
	protected void work(final Map<String, Object> inputs) {
		ModelsRun.run(inputs);
	}

	@Override
	protected Map<String, List<String>> choices() {
		return Choices.stored();
	}

	@Override
	protected Component panel() {
		return ModelsTable.panel();
	}
}
