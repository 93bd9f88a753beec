package io.github.dgiqa.cli;

import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.train.Figures;
import io.github.dgiqa.train.Training;
import io.github.dgiqa.train.TrainingPlan;
import io.github.dgiqa.train.TrainingPlan.BatchStatistics;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code train}: new weights for a network. */
@Command(name = "train", description = "Trains a model, or goes on with a training that was interrupted: repeat the command.", mixinStandardHelpOptions = true, versionProvider = Cli.VersionText.class, sortOptions = false,
	exitCodeListHeading = "%nExit status:%n",
	exitCodeList = {"0:the model is trained", "1:it could not be trained", "2:wrong usage, or no image found", "3:model, weights or engine cannot be used", "130:stopped; repeat the command to go on"})
final class TrainCommand implements Callable<Integer> {

	@Spec
	private CommandSpec spec;

	@Option(names = "--photos", paramLabel = "PATH", required = true, arity = "1..*", description = "clean photographs, or folders with them, to be distorted")
	private List<String> photos;

	@Option(names = "--model", paramLabel = "NAME|FOLDER", description = "whose network is trained (default: ${DEFAULT-VALUE})", defaultValue = ModelStore.DEFAULT_MODEL)
	private String model;

	@Option(names = "--weights", paramLabel = "FILE", description = "weights to begin with (default: the model's)")
	private Path weights;

	@Option(names = "--scratch", description = "begins with weights by chance, not with the model's")
	private boolean scratch;

	@Option(names = "--backbone", paramLabel = "FILE", description = "with --scratch: weights of the backbone to begin with")
	private Path backbone;

	@Option(names = "--out", paramLabel = "FOLDER", required = true, description = "folder of the new model, made where it is missing; the folder's name is the model's NAME")
	private Path out;

	@Option(names = "--held-out", paramLabel = "N", description = "photographs that are not learned from, at most half of them (default: ${DEFAULT-VALUE})", defaultValue = "40")
	private int heldOut;

	@Option(names = "--steps", paramLabel = "N", defaultValue = "2000", description = "steps (default: ${DEFAULT-VALUE})")
	private int steps;

	@Option(names = "--batch", paramLabel = "N", defaultValue = "24", description = "crops of a step (default: ${DEFAULT-VALUE})")
	private int batch;

	@Option(names = "--rate", paramLabel = "X", defaultValue = "0.0005", description = "largest learning rate (default: ${DEFAULT-VALUE})")
	private double rate;

	@Option(names = "--warm-up", paramLabel = "N", defaultValue = "100", description = "steps until that rate (default: ${DEFAULT-VALUE})")
	private int warmUp;

	@Option(names = "--weight-decay", paramLabel = "X", defaultValue = "0.01", description = "weight decay (default: ${DEFAULT-VALUE})")
	private double weightDecay;

	@Option(names = "--clip", paramLabel = "X", defaultValue = "1", description = "largest norm of the gradient (default: ${DEFAULT-VALUE})")
	private double clip;

	@Option(names = "--average", paramLabel = "X", defaultValue = "0.998", description = "decay of the moving average of the weights (default: ${DEFAULT-VALUE})")
	private double average;

	@Option(names = "--freeze", paramLabel = "PATTERN", description = "parameters whose whole path fits this regular expression stay as they are, such as 'backbone\\..*'; may be given several times")
	private List<String> frozen = List.of();

	@Option(names = "--batch-statistics", description = "batch norms use the statistics of the batch and learn them; without this they use those that they have")
	private boolean batchStatistics;

	@Option(names = "--no-helpers", description = "without the heads that only help to learn: the kind of distortion, and the score from the image's features")
	private boolean noHelpers;

	@Option(names = "--measure", paramLabel = "N", defaultValue = "0", description = "batches to measure the statistics of batch norms with, before the first step (default: ${DEFAULT-VALUE})")
	private int measure;

	@Option(names = "--evaluate-every", paramLabel = "N", defaultValue = "250", description = "steps between looks at the held-out part (default: ${DEFAULT-VALUE})")
	private int every;

	@Option(names = "--patience", paramLabel = "N", defaultValue = "0", description = "ends after so many looks without a better one; 0 for never (default: ${DEFAULT-VALUE})")
	private int patience;

	@Option(names = "--mixtures", paramLabel = "X", defaultValue = "0.15", description = "share of mixtures of two distortions (default: ${DEFAULT-VALUE})")
	private double mixtures;

	@Option(names = "--reduced", paramLabel = "X", defaultValue = "0.3", description = "share of photographs that are made smaller (default: ${DEFAULT-VALUE})")
	private double reduced;

	@Option(names = "--grey", paramLabel = "X", defaultValue = "0.1", description = "share of photographs that are made grey (default: ${DEFAULT-VALUE})")
	private double grey;

	@Option(names = "--seed", paramLabel = "N", description = "seed of all that is random, 0 to " + Sampling.Random.MAX_SEED + " (default: ${DEFAULT-VALUE})", defaultValue = "42")
	private long seed;

