package io.github.dgiqa.command;

import ij.IJ;
import ij.gui.GenericDialog;
import ij.plugin.frame.Recorder;

import io.github.dgiqa.action.Choices;

import java.awt.BorderLayout;
import java.awt.Component;
import java.awt.Panel;
import java.io.File;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.scijava.plugin.Parameter;
import org.scijava.widget.FileWidget;

/**
 * The dialog of a command, the same in Fiji and in plain ImageJ 1.x: labels, values and choices are those that the
 * command's parameters state.
 */
public final class ParameterDialog {

	private static final String HELP = "https://github.com/dgiqa/DGIQA_/blob/main/docs/user-guide.md";
	private static final int TEXT_COLUMNS = 20;
	private static final int NUMBER_COLUMNS = 10;

	private final DgiqaCommand command;
	private final List<Field> fields;
	private final Map<String, List<String>> choices;
	private final Component panel;
	private final GenericDialog dialog;

	private ParameterDialog(final DgiqaCommand command, final List<Field> fields) {
		this.command = command;
		this.fields = fields;
		choices = command.choices();
		panel = command.panel();
		dialog = new GenericDialog(command.title());
	}

	/**
	 * Asks for some of a command's parameters, and sets them.
	 *
	 * @return false where the user cancelled
	 */
	public static boolean ask(final DgiqaCommand command, final List<Field> fields) {
		try {
			final String problem = command.problem();
			if (problem != null) return refuse(command, problem);
			final ParameterDialog dialog;
			try {
				dialog = new ParameterDialog(command, fields);
			}
			catch (final RuntimeException e) { // what there is to choose from cannot be told
				return refuse(command, Choices.sentence(e));
			}
			return dialog.ask();
		}
		catch (final IllegalAccessException e) {
			throw new IllegalStateException(e); // they are made accessible
		}
	}

	private static boolean refuse(final DgiqaCommand command, final String sentence) {
		Recorder.setCommand(null); // else a line without keys is recorded
		IJ.error(command.title(), sentence);
		return false;
	}

	private boolean ask() throws IllegalAccessException {
		if (panel != null) {
			final Panel around = new Panel(new BorderLayout());
			around.add(panel);
			dialog.addPanel(around);
		}
		for (final Field field : fields)
			add(field);
		dialog.addHelp(HELP);
		dialog.showDialog();
		if (dialog.wasCanceled()) return false;
		for (final Field field : fields)
			if (!read(field)) return refuse(command, "The value of " + field.getAnnotation(Parameter.class).label() + " is no number, or not a whole one where one is needed; try again.");
		final String mistake = command.mistake();
		if (mistake != null) return refuse(command, mistake);
		Recorder.resetCommandOptions(); // the dialog recorded its labels, and only the boxes that are ticked
		return true;
	}

	private void add(final Field field) throws IllegalAccessException {
		final Parameter parameter = field.getAnnotation(Parameter.class);
		final Object value = field.get(command);
		final String label = parameter.label();
		final List<String> offered = choices(field);
		if (!offered.isEmpty()) dialog.addChoice(label, offered.toArray(new String[0]), (String) value);
		else if (field.getType() == boolean.class) dialog.addCheckbox(label, (Boolean) value);
		else if (field.getType() == File.class && parameter.style().equals(FileWidget.DIRECTORY_STYLE)) dialog.addDirectoryField(label, "", TEXT_COLUMNS);
		else if (field.getType() == File.class) dialog.addFileField(label, "", TEXT_COLUMNS);
		else if (field.getType() == String.class) dialog.addStringField(label, (String) value, TEXT_COLUMNS);
		else dialog.addNumericField(label, ((Number) value).doubleValue(), 0, NUMBER_COLUMNS, "");
	}

	private List<String> choices(final Field field) {
		if (choices.containsKey(field.getName())) return choices.get(field.getName());
		final String[] fixed = field.getAnnotation(Parameter.class).choices();
		return fixed.length == 0 ? Collections.<String>emptyList() : Arrays.asList(fixed);
	}

	/** False where a number is needed and something else was written. */
	private boolean read(final Field field) throws IllegalAccessException {
		final Class<?> type = field.getType();
		if (!choices(field).isEmpty()) field.set(command, dialog.getNextChoice());
		else if (type == boolean.class) field.set(command, dialog.getNextBoolean());
		else if (type == File.class) {
			final String path = dialog.getNextString().trim();
			field.set(command, path.isEmpty() ? null : new File(path));
		}
		else if (type == String.class) field.set(command, dialog.getNextString().trim());
		else {
			final double number = dialog.getNextNumber();
			if (Double.isNaN(number) || type != double.class && number != Math.rint(number)) return false;
			if (type == double.class) field.set(command, number);
			else if (type == long.class) field.set(command, (long) number);
			else field.set(command, (int) number);
		}
		return true;
	}
}
