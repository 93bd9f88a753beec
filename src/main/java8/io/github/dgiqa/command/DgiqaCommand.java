package io.github.dgiqa.command;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;

import io.github.dgiqa.JavaVersion;
import io.github.dgiqa.action.Choices;
import io.github.dgiqa.action.Shown;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.scijava.ItemIO;
import org.scijava.command.DynamicCommand;
import org.scijava.module.ModuleItem;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.util.ClassUtils;

/**
 * What the commands share: parameters are the keys of macros, and none remembers what was chosen last. Everything here
 * is Java 8 byte code and asks for the version of Java before it touches the program.
 */
public abstract class DgiqaCommand extends DynamicCommand {

	/** The page that the Help button opens. */
	public static final String HELP = "https://github.com/dgiqa/DGIQA_/blob/main/docs/user-guide.md";

	/** The name that {@link #prepare} has for SciJava. */
	protected static final String PREPARE = "prepare";

	/** A menu or a macro called: what the command makes is shown, and a macro's own words count. */
	private boolean menu;

	/** Who called: SciJava runs the command in another thread, and to ImageJ 1.x the active image is a thread's. */
	private final Thread caller = Thread.currentThread();

	/** The work, once Java is known to be new enough. @param inputs values of the parameters by their names */
	protected abstract void work(Map<String, Object> inputs);

	/** Shows a result where a menu or a macro called; returns it. */
	protected final ImagePlus show(final ImagePlus result) {
		if (menu && result != null) Shown.show(result, caller);
		return result;
	}

	/** Whether a person is asked for the parameters. */
	public boolean hasDialog() {
		return !asked().isEmpty();
	}

	/** SciJava calls this before it asks for the parameters; not where a script runs the command without pre-processing. */
	protected final void prepare() {
		calledByMenu();
		for (final Field field : fields())
			if (!asked().contains(field)) resolveInput(field.getName());
		// left out means the default; without this a dialog asks for the keys that a macro leaves out
		if (IJ.isMacro() || !hasDialog() || JavaVersion.problem() != null) for (final Field field : fields())
			resolveInput(field.getName());
		else order();
	}

	/** A menu or a macro called. */
	public final void calledByMenu() {
		menu = true;
	}

	/** In the dialog what is the command's own comes before what it shares with others. */
	private void order() {
		for (final Map.Entry<String, List<String>> choice : choices().entrySet())
			if (getInfo().getInput(choice.getKey()) != null) getInfo().getMutableInput(choice.getKey(), String.class).setChoices(choice.getValue());
		for (final Field field : asked()) {
			final ModuleItem<?> item = getInfo().getInput(field.getName());
			getInfo().removeInput(item);
			getInfo().addInput(item);
		}
	}

	/** What a dialog offers for parameters whose choices are not fixed: models, open images. */
	public final Map<String, List<String>> choices() {
		return JavaVersion.problem() == null ? Choices.find() : Collections.<String, List<String>>emptyMap();
	}

	/** The words over the dialog: those of the menu. */
	public final String title() {
		final String path = getClass().getAnnotation(Plugin.class).menuPath();
		return path.substring(path.lastIndexOf('>') + 1).replace("...", "");
	}

	/** The parameters that a dialog asks for, in its order. */
	public final List<Field> asked() {
		final List<Field> asked = new ArrayList<Field>();
		for (final Field field : fields())
			if (!field.getAnnotation(Parameter.class).label().isEmpty()) asked.add(field);
		final Class<?> own = getClass();
		Collections.sort(asked, (a, b) -> Boolean.compare(b.getDeclaringClass() == own, a.getDeclaringClass() == own));
		return asked;
	}

	private List<Field> fields() {
		final List<Field> fields = new ArrayList<Field>();
		for (final Field field : ClassUtils.getAnnotatedFields(getClass(), Parameter.class)) {
			if (!DgiqaCommand.class.isAssignableFrom(field.getDeclaringClass()) || field.getAnnotation(Parameter.class).type() == ItemIO.OUTPUT) continue;
			field.setAccessible(true);
			fields.add(field);
		}
		return fields;
	}

	/** The parameters' values; those that a macro names as the macro has them. */
	private Map<String, Object> inputs() {
		final Map<String, Object> inputs = new LinkedHashMap<String, Object>();
		final String options = menu ? Macro.getOptions() : null;
		try {
			for (final Field field : fields()) {
				final String written = options == null ? null : Macro.getValue(options, field.getName(), null);
				inputs.put(field.getName(), written == null ? field.get(this) : written);
			}
		}
		catch (final IllegalAccessException e) {
			throw new IllegalStateException(e); // they are made accessible
		}
		return inputs;
	}

	@Override
	public final void run() {
		final String problem = JavaVersion.problem();
		if (problem != null) {
			IJ.error("DGIQA", problem);
			return;
		}
		work(inputs());
		// shown already, where anything is to be shown
		resolveOutput("assessments");
		resolveOutput("result");
	}
}
