package io.github.dgiqa.command;

import io.github.dgiqa.action.Memory;

import java.util.Map;

import org.scijava.command.Command;
import org.scijava.plugin.Plugin;

/** Unloads the models and gives their memory back. */
@Plugin(type = Command.class, menuPath = "Plugins>DGIQA>Release Memory", headless = true)
public final class ReleaseMemory extends DgiqaCommand {

	@Override
	protected void work(final Map<String, Object> inputs) {
		Memory.release();
	}
}