	@Mixin
	private ComputeOptions compute;

	private final Console console;

	TrainCommand(final Console console) {
		this.console = console;
	}

	@Override
	public Integer call() {
		final TrainingPlan plan = plan();
		final Training.Photographs photographs = new Training.Photographs(files(), heldOut, mixtures, reduced, grey);
		if (heldOut < 1 || heldOut > photographs.files().size() / 2) throw usage("--held-out must be from 1 to half of the " + photographs.files().size() + " photographs, not " + heldOut + ".");
		final Training.Wishes wishes = wishes();
		return Stoppable.run(console.err(), "Stopped; repeat the command to go on.", watch -> {
			final Figures figures = Training.onPhotographs(ModelStore.of(null), wishes, photographs, plan, new Training.Listener() {

				@Override
				public void resumes(final int step) {
					console.err().println("Going on after step " + step + ".");
				}

				@Override
				public void step(final int step, final int of, final double loss, final double secondsLeft) {
					if (step % 10 == 0) console.err().println(String.format(Locale.ROOT, "step %d of %d, loss %.4f, %.0f min left", step, of, loss, secondsLeft / 60));
				}

				@Override
				public void looked(final int step, final Figures held, final boolean best) {
					console.err().println(String.format(Locale.ROOT, "step %d: held-out SRCC %.4f, PLCC %.4f, levels in order %.4f, error %.5f%s", step, held.srcc(), held.plcc(), held.monotone(), held.loss(), best ? ", the best so far" : ""));
				}
			}, watch::check);
			console.out().println(String.format(Locale.ROOT, "%s: held-out SRCC %.4f, PLCC %.4f over %d images", out, figures.srcc(), figures.plcc(), figures.images()));
			return ExitStatus.OK;
		});
	}

	private TrainingPlan plan() {
		atLeast("--steps", steps, 1);
		atLeast("--batch", batch, 1);
		between("--rate", rate, Double.MIN_VALUE, Double.MAX_VALUE);
		atLeast("--warm-up", warmUp, 0);
		between("--weight-decay", weightDecay, 0, Double.MAX_VALUE);
		between("--clip", clip, Double.MIN_VALUE, Double.MAX_VALUE);
		between("--average", average, 0, Math.nextDown(1.0));
		atLeast("--measure", measure, 0);
		atLeast("--evaluate-every", every, 1);
		atLeast("--patience", patience, 0);
		between("--mixtures", mixtures, 0, 1);
		between("--reduced", reduced, 0, 1);
		between("--grey", grey, 0, 1);
		if (seed < 0 || seed > Sampling.Random.MAX_SEED) throw usage("--seed must be from 0 to " + Sampling.Random.MAX_SEED + ", not " + seed + ".");
		for (final String pattern : frozen)
			checkPattern(pattern);
		return new TrainingPlan(steps, batch, rate, warmUp, weightDecay, clip, average, batchStatistics ? BatchStatistics.BATCH : BatchStatistics.FIXED, measure, frozen, every, patience, seed);
	}

	private void atLeast(final String option, final int value, final int least) {
		if (value < least) throw usage(option + " must be at least " + least + ", not " + value + ".");
	}

	private void between(final String option, final double value, final double least, final double most) {
		if (value >= least && value <= most) return;
		final String range = most == Double.MAX_VALUE ? least == 0 ? "at least 0" : "larger than 0" : most < 1 ? "at least 0 and less than 1" : "from 0 to 1";
		throw usage(option + " must be " + range + ", not " + value + ".");
	}

	private void checkPattern(final String pattern) {
		try {
			Pattern.compile(pattern);
		}
		catch (final PatternSyntaxException e) {
			throw usage("--freeze " + pattern + " is no regular expression: " + e.getDescription() + ".");
		}
	}

	/** Each once, however often it is named: what is held out must not be learned from under another name. */
	private List<Path> files() {
		final Map<Path, Path> files = new LinkedHashMap<>();
		for (final Inputs.Input input : Inputs.expand(photos)) {
			if (input.problem() != null) throw usage(input.label() + ": " + input.problem());
			files.putIfAbsent(Inputs.real(input.file()), input.file());
		}
		if (files.isEmpty()) throw usage(Inputs.nothingIn(photos));
		return List.copyOf(files.values());
	}

	private Training.Wishes wishes() {
		if (scratch && weights != null) throw usage("--weights are to begin with, and --scratch begins without: give one of them.");
		if (!scratch && backbone != null) throw usage("--backbone goes with --scratch; otherwise the backbone's weights are the model's.");
		final Path name = out.toAbsolutePath().normalize().getFileName();
		if (name == null || Files.exists(out) && !Files.isDirectory(out)) throw usage("--out " + out + " must be a folder of the model's own, which may be new.");
		return new Training.Wishes(model, weights, scratch ? Training.From.SCRATCH : Training.From.MODEL, backbone, name.toString(), out, compute.device(), compute.threads(), !noHelpers);
	}

	private ParameterException usage(final String sentence) {
		return new ParameterException(spec.commandLine(), sentence);
	}
}
