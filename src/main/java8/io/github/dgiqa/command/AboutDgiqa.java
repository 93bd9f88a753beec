package io.github.dgiqa.command;

import io.github.dgiqa.display.About;

import java.util.Map;

import org.scijava.command.Command;
import org.scijava.plugin.Plugin;

/** Version, engine, device, models found, how to cite. */
@Plugin(type = Command.class, menuPath = "Plugins>DGIQA>About DGIQA...", headless = true)
public final class AboutDgiqa extends DgiqaCommand {

	@Override
	protected void work(final Map<String, Object> inputs) {
		About.show();
	}
}
