package io.github.dgiqa.cli;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.batch.Batch;
import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.batch.Reading;
import io.github.dgiqa.display.CsvTable;
import io.github.dgiqa.display.ResultRow;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelStore;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Lock;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code assess}: scores for images, stacks and folders. */
@Command(name = "assess", description = "Scores images, the slices of stacks, and the images of folders; writes CSV.", mixinStandardHelpOptions = true, versionProvider = Cli.VersionText.class, sortOptions = false,
	exitCodeListHeading = "%nExit status:%n",
	exitCodeList = {"0:all images were scored", "1:some images, or all, could not be scored", "2:wrong usage, or no image found", "3:model, weights or engine cannot be used", "130:cancelled"})
final class AssessCommand implements Callable<Integer> {

	private static final int DEFAULT_CROPS = 20;
	private static final long DEFAULT_SEED = 42;
	/** Bytes of Java's heap; the work on a photograph needs half of it. */
	private static final long SMALL_HEAP = 96 << 20;
	/** Rows. */
	private static final int TRIM_EVERY = 8;

	private enum Mode {
		random, grid
	}

	@Spec
	private CommandSpec spec;

	@Parameters(paramLabel = "PATH", arity = "1..*", description = "an image (PNG, JPEG, GIF, BMP, TIFF), a stack, or a folder with images")
	private List<String> paths;

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

	@Option(names = "--csv", paramLabel = "FILE", description = "where the rows go; an existing file is replaced (default: standard output)")
	private Path csv;

	@Option(names = "--maps", paramLabel = "FOLDER", description = "writes NAME-depth.png, NAME-attention.png and NAME-quality.png there; none of an image that would exceed 100 megapixels once resized")
	private Path maps;

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
		final Sampling chosen = sampling(store.find(model, ModelDescription.Kind.QUALITY).description());
		final List<Inputs.Input> inputs = Inputs.expand(paths);
		if (inputs.isEmpty()) {
			console.err().println(Inputs.nothingIn(paths));
			return ExitStatus.USAGE;
		}
		checkPlaces(inputs);
		final Assessor.Settings settings = new Assessor.Settings(model, weights, depth, depthWeights, chosen, compute.device(), compute.precision(), compute.threads());
		if (settings.problem() != null) throw usage(settings.problem());
		try (Reading reading = Reading.of(inputs, ImageFile::open); Assessor assessor = Assessor.open(store, settings); CsvTable table = new CsvTable(rows())) {
			return run(reading, assessor, table);
		}
	}

	private int run(final Reading reading, final Assessor assessor, final CsvTable table) throws IOException {
		console.err().println(assessor.modelName() + " with " + assessor.depthModelName() + ", " + assessor.engineDescription());
		final Progress progress = new Progress(console.err());
		final Batch.Summary summary;
		try (Stop stop = new Stop(console, "Cancelled; the rows so far are kept.")) {
			summary = Batch.run(reading, assessor, maps, (row, done, expected) -> {
				write(row, table, stop.writing());
				progress.show(done, expected, assessor.deviceName());
				tidy(done);
			});
		}
		if (summary.failed() > 0) console.err().println(summary.failed() + " of " + summary.rows() + " could not be scored; the column 'error' says why.");
		return summary.failed() > 0 ? ExitStatus.FAILED : ExitStatus.OK;
	}

	private static void write(final ResultRow row, final CsvTable table, final Lock writing) {
		writing.lock();
		try {
			table.write(row);
		}
		catch (final IOException e) {
			throw new DgiqaException("The rows cannot be written: " + DgiqaException.sentence(e) + ".", e);
		}
		finally {
			writing.unlock();
		}
	}

	/** Keeps the process as small as its work is: left alone, both heaps grow towards their limits. */
	private static void tidy(final int rows) {
		// a full collection is what makes Java give memory back
		if (Runtime.getRuntime().totalMemory() > SMALL_HEAP) System.gc();
		if (rows % TRIM_EVERY == 0) TorchEngine.releaseFreed();
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
	private void checkPlaces(final List<Inputs.Input> inputs) {
		if (csv != null) {
			final String problem = Inputs.problemOfRows(csv, inputs);
			if (problem != null) throw usage("--csv " + csv + problem);
		}
		if (maps == null) return;
		try {
			Files.createDirectories(maps);
		}
		catch (final IOException e) {
			throw usage("--maps " + maps + ": the folder cannot be made: " + DgiqaException.sentence(e) + ".");
		}
	}

	private Writer rows() {
		try {
			return csv == null ? console.rows() : Files.newBufferedWriter(csv, StandardCharsets.UTF_8);
		}
		catch (final IOException e) {
			throw usage("--csv " + csv + " cannot be written: " + DgiqaException.sentence(e) + ".");
		}
	}

	private ParameterException usage(final String sentence) {
		return new ParameterException(spec.commandLine(), sentence);
	}
}
