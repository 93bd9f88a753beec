package io.github.dgiqa.cli;

import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.evaluate.Evaluation;
import io.github.dgiqa.evaluate.Report;
import io.github.dgiqa.evaluate.Table;
import io.github.dgiqa.evaluate.sets.RatedSet;
import io.github.dgiqa.evaluate.sets.SetException;
import io.github.dgiqa.evaluate.statistics.Bootstrap;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelStore;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code evaluate}: models and simple figures against human scores. */
@Command(name = "evaluate", description = "Compares models with human scores: correlations, overall, by distortion and by level, with intervals; tables, plots, an HTML page.", mixinStandardHelpOptions = true, versionProvider = Cli.VersionText.class,
	sortOptions = false, exitCodeListHeading = "%nExit status:%n",
	exitCodeList = {"0:all images were scored", "1:some images could not be scored, or are not there", "2:wrong usage, or human scores that cannot be used", "3:model, weights or engine cannot be used", "130:cancelled"})
final class EvaluateCommand implements Callable<Integer> {

	private static final long DEFAULT_SEED = 42;
	private static final int DEFAULT_RESAMPLES = 1000;
	private static final int MOST_RESAMPLES = 1_000_000;

	@Spec
	private CommandSpec spec;

	@Option(names = "--model", paramLabel = "NAME|FOLDER", description = "quality model; several times for several (default: " + ModelStore.DEFAULT_MODEL + ")")
	private List<String> models = new ArrayList<>();

	@Option(names = "--set", paramLabel = "NAME=FOLDER", description = "a published set where it was unpacked; NAME is one of " + Sets.NAMES + "; images are found by name anywhere under FOLDER")
	private List<String> sets = new ArrayList<>();

	@Option(names = "--csv", paramLabel = "[NAME=]FILE", description = "human scores of yours: image,score[,reference,distortion,level], higher is better; images relative to the file")
	private List<String> files = new ArrayList<>();

	@Option(names = "--out", paramLabel = "FOLDER", description = "where scores and results go; scores that are there are used again (default: ${DEFAULT-VALUE})", defaultValue = "evaluation")
	private Path out;

	@Option(names = "--monotone", description = "counts how many pairs of levels that people tell apart are scored in the human order")
	private boolean monotone;

	@Option(names = "--no-baselines", description = "leaves out the simple figures, such as the variance of the Laplacian")
	private boolean noBaselines;

	@Option(names = "--bootstrap", paramLabel = "N", description = "resamples for the 95 %% intervals, 0 for none (default: " + DEFAULT_RESAMPLES + ")")
	private int resamples = DEFAULT_RESAMPLES;

	@Option(names = "--seed", paramLabel = "N", description = "seed of resamples and test parts, and of the crops of a model that takes random ones, 0 to " + Sampling.Random.MAX_SEED + " (default: " + DEFAULT_SEED + ")")
	private long seed = DEFAULT_SEED;

	@Option(names = "--limit", paramLabel = "N", description = "only the first N images of each set, for a trial")
	private Integer limit;

	@Option(names = "--depth", paramLabel = "NAME|FOLDER", description = "depth model of all models (default: the one that goes with each)")
	private String depth;

	@Option(names = "--weights", paramLabel = "FILE", description = "weights of the quality model, in place of its own; with one --model")
	private Path weights;

	@Option(names = "--depth-weights", paramLabel = "FILE", description = "weights of the depth model, in place of its own")
	private Path depthWeights;

	@Option(names = "--store", paramLabel = "FOLDER", description = "folder of your models (default: the environment variable " + ModelStore.VARIABLE + ", or one in your home)")
	private Path folder;

	@Mixin
	private ComputeOptions compute;

	private final Console console;

	EvaluateCommand(final Console console) {
		this.console = console;
	}

