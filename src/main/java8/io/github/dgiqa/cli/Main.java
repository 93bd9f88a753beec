package io.github.dgiqa.cli;

import io.github.dgiqa.JavaVersion;

/** Where {@code java -jar dgiqa.jar} starts. */
public final class Main {

	private static final int UNUSABLE = 3;

	private Main() {}

	/** Runs the command line; see {@code --help}. */
	public static void main(final String[] args) {
		final String problem = JavaVersion.problem();
		if (problem != null) {
			System.err.println(problem);
			System.exit(UNUSABLE);
		}
		Cli.main(args);
	}
}
