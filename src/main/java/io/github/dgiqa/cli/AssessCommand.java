package io.github.dgiqa.cli;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.batch.Listing;
import io.github.dgiqa.batch.Resuming;
import io.github.dgiqa.batch.Shard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code assess}: scores for images, stacks and folders. */
@Command(name = "assess", description = "Scores images, the slices of stacks, and the images of folders; writes CSV.", mixinStandardHelpOptions = true, versionProvider = Cli.VersionText.class, sortOptions = false,
	exitCodeListHeading = "%nExit status:%n",
	exitCodeList = {"0:all images were scored", "1:some images, or all, could not be scored, or the report could not be written", "2:wrong usage, or no image found", "3:model, weights or engine cannot be used", "130:cancelled"})
final class AssessCommand implements Callable<Integer> {

	@Spec
	private CommandSpec spec;

	@Mixin
	private InputOptions input;

	@Mixin
	private ModelOptions models;

	@Mixin
	private RowOptions rows;

	@Option(names = "--maps", paramLabel = "FOLDER", description = "writes NAME-depth.png, NAME-attention.png and NAME-quality.png there; none of an image that would exceed 100 megapixels once resized")
	private Path maps;

	@Option(names = "--report", paramLabel = "FOLDER", description = "writes index.html there, a page with thumbnails, scores and maps, as results come; a report that is there is replaced, but with --resume")
	private Path report;

	@Mixin
	private ComputeOptions compute;

	private final Console console;

	AssessCommand(final Console console) {
		this.console = console;
	}

	@Override
	public Integer call() throws IOException {
		rows.check();
		final Shard shard = input.shard();
		final ModelOptions.Found found = models.quality();
		final Listing files = input.files();
		files.notices().forEach(console.err()::println);
		if (files.size() == 0) {
			console.err().println(input.nothingFound());
			return ExitStatus.USAGE;
		}
		checkPlaces(files);
		final AssessRun run = new AssessRun(console, files, shard, models.pair(found, compute), maps, report);
		final Resuming.Summary summary = rows.canBeResumed(shard != null) ? run.resumable(rows) : run.once(rows);
		return summary.failed() > 0 || summary.reportLost() || files.isIncomplete() ? ExitStatus.FAILED : ExitStatus.OK;
	}

	/** Refuses places that cannot be written to before the models are loaded. */
	private void checkPlaces(final Listing files) {
		final List<Inputs.Input> inputs = files.inputs(IntStream.range(0, files.size()).toArray(), false);
		final String problem = report == null ? null : Inputs.problemOfReport(report, inputs);
		if (problem != null) throw usage("--report " + report + problem);
		rows.checkPlace(inputs, report);
		if (maps == null) return;
		try {
			Files.createDirectories(maps);
		}
		catch (final IOException e) {
			throw usage("--maps " + maps + ": the folder cannot be made: " + DgiqaException.sentence(e) + ".");
		}
	}

	private ParameterException usage(final String sentence) {
		return new ParameterException(spec.commandLine(), sentence);
	}
}