	@Override
	public Integer call() {
		checkNumbers();
		final ModelStore store = ModelStore.of(folder, null);
		final List<Assessor.Settings> settings = (models.isEmpty() ? List.of(ModelStore.DEFAULT_MODEL) : models).stream().map(model -> settings(model, store)).toList();
		final List<RatedSet> read;
		try {
			read = sets();
		}
		catch (final SetException e) {
			console.err().println(e.getMessage());
			return ExitStatus.USAGE;
		}
		read.forEach(set -> Sets.tell(set, set.scale(), console));
		final Report report = run(store, new Evaluation.Plan(read, settings, !noBaselines, new Bootstrap(resamples, seed), monotone, out));
		console.out().print(String.join("\n", report.tables().stream().map(Table::text).toList()));
		console.out().flush();
		report.notes().forEach(console.err()::println);
		console.err().println("All tables and plots: " + report.page().toAbsolutePath().normalize());
		final boolean missing = read.stream().anyMatch(set -> !set.missing().isEmpty());
		return report.failed() > 0 || missing ? ExitStatus.FAILED : ExitStatus.OK;
	}

	private Report run(final ModelStore store, final Evaluation.Plan plan) {
		try (Stop stop = new Stop(console, "Cancelled; the scores so far are kept, and the same command goes on from them.")) {
			return Evaluation.run(store, plan, new Lines(), () -> {});
		}
	}

	private List<RatedSet> sets() {
		final List<RatedSet> read = new ArrayList<>();
		for (final String text : sets) {
			add(read, Sets.published(text, spec));
		}
		for (final String text : files) {
			final int equals = text.indexOf('=');
			final boolean named = equals > 0 && !Files.exists(Sets.path(text, spec));
			final Path file = Sets.path(named ? text.substring(equals + 1) : text, spec);
			if (file.getFileName() == null) throw usage("--csv needs a file, not " + text + ".");
			add(read, RatedSet.read(named ? text.substring(0, equals) : Sets.name(file), file));
		}
		if (read.isEmpty()) throw usage("There is nothing to compare with: give --set NAME=FOLDER or --csv FILE.");
		return read;
	}

	private void add(final List<RatedSet> read, final RatedSet set) {
		if (read.stream().anyMatch(other -> other.name().equalsIgnoreCase(set.name()))) throw usage("Two sets are called " + set.name() + ": give one of them another name, --csv NAME=FILE.");
		read.add(limit == null ? set : set.first(limit));
	}

	private Assessor.Settings settings(final String model, final ModelStore store) {
		final ModelDescription.Sampling described = store.find(model, ModelDescription.Kind.QUALITY).description().sampling();
		final Sampling sampling = described.mode() == ModelDescription.SamplingMode.RANDOM ? new Sampling.Random(described.crops(), seed) : new Sampling.Grid();
		final Assessor.Settings settings = new Assessor.Settings(model, weights, depth, depthWeights, sampling, compute.device(), compute.precision(), compute.threads());
		if (settings.problem() != null) throw usage(settings.problem());
		return settings;
	}

	private void checkNumbers() {
		if (seed < 0 || seed > Sampling.Random.MAX_SEED) throw usage("--seed must be from 0 to " + Sampling.Random.MAX_SEED + ", not " + seed + ".");
		if (resamples < 0 || resamples > MOST_RESAMPLES) throw usage("--bootstrap must be from 0 to " + MOST_RESAMPLES + ", not " + resamples + ".");
		if (limit != null && limit < 1) throw usage("--limit must be at least 1, not " + limit + ".");
		if (weights != null && models.size() > 1) throw usage("--weights belongs to one model, and " + models.size() + " are given; compare folders with a model.json and weights each.");
		if (Files.exists(out) && !Files.isDirectory(out)) throw usage("--out " + out + " is a file; a folder is needed.");
	}

	private ParameterException usage(final String sentence) {
		return new ParameterException(spec.commandLine(), sentence);
	}

	/** Progress, and the first errors. */
	private final class Lines implements Evaluation.Listener {

		private static final int ERRORS_SHOWN = 5;

		private Progress progress;
		private int errors;

		@Override
		public void begins(final String scorer, final String set, final int reused, final int open) {
			console.err().println(scorer + " on " + set + ": " + open + " images to score, " + reused + " scored before");
			progress = new Progress(console.err());
			errors = 0;
		}

		@Override
		public void image(final Path image, final int done, final int open, final String where, final String error) {
			if (!error.isEmpty() && errors++ < ERRORS_SHOWN) console.err().println(image + ": " + error + (errors == ERRORS_SHOWN ? " (others that fail are in " + out.resolve("scores") + ")" : ""));
			progress.show(done, open, where);
		}
	}
}
