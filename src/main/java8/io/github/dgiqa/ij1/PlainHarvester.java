package io.github.dgiqa.ij1;

import ij.IJ;
import ij.gui.GenericDialog;
import ij.plugin.frame.Recorder;

import io.github.dgiqa.command.DgiqaCommand;

import java.awt.GraphicsEnvironment;
import java.io.File;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.scijava.plugin.Parameter;

/**
 * What SciJava does for the commands in Fiji, in plain ImageJ 1.x: the dialog, what a macro says, the recorder. The
 * dialog's labels, values and limits are those that the command's parameters state.
 */
public final class PlainHarvester {

	private static final int TEXT_COLUMNS = 20;
	private static final int NUMBER_COLUMNS = 10;

	private final DgiqaCommand command;
	private final Map<String, List<String>> choices;

	private PlainHarvester(final DgiqaCommand command) {
		this.command = command;
		choices = command.choices();
	}

	/**
	 * Asks for the parameters where a person is there to answer, and runs the command.
	 *
	 * @param name name of a class in the package {@code command}
	 */
	public static void run(final String name) throws ReflectiveOperationException {
		final DgiqaCommand command = (DgiqaCommand) Class.forName("io.github.dgiqa.command." + name).getDeclaredConstructor().newInstance();
		final boolean ask = command.hasDialog() && !IJ.isMacro() && !GraphicsEnvironment.isHeadless();
		if (ask && !new PlainHarvester(command).ask()) return;
		command.calledByMenu();
		command.run();
	}

	/** Shows the dialog; false where it was cancelled. */
	private boolean ask() throws ReflectiveOperationException {
		final GenericDialog dialog = new GenericDialog(command.title());
		final List<Field> fields = command.asked();
		for (final Field field : fields)
			add(field, dialog);
		dialog.addHelp(DgiqaCommand.HELP);
		// the dialog would record the labels and only the boxes that are ticked
		Recorder.suspendRecording();
		try {
			dialog.showDialog();
			if (dialog.wasCanceled()) return false;
			for (final Field field : fields)
				read(field, dialog);
		}
		finally {
			Recorder.resumeRecording();
		}
		if (Recorder.record) for (final Field field : fields)
			if (field.get(command) != null) Recorder.recordOption(field.getName(), field.get(command).toString());
		return true;
	}

	private void add(final Field field, final GenericDialog dialog) throws ReflectiveOperationException {
		final Parameter parameter = field.getAnnotation(Parameter.class);
		final Object value = field.get(command);
		final String label = parameter.label();
		final List<String> offered = choices(field);
		if (!offered.isEmpty()) dialog.addChoice(label, offered.toArray(new String[0]), (String) value);
		else if (field.getType() == boolean.class) dialog.addCheckbox(label, (Boolean) value);
		else if (field.getType() == File.class && parameter.style().equals("directory")) dialog.addDirectoryField(label, "", TEXT_COLUMNS);
		else if (field.getType() == File.class) dialog.addFileField(label, "", TEXT_COLUMNS);
		else if (field.getType() == String.class) dialog.addStringField(label, (String) value, TEXT_COLUMNS);
		else dialog.addNumericField(label, ((Number) value).doubleValue(), 0, NUMBER_COLUMNS, "");
	}

	private List<String> choices(final Field field) {
		if (choices.containsKey(field.getName())) return choices.get(field.getName());
		final String[] fixed = field.getAnnotation(Parameter.class).choices();
		return fixed.length == 0 ? Collections.<String>emptyList() : Arrays.asList(fixed);
	}

	private void read(final Field field, final GenericDialog dialog) throws IllegalAccessException {
		final Class<?> type = field.getType();
		if (!choices(field).isEmpty()) field.set(command, dialog.getNextChoice());
		else if (type == boolean.class) field.set(command, dialog.getNextBoolean());
		else if (type == String.class) field.set(command, dialog.getNextString());
		else if (type == File.class) {
			final String path = dialog.getNextString().trim();
			field.set(command, path.isEmpty() ? null : new File(path));
		}
		else if (type == double.class) field.set(command, dialog.getNextNumber());
		else if (type == long.class) field.set(command, (long) dialog.getNextNumber());
		else field.set(command, (int) dialog.getNextNumber());
	}
}
