package io.github.dgiqa.cli;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.bench.Bench;
import io.github.dgiqa.bench.Part;
import io.github.dgiqa.bench.Results;
import io.github.dgiqa.image.ImageFile;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench}: figures of speed and memory. */
@Command(name = "bench", description = "Measures how fast the program is on this machine, as ratios to a matrix product, and how much memory it takes; docs/performance.md describes the figures.", mixinStandardHelpOptions = true, versionProvider = Cli.VersionText.class, sortOptions = false,
	exitCodeListHeading = "%nExit status:%n",
	exitCodeList = {"0:all was measured", "1:something could not be measured", "2:wrong usage", "3:model, weights or engine cannot be used", "130:cancelled"})
final class BenchCommand implements Callable<Integer> {

	private static final Set<Part> USUAL = EnumSet.of(Part.COMPACT6, Part.GEMM, Part.FIRST_SCORE, Part.STAGES);
	private static final int MOST_REPS = 1000;

	@Spec
	private CommandSpec spec;

	@Parameters(paramLabel = "WHAT", arity = "0..*", description = "compact6, dgiqa, vits, vitb, vitl, gemm, first_score, stages, stages-published, growth, growth-published (default: compact6 gemm first_score stages)")
	private List<String> what;

	@Option(names = "--json", description = "prints one JSON object in place of tables")
	private boolean json;

	@Option(names = "--reps", paramLabel = "N", description = "measurements of which the median is taken, once Java is warm (default: ${DEFAULT-VALUE})", defaultValue = "5")
	private int reps;

	@Option(names = "--image", paramLabel = "FILE", description = "image for first_score and stages (default: one from a seed, 576x384)")
	private Path image;

	@Mixin
	private DeviceOptions device;

	private final Console console;

	BenchCommand(final Console console) {
		this.console = console;
	}

	@Override
	public Integer call() {
		final Set<Part> parts = parts();
		if (reps < 1 || reps > MOST_REPS) throw usage("--reps must be from 1 to " + MOST_REPS + ", not " + reps + ".");
		checkImage();
		final Bench.Wishes wishes = new Bench.Wishes(parts, reps, image, device.device(), device.threads(), Cli.class.getName());
		try (Bench bench = new Bench(wishes, console.err()::println); Stop stop = new Stop(console, "Cancelled.", bench::close)) {
			final Results results = bench.run();
			console.out().println(json ? results.json() : results.text());
		}
		return ExitStatus.OK;
	}

	private Set<Part> parts() {
		if (what == null) return USUAL;
		final Set<Part> parts = EnumSet.noneOf(Part.class);
		for (final String word : what)
			parts.add(Part.named(word).orElseThrow(() -> usage("What is measured must be among " + Arrays.stream(Part.values()).map(Part::key).collect(Collectors.joining(", ")) + ", and '" + word + "' is not.")));
		return parts;
	}

	/** Looks whether the image can be read before anything is measured. */
	private void checkImage() {
		if (image == null) return;
		try (ImageFile file = ImageFile.open(image)) {
			file.picture(0);
		}
		catch (final DgiqaException e) {
			throw usage("--image " + image + ": " + DgiqaException.sentence(e));
		}
	}

	private ParameterException usage(final String sentence) {
		return new ParameterException(spec.commandLine(), sentence);
	}
}
