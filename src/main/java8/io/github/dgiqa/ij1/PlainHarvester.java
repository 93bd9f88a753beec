package io.github.dgiqa.ij1;

import ij.plugin.frame.Recorder;

import io.github.dgiqa.command.DgiqaCommand;
import io.github.dgiqa.command.ParameterDialog;

import java.lang.reflect.Field;

/** What SciJava does for the commands in Fiji, in plain ImageJ 1.x: the dialog, and the same words for the recorder. */
public final class PlainHarvester {

	private PlainHarvester() {}

	/**
	 * Asks for the parameters where a person is there to answer, and runs the command.
	 *
	 * @param name name of a class in the package {@code command}
	 */
	public static void run(final String name) throws ReflectiveOperationException {
		final DgiqaCommand command = (DgiqaCommand) Class.forName("io.github.dgiqa.command." + name).getDeclaredConstructor().newInstance();
		if (command.asks() && !ParameterDialog.ask(command, command.asked())) return;
		if (Recorder.record) for (final Field field : command.recorded())
			if (field.get(command) != null) Recorder.recordOption(field.getName(), field.get(command).toString());
		command.calledByMenu();
		command.run();
	}
}
