package io.github.dgiqa.engine;

import ai.djl.util.Utils;

import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * What decides which PyTorch is used, and where: tests put others in their place.
 *
 * @param machine this machine
 * @param gpus its GPUs
 * @param variables values of environment variables, or of system properties of the same names; null where there is none
 * @param cache DJL's folder for PyTorch, which need not be there
 * @param classes where the natives in the program are looked for
 */
record Surroundings(Machine machine, Gpus gpus, UnaryOperator<String> variables, Path cache, ClassLoader classes) {

	/** The folder with an installed libtorch. */
	static final String LIBRARY_PATH = "PYTORCH_LIBRARY_PATH";
	static final String VERSION = "PYTORCH_VERSION";
	static final String FLAVOR = "PYTORCH_FLAVOR";

	private static Surroundings here;

	/** Those of this process; the driver is asked once. */
	static synchronized Surroundings here() {
		if (here == null) {
			final Machine machine = Machine.here();
			here = new Surroundings(machine, NvidiaDriver.ask(machine), Utils::getEnvOrSystemProperty, Utils.getEngineCacheDir("pytorch"), Surroundings.class.getClassLoader());
		}
		return here;
	}

	/** A variable's value; null where it is empty, too. */
	String variable(final String name) {
		final String value = variables.apply(name);
		return value == null || value.isBlank() ? null : value.strip();
	}
}
