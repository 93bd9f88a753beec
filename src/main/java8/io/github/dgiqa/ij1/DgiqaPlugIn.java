package io.github.dgiqa.ij1;

import ij.IJ;
import ij.plugin.PlugIn;

import io.github.dgiqa.JavaVersion;

/** What plugins.config names: checks Java, finds the program and hands over. */
public final class DgiqaPlugIn implements PlugIn {

	private static final String TITLE = "DGIQA";

	/** @param command the class in the package {@code command} that does the work */
	@Override
	public void run(final String command) {
		final String problem = JavaVersion.problem();
		if (problem != null) {
			IJ.error(TITLE, problem);
			return;
		}
		try {
			Program.call("io.github.dgiqa.ij1.PlainHarvester", "run", command);
		}
		catch (final Program.Unavailable e) {
			IJ.error(TITLE, e.getMessage());
		}
	}
}
