package io.github.dgiqa.command;

import io.github.dgiqa.action.EngineRun;

import java.awt.Component;
import java.io.File;
import java.util.Map;

import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

/** Which PyTorch is here, what it computes on, and another one. */
@Plugin(type = Command.class, menuPath = "Plugins>DGIQA>Engine...", headless = true)
public final class Engine extends DgiqaCommand {

	@Parameter(label = "Action", persist = false, choices = {"info", "install"}, description = "install: from the archive below, or from the network where there is none")
	private String action = "info";

	@Parameter(label = "libtorch's archive", persist = false, required = false, description = "a ZIP, as PyTorch's site offers it; leave it empty to download")
	private File file;

	@Parameter(label = "Download for", persist = false, choices = {"auto", "cpu", "cu128"}, description = "auto: the GPU where one answers, else the CPU")
	private String flavor = "auto";

	@Parameter(label = "Replace", persist = false, description = "whether one that is installed may be replaced")
	private boolean replace = false;

	/** A macro's consent to a download. */
	@Parameter(persist = false, required = false, visibility = ItemVisibility.INVISIBLE)
	private boolean accept = false;

	@Override
	protected Component panel() {
		return EngineRun.panel();
	}

	@Override
	protected void work(final Map<String, Object> inputs) {
		EngineRun.run(inputs);
	}
}
