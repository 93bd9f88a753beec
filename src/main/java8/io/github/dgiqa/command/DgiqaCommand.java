package io.github.dgiqa.command;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;

import io.github.dgiqa.JavaVersion;
import io.github.dgiqa.action.Choices;
import io.github.dgiqa.action.Shown;
import io.github.dgiqa.action.Voice;

import java.awt.Component;
import java.awt.GraphicsEnvironment;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.util.ClassUtils;

/**
 * What the commands share: parameters are the keys of macros, and none remembers what was chosen last. Those with a
 * label are asked for in a dialog. Everything here is Java 8 byte code and asks for the version of Java before it
 * touches the program.
 */
public abstract class DgiqaCommand implements Command {

	private static final String IMAGE = "image";
	private static final String DATA = "data";

	// Who called: SciJava runs the command in another thread, and to ImageJ 1.x active image and options are a thread's.
	private final Thread caller = Thread.currentThread();
	private final ImagePlus active = WindowManager.getCurrentImage();
	private final String options = Macro.getOptions();

	/** A menu or a macro called: what the command makes is shown, and a macro's own words count. */
	private boolean menu;

	/** The work, once Java is known to be new enough. @param inputs values of the parameters by their names */
	protected abstract void work(Map<String, Object> inputs);

	/** Why the work cannot be done with what a person chose, before it begins; null where it can. */
	protected String mistake(final Map<String, Object> inputs) {
		return null;
	}

	/** The same of the parameters as they are. */
	final String mistake() {
		return mistake(inputs());
	}

	/** Shows a result where a menu or a macro called; returns it. */
	protected final ImagePlus show(final ImagePlus result) {
		if (menu && result != null) Shown.show(result, caller);
		return result;
	}

	/** Whether the menu item has a dialog. */
	protected boolean hasDialog() {
		return !asked().isEmpty();
	}

	/** Whether somebody is there to ask. A macro that leaves a key out means the default. */
	public final boolean asks() {
		return hasDialog() && !IJ.isMacro() && !GraphicsEnvironment.isHeadless() && JavaVersion.problem() == null;
	}

	/** A menu or a macro called, and no script that wants the results alone. */
	public final void calledByMenu() {
		menu = true;
	}

	/** What is to be told in place of a dialog, since the command could not work; null where it can. */
	final String problem() throws IllegalAccessException {
		boolean needsImage = false;
		for (final Field field : fields()) {
			if (field.getName().equals(IMAGE)) needsImage = true;
			if ((field.getName().equals(IMAGE) || field.getName().equals(DATA)) && field.get(this) != null) return null;
		}
		return needsImage ? Choices.problem() : null;
	}

	/** What a dialog offers for parameters whose choices are not fixed: models, open images. */
	protected Map<String, List<String>> choices() {
		return Choices.find();
	}

	/** What the dialog shows over its fields; null for nothing. */
	protected Component panel() {
		return null;
	}

	/** The words over the dialog: those of the menu. */
	final String title() {
		final String path = getClass().getAnnotation(Plugin.class).menuPath();
		return path.substring(path.lastIndexOf('>') + 1).replace("...", "");
	}

	/** The parameters that a dialog asks for; what is the command's own comes before what it shares with others. */
	public final List<Field> asked() {
		final List<Field> asked = recorded();
		final Class<?> own = getClass();
		Collections.sort(asked, (a, b) -> Boolean.compare(b.getDeclaringClass() == own, a.getDeclaringClass() == own));
		return asked;
	}

	/** The parameters in the order in which Fiji records them. */
	public final List<Field> recorded() {
		final List<Field> recorded = new ArrayList<Field>();
		for (final Field field : fields())
			if (!field.getAnnotation(Parameter.class).label().isEmpty()) recorded.add(field);
		return recorded;
	}

	/** All inputs. */
	final List<Field> fields() {
		final List<Field> fields = new ArrayList<Field>();
		for (final Field field : ClassUtils.getAnnotatedFields(getClass(), Parameter.class)) {
			if (field.getAnnotation(Parameter.class).type() == ItemIO.OUTPUT) continue;
			field.setAccessible(true);
			fields.add(field);
		}
		return fields;
	}

	/** The parameters' values; those that a macro names as the macro has them. */
	private Map<String, Object> inputs() {
		final Map<String, Object> inputs = new LinkedHashMap<String, Object>();
		try {
			for (final Field field : fields()) {
				final String written = options == null || !menu ? null : Macro.getValue(options, field.getName(), null);
				inputs.put(field.getName(), written == null ? field.get(this) : written);
			}
		}
		catch (final IllegalAccessException e) {
			throw new IllegalStateException(e); // they are made accessible
		}
		if (inputs.containsKey(IMAGE) && inputs.get(IMAGE) == null) inputs.put(IMAGE, active);
		return inputs;
	}

	/** Tells of words in a macro's line that are none of our keys: a misspelt key would silently mean the default. */
	private void tellUnknownKeys() {
		if (options == null || !menu) return;
		final List<String> known = new ArrayList<String>();
		for (final Field field : fields())
			known.add(field.getName());
		for (final String word : withoutBrackets(options).trim().split("\\s+")) {
			final String key = word.replaceFirst("=.*", "");
			if (!key.isEmpty() && !known.contains(key)) IJ.log(title() + ": there is no key '" + key + "', which is passed over; keys are in lower case: " + known + ".");
		}
	}

	/** Values in brackets may hold anything. */
	private static String withoutBrackets(final String options) {
		final StringBuilder rest = new StringBuilder();
		int depth = 0;
		for (final char c : options.toCharArray()) {
			if (c == '[') depth++;
			if (depth == 0) rest.append(c);
			if (c == ']' && depth > 0) depth--;
		}
		return rest.toString();
	}

	@Override
	public final void run() {
		final String problem = JavaVersion.problem();
		if (problem != null) IJ.error("DGIQA", problem);
		else {
			tellUnknownKeys();
			Voice.listen();
			work(inputs());
		}
	}
}
