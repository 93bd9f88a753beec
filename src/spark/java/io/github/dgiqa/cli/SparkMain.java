package io.github.dgiqa.cli;

import picocli.CommandLine;

/** Where {@code spark-submit dgiqa-spark.jar} and {@code java -jar local.jar} start. */
public final class SparkMain {

	private SparkMain() {}

	/** Runs the job; see {@code --help}. */
	public static void main(final String[] args) {
		final Console console = Cli.begin();
		System.exit(Cli.run(new CommandLine(new SparkCommand(console)), console, args));
	}
}
