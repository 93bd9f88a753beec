package io.github.dgiqa;

import ij.IJ;

import io.github.dgiqa.ij1.Program;

/** For macros: {@code call("io.github.dgiqa.Dgiqa.score")} and the like. Everything is text; nothing throws. */
public final class Dgiqa {

	private static final String MACROS = "io.github.dgiqa.action.ForMacros";

	private Dgiqa() {}

	/**
	 * The score of the active image's current slice, by the default model with its own sampling: 0 to 1 with a decimal
	 * point, or NaN, and then the status bar says why.
	 */
	public static String score() {
		return ask("score", "NaN");
	}

	/** The program's version, such as 1.2.3. */
	public static String version() {
		return ask("version", "");
	}

	/** Where the program computes: cpu or gpu; empty where the engine cannot be started, and then the status bar says why. */
	public static String device() {
		return ask("device", "");
	}

	private static String ask(final String method, final String failed) {
		final String problem = JavaVersion.problem();
		if (problem != null) {
			IJ.showStatus(problem);
			return failed;
		}
		try {
			final Object answer = Program.call(MACROS, method);
			return answer == null ? failed : (String) answer;
		}
		catch (final Program.Unavailable e) {
			IJ.showStatus(e.getMessage());
			return failed;
		}
	}
}
