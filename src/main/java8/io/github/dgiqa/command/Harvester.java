package io.github.dgiqa.command;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

import org.scijava.module.Module;
import org.scijava.module.process.AbstractPreprocessorPlugin;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.Plugin;
import org.scijava.widget.InputHarvester;

/** Asks for the parameters of our commands before SciJava does, which knows no choices that depend on what is open. */
@Plugin(type = PreprocessorPlugin.class, priority = InputHarvester.PRIORITY + 0.5)
public final class Harvester extends AbstractPreprocessorPlugin {

	@Override
	public void process(final Module module) {
		if (!(module.getDelegateObject() instanceof DgiqaCommand)) return;
		final DgiqaCommand command = (DgiqaCommand) module.getDelegateObject();
		command.calledByMenu();
		final List<Field> open = new ArrayList<Field>();
		for (final Field field : command.asked())
			if (!module.isInputResolved(field.getName())) open.add(field);
		if (command.asks() && !open.isEmpty() && !ParameterDialog.ask(command, open)) cancel(null);
		for (final Field field : command.fields())
			module.resolveInput(field.getName());
	}
}
