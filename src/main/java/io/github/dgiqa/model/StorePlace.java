package io.github.dgiqa.model;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Where the folder of the user's models is.
 *
 * @param environment gives a variable of the environment, or null
 * @param properties gives a system property, or null
 */
record StorePlace(UnaryOperator<String> environment, UnaryOperator<String> properties) {

	static final StorePlace OF_THIS_PROCESS = new StorePlace(System::getenv, System::getProperty);

	/**
	 * The first that is there: what was chosen, the environment variable, the system property, ImageJ's folder, that of
	 * the user. An empty name counts as none.
	 *
	 * @param chosen by the user for this call; null for none
	 * @param imagej ImageJ's folder; null outside of ImageJ
	 * @return the folder, which need not exist; null where the user has no home
	 */
	Path folder(final Path chosen, final Path imagej) {
		if (chosen != null && !chosen.toString().isBlank()) return chosen;
		final Path set = path(environment.apply(ModelStore.VARIABLE), "environment variable " + ModelStore.VARIABLE);
		if (set != null) return set;
		final Path property = path(properties.apply(ModelStore.PROPERTY), "system property " + ModelStore.PROPERTY);
		if (property != null) return property;
		return imagej == null ? inHome() : imagej.resolve("models").resolve("dgiqa");
	}

	private static Path path(final String text, final String source) {
		if (text == null || text.isBlank()) return null;
		try {
			return Path.of(text);
		}
		catch (final InvalidPathException e) {
			throw new ModelException("The " + source + " is to name the folder of models, and '" + text + "' can be no folder; set it to another, or to nothing.", e);
		}
	}

	private Path inHome() {
		final String name = properties.apply("user.home");
		if (name == null || name.isBlank() || name.equals("?")) return null; // Java's word for no home
		final Path home = Path.of(name);
		final String system = String.valueOf(properties.apply("os.name")).toLowerCase(Locale.ROOT);
		if (system.startsWith("mac")) return home.resolve("Library").resolve("Application Support").resolve("DGIQA").resolve("models");
		if (system.startsWith("windows")) return absolute("LOCALAPPDATA", home.resolve("AppData").resolve("Local")).resolve("DGIQA").resolve("models");
		return absolute("XDG_DATA_HOME", home.resolve(".local").resolve("share")).resolve("dgiqa").resolve("models");
	}

	/** The folder that a variable of the environment names; another where it names none, or not from the root on. */
	private Path absolute(final String variable, final Path otherwise) {
		final Path named = path(environment.apply(variable), "environment variable " + variable);
		return named != null && named.isAbsolute() ? named : otherwise;
	}
}
