package io.github.dgiqa.cli;

import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.batch.Merge;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code merge}: one file from the rows of all shards. */
@Command(name = "merge", description = "Puts the rows of all shards of 'assess --shard' together, in the order of one run.", mixinStandardHelpOptions = true, versionProvider = Cli.VersionText.class, sortOptions = false,
	exitCodeListHeading = "%nExit status:%n",
	exitCodeList = {"0:all rows are together", "1:the shards do not belong together, or are not all", "2:wrong usage"})
final class MergeCommand implements Callable<Integer> {

	@Spec
	private CommandSpec spec;

	@Parameters(paramLabel = "SHARD", arity = "1..*", description = "the CSV files of all shards; where there is no SHARD.resume beside them, in the order of their numbers")
	private List<Path> shards;

	@Option(names = "--csv", paramLabel = "FILE", required = true, description = "where the rows go; an existing file is replaced")
	private Path csv;

	private final Console console;

	MergeCommand(final Console console) {
		this.console = console;
	}

	@Override
	public Integer call() {
		final String problem = Inputs.problemOfRows(csv, List.of());
		if (problem != null) throw new ParameterException(spec.commandLine(), "--csv " + csv + problem);
		if (shards.stream().anyMatch(shard -> Inputs.real(shard).equals(Inputs.real(csv)))) throw new ParameterException(spec.commandLine(), "--csv " + csv + " is one of the shards.");
		final Merge.Summary summary = Merge.run(shards, csv);
		if (!summary.known()) console.err().println("Not all shards have their .resume file beside them: they were taken in the order in which they are named.");
		console.err().println(summary.rows() + " rows of " + summary.files() + " files from " + shards.size() + " shards");
		return ExitStatus.OK;
	}
}
