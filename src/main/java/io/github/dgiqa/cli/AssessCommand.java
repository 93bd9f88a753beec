package io.github.dgiqa.cli;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.batch.Listing;
import io.github.dgiqa.batch.Resuming;
import io.github.dgiqa.batch.Shard;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;

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

	private static final int DEFAULT_CROPS = 20;
	private static final long DEFAULT_SEED = 42;

	private enum Mode {
		random, grid
	}

	@Spec
	private CommandSpec spec;

	@Mixin
	private InputOptions input;

	@Option(names = "--model", paramLabel = "NAME|FOLDER", description = "quality model (default: ${DEFAULT-VALUE}); the command 'models' lists those that are there", defaultValue = ModelStore.DEFAULT_MODEL)
	private String model;

	@Option(names = "--depth", paramLabel = "NAME|FOLDER", description = "depth model (default: the one that goes with the quality model)")
	private String depth;

	@Option(names = "--weights", paramLabel = "FILE", description = "weights of the quality model, in place of its own")
	private Path weights;

	@Option(names = "--depth-weights", paramLabel = "FILE", description = "weights of the depth model, in place of its own")
	private Path depthWeights;

	@Option(names = "--sampling", paramLabel = "random|grid", description = "where the crops are taken (default: the model's choice)")
	private Mode sampling;

	@Option(names = "--crops", paramLabel = "N", description = "number of random crops (default: the model's choice, or " + DEFAULT_CROPS + ")")
	private Integer crops;

	@Option(names = "--seed", paramLabel = "N", description = "seed of random crops, 0 to " + Sampling.Random.MAX_SEED + " (default: the model's choice, or " + DEFAULT_SEED + ")")
	private Long seed;

	@Mixin
	private RowOptions rows;

	@Option(names = "--maps", paramLabel = "FOLDER", description = "writes NAME-depth.png, NAME-attention.png and NAME-quality.png there; none of an image that would exceed 100 megapixels once resized")
	private Path maps;

	@Option(names = "--report", paramLabel = "FOLDER", description = "writes index.html there, a page with thumbnails, scores and maps, as results come; a report that is there is replaced, but with --resume")
	private Path report;

	@Option(names = "--store", paramLabel = "FOLDER", description = "folder of your models (default: the environment variable " + ModelStore.VARIABLE + ", or one in your home)")
	private Path folder;

	@Mixin
	private ComputeOptions compute;

	private final Console console;

	AssessCommand(final Console console) {
		this.console = console;
	}

	@Override
	public Integer call() throws IOException {
		final ModelStore store = ModelStore.of(folder, null);
		checkNumbers();
		rows.check();
		final Shard shard = input.shard();
		final StoredModel quality = store.find(model, ModelDescription.Kind.QUALITY);
		final Sampling chosen = sampling(quality.description());
		final Listing files = input.files();
		files.notices().forEach(console.err()::println);
		if (files.size() == 0) {
			console.err().println(input.nothingFound());
			return ExitStatus.USAGE;
		}
		checkPlaces(files);
		final Assessor.Settings settings = new Assessor.Settings(model, weights, depth, depthWeights, chosen, compute.device(), compute.precision(), compute.threads());
		if (settings.problem() != null) throw usage(settings.problem());
		final StoredModel estimator = store.find(depth == null ? quality.description().depth() : depth, ModelDescription.Kind.DEPTH).with(depthWeights);
		final AssessRun run = new AssessRun(console, files, shard, quality.with(weights), estimator, settings, maps, report);
		final Resuming.Summary summary = rows.canBeResumed(shard != null) ? run.resumable(rows) : run.once(rows);
		return summary.failed() > 0 || summary.reportLost() || files.isIncomplete() ? ExitStatus.FAILED : ExitStatus.OK;
	}

	private Sampling sampling(final ModelDescription description) {
		final ModelDescription.Sampling described = description.sampling();
		final boolean random = sampling == null ? described.mode() == ModelDescription.SamplingMode.RANDOM : sampling == Mode.random;
		if (!random) {
			if (crops != null || seed != null)
				throw usage((crops != null ? "--crops" : "--seed") + " belongs to random sampling, and the crops are taken on a grid here; add --sampling random or leave it out.");
			return new Sampling.Grid();
		}
		final boolean same = described.mode() == ModelDescription.SamplingMode.RANDOM;
		return new Sampling.Random(crops != null ? crops : same ? described.crops() : DEFAULT_CROPS, seed != null ? seed : same ? described.seed() : DEFAULT_SEED);
	}

	private void checkNumbers() {
		if (crops != null && crops < 1) throw usage("--crops must be at least 1, not " + crops + ".");
		if (seed != null && (seed < 0 || seed > Sampling.Random.MAX_SEED)) throw usage("--seed must be from 0 to " + Sampling.Random.MAX_SEED + ", not " + seed + ".");
	}

	/** Refuses places that cannot be written to before the models are loaded. */
	private void checkPlaces(final Listing files) {
		final List<Inputs.Input> inputs = files.inputs(IntStream.range(0, files.size()).toArray(), false);
		final String problem = report == null ? null : Inputs.problemOfReport(report, inputs);
		if (problem != null) throw usage("--report " + report + problem);
		rows.checkPlace(inputs);
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
