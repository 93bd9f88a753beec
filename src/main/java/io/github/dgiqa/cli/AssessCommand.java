package io.github.dgiqa.cli;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.batch.Batch;
import io.github.dgiqa.batch.FileState;
import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.batch.Listing;
import io.github.dgiqa.batch.Provenance;
import io.github.dgiqa.batch.Reading;
import io.github.dgiqa.batch.ResumableRows;
import io.github.dgiqa.batch.RowSink;
import io.github.dgiqa.batch.Shard;
import io.github.dgiqa.display.CsvTable;
import io.github.dgiqa.display.ResultRow;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Lock;
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
	exitCodeList = {"0:all images were scored", "1:some images, or all, could not be scored", "2:wrong usage, or no image found", "3:model, weights or engine cannot be used", "130:cancelled"})
final class AssessCommand implements Callable<Integer> {

	private static final int DEFAULT_CROPS = 20;
	private static final long DEFAULT_SEED = 42;
	/** Bytes of Java's heap; the work on a photograph needs half of it. */
	private static final long SMALL_HEAP = 96 << 20;
	/** Bytes of Java's heap for a file in the list, with the room that a collection leaves beside what is used. */
	private static final long HEAP_PER_FILE = 400;
	/** Rows. */
	private static final int TRIM_EVERY = 8;

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
		final int failed = rows.canBeResumed(shard != null) ? resumable(files, shard, store, settings) : once(files, shard, store, settings);
		return failed > 0 || files.isIncomplete() ? ExitStatus.FAILED : ExitStatus.OK;
	}

	/** Assesses all files. Returns how many rows have errors. */
	private int once(final Listing files, final Shard shard, final ModelStore store, final Assessor.Settings settings) throws IOException {
		final int[] which = shard == null ? IntStream.range(0, files.size()).toArray() : shard.of(files.distinct());
		// an older file goes when the models are loaded
		try (Reading reading = read(files, which); Assessor assessor = Assessor.open(store, settings); CsvTable table = rows.table(console)) {
			return run(reading, assessor, table::write, files.size());
		}
	}

	/** Assesses the files that have no rows. Returns how many rows have errors, or had already. */
	private int resumable(final Listing files, final Shard shard, final ModelStore store, final Assessor.Settings settings) {
		final int[] all = files.distinct();
		final int[] which = shard == null ? all : shard.of(all);
		try (ResumableRows kept = rows.resumable(provenance(store, settings, shard))) {
			final ResumableRows.Selection selection = kept.select(files, which, rows.retry());
			final int before = which.length - selection.open().length;
			if (before > 0) console.err().println(before + " of " + which.length + " files have their rows already" + (selection.failed() > 0 ? ", " + selection.failed() + " of them with an error (--retry tries those again)." : "."));
			final int failed = before == which.length ? 0 : assess(files, selection, store, settings, kept);
			kept.finish(files, which, all.length);
			return failed + selection.failed();
		}
		catch (final IOException e) {
			throw RowOptions.unwritable(e);
		}
	}

	private Provenance provenance(final ModelStore store, final Assessor.Settings settings, final Shard shard) {
		final StoredModel quality = store.find(model, ModelDescription.Kind.QUALITY).with(weights);
		final StoredModel estimator = store.find(depth == null ? quality.description().depth() : depth, ModelDescription.Kind.DEPTH).with(depthWeights);
		final Sampling.Random random = settings.sampling() instanceof Sampling.Random ? (Sampling.Random) settings.sampling() : null;
		return new Provenance(quality.name(), quality.sha256(), estimator.name(), estimator.sha256(), random == null ? "grid" : "random", random == null ? null : random.crops(), random == null ? null : random.seed(),
			settings.precision().name().toLowerCase(Locale.ROOT), shard == null ? null : shard.toString());
	}

	private int assess(final Listing files, final ResumableRows.Selection selection, final ModelStore store, final Assessor.Settings settings, final RowSink to) throws IOException {
		try (Reading reading = read(files, selection.open()); Assessor assessor = Assessor.open(store, settings)) {
			return run(reading, assessor, to, files.size());
		}
	}

	private Reading read(final Listing files, final int[] which) {
		return Reading.of(files.inputs(which, maps != null), ImageFile::open);
	}

	/** @param files length of the list. Returns how many rows have errors. */
	private int run(final Reading reading, final Assessor assessor, final RowSink to, final int files) throws IOException {
		console.err().println(assessor.modelName() + " with " + assessor.depthModelName() + ", " + assessor.engineDescription());
		final Progress progress = new Progress(console.err());
		final Batch.Summary summary;
		try (Stop stop = new Stop(console, "Cancelled; the rows so far are kept.")) {
			summary = Batch.run(reading, assessor, maps, new Batch.Listener() {

				@Override
				public void row(final ResultRow row, final int done, final int expected) {
					write(() -> to.write(row), stop.writing());
					progress.show(done, expected, assessor.deviceName());
					tidy(done, SMALL_HEAP + files * HEAP_PER_FILE);
				}

				@Override
				public void file(final Inputs.Input input, final FileState state) {
					write(() -> to.done(input, state), stop.writing());
				}
			});
		}
		if (summary.failed() > 0) console.err().println(summary.failed() + " of " + summary.rows() + " could not be scored; the column 'error' says why.");
		return summary.failed();
	}

	/** Something that writes. */
	private interface Step {

		void run() throws IOException;
	}

	private static void write(final Step step, final Lock writing) {
		writing.lock();
		try {
			step.run();
		}
		catch (final IOException e) {
			throw RowOptions.unwritable(e);
		}
		finally {
			writing.unlock();
		}
	}

	/** Keeps the process as small as its work is: left alone, both heaps grow towards their limits. */
	private static void tidy(final int rows, final long smallHeap) {
		// a full collection is what makes Java give memory back
		if (Runtime.getRuntime().totalMemory() > smallHeap) System.gc();
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
	private void checkPlaces(final Listing files) {
		rows.checkPlace(files.inputs(IntStream.range(0, files.size()).toArray(), false));
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
