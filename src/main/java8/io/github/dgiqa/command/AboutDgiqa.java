package io.github.dgiqa.command;

import ij.IJ;

import io.github.dgiqa.JavaVersion;
import io.github.dgiqa.display.About;

import org.scijava.command.Command;
import org.scijava.plugin.Plugin;

/** About DGIQA... in Fiji. */
@Plugin(type = Command.class, menuPath = "Plugins>DGIQA>About DGIQA...")
public final class AboutDgiqa implements Command {

	@Override
	public void run() {
		final String problem = JavaVersion.problem();
		if (problem != null) IJ.error("DGIQA", problem);
		else About.show();
	}
}
