package io.github.dgiqa.cli;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.batch.Distorting;
import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.distort.Distortion;
import io.github.dgiqa.distort.Distortions;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelStore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code distort}: damaged pictures of known kind and strength. */
@Command(name = "distort", description = "Damages images, the slices of stacks, and the images of folders in known ways; writes PNG files and " + Distorting.TABLE + ".", mixinStandardHelpOptions = true, versionProvider = Cli.VersionText.class, sortOptions = false,
	exitCodeListHeading = "%nExit status:%n",
	exitCodeList = {"0:all pictures were made", "1:some, or all, could not be made", "2:wrong usage, or no image found", "3:depth model, weights or engine cannot be used", "130:cancelled"})
final class DistortCommand implements Callable<Integer> {

	private static final String ALL = "all";

	@Spec
	private CommandSpec spec;

	@Parameters(paramLabel = "PATH", arity = "1..*", description = "an image (PNG, JPEG, GIF, BMP, TIFF), a stack, or a folder with images")
	private List<String> paths;

	@Option(names = "--type", paramLabel = "NAME|all", required = true, split = ",", description = "which distortions: some names with commas between, or all; docs/distort.md describes them")
	private List<String> types;

	@Option(names = "--level", paramLabel = "1..5|all", split = ",", description = "which levels: some with commas between, or all (default: ${DEFAULT-VALUE})", defaultValue = ALL)
	private List<String> levels;

	@Option(names = "--seed", paramLabel = "N", description = "seed of all that is random, 0 to " + Sampling.Random.MAX_SEED + " (default: ${DEFAULT-VALUE})", defaultValue = "42")
	private long seed;

	@Option(names = "--out", paramLabel = "FOLDER", required = true, description = "where NAME-TYPE-LEVEL.png and " + Distorting.TABLE + " go; it is made where it is missing, and files of these names are replaced")
	private Path out;

	@Option(names = "--keep-encoded", description = "also leaves the files of jpeg (.jpg) and jpeg2000 (.jp2)")
	private boolean keepEncoded;

	@Option(names = "--depth", paramLabel = "NAME|FOLDER", description = "depth model for " + Distortions.HAZE + " (default: the one that goes with " + ModelStore.DEFAULT_MODEL + ")")
	private String depth;

	private final Console console;

	DistortCommand(final Console console) {
		this.console = console;
	}

	@Override
	public Integer call() throws IOException {
		final List<Distortion> chosen = chosenTypes();
		final List<Integer> strengths = chosenLevels();
		if (seed < 0 || seed > Sampling.Random.MAX_SEED) throw usage("--seed must be from 0 to " + Sampling.Random.MAX_SEED + ", not " + seed + ".");
		final List<Inputs.Input> inputs = Inputs.expand(paths);
		if (inputs.isEmpty()) throw usage(Inputs.nothingIn(paths));
		makeFolder();
		try (Assessor assessor = chosen.stream().anyMatch(type -> type.name().equals(Distortions.HAZE)) ? assessor() : null) {
			final Distorting.Plan plan = new Distorting.Plan(chosen, strengths, seed, out, keepEncoded, picture -> assessor.inverseDepth(picture));
			final String problem = Distorting.problem(inputs, plan);
			if (problem != null) throw usage(problem);
			console.err().println("seed " + seed + (assessor == null ? "" : ", depth by " + assessor.depthModelName() + ", " + assessor.engineDescription()));
			return run(inputs, plan);
		}
	}

	private int run(final List<Inputs.Input> inputs, final Distorting.Plan plan) throws IOException {
		final Progress progress = new Progress(console.err());
		try (Stop stop = new Stop(console, "Cancelled; the pictures and rows so far are kept.")) {
			final Distorting.Summary summary = Distorting.run(inputs, plan, stop.writing(), new Distorting.Listener() {

				@Override
				public void done(final int done, final int expected) {
					progress.show(done, expected, "cpu");
				}

				@Override
				public void failed(final String sentence) {
					console.err().println(sentence);
				}
			});
			if (summary.failed() > 0) console.err().println(summary.failed() + " of " + (summary.made() + summary.failed()) + " could not be made.");
			return summary.failed() > 0 ? ExitStatus.FAILED : ExitStatus.OK;
		}
	}

	/** For depth, on the CPU: the same on every machine that has it. */
	private Assessor assessor() {
		return Assessor.open(ModelStore.of(null), new Assessor.Settings(ModelStore.DEFAULT_MODEL, null, depth, null, null, DeviceChoice.CPU, Precision.FLOAT32, 0));
	}

	private List<Distortion> chosenTypes() {
		if (types.contains(ALL)) return Distortions.all();
		try {
			return types.stream().distinct().map(Distortions::find).toList();
		}
		catch (final DgiqaException e) {
			throw usage("--type: " + e.getMessage());
		}
	}

	private List<Integer> chosenLevels() {
		if (levels.contains(ALL)) return IntStream.rangeClosed(1, Distortion.LEVELS).boxed().toList();
		for (final String level : levels)
			if (!level.matches("[1-" + Distortion.LEVELS + "]")) throw usage("--level must be from 1 to " + Distortion.LEVELS + ", or all, not " + level + ".");
		return levels.stream().distinct().map(Integer::valueOf).toList();
	}

	private void makeFolder() {
		try {
			Files.createDirectories(out);
		}
		catch (final IOException e) {
			throw usage("--out " + out + ": the folder cannot be made: " + DgiqaException.sentence(e) + ".");
		}
	}

	private ParameterException usage(final String sentence) {
		return new ParameterException(spec.commandLine(), sentence);
	}
}
