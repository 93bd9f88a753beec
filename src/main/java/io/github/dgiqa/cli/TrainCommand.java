package io.github.dgiqa.cli;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.evaluate.sets.SetException;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.train.Figures;
import io.github.dgiqa.train.Trainer;
import io.github.dgiqa.train.Training;
import io.github.dgiqa.train.TrainingPlan;
import io.github.dgiqa.train.TrainingPlan.BatchStatistics;

import java.io.IOException;
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
	exitCodeList = {"0:the model is trained", "1:it could not be trained", "2:wrong usage", "3:model, weights or engine cannot be used", "130:stopped; repeat the command to go on"})
final class TrainCommand implements Callable<Integer> {

	private static final int MOST = 100_000_000;
	private static final int MOST_IN_BATCH = 1024;
	private static final int HELD_OUT = 40;

	@Spec
	private CommandSpec spec;

	@Option(names = "--photos", paramLabel = "PATH", arity = "1..*", description = "clean photographs, or folders with them: to be distorted, or with --depth-maps")
	private List<String> photos = List.of();

	@Mixin
	private RatedOptions rated;

	@Option(names = "--depth-maps", paramLabel = "FOLDER", description = "for a depth model: an inverse depth map of each photograph, near is large, of its name but for the extension; PNG or TIFF, 8, 16 or 32 bits")
	private Path depthMaps;

	@Option(names = "--absolute", paramLabel = "X", defaultValue = "1", description = "for a depth model: how much the difference that is not free of scale and shift counts (default: ${DEFAULT-VALUE})")
	private double absolute;

	@Option(names = "--model", paramLabel = "NAME|FOLDER", description = "whose network is trained (default: ${DEFAULT-VALUE})", defaultValue = ModelStore.DEFAULT_MODEL)
	private String model;

	@Option(names = "--weights", paramLabel = "FILE", description = "weights to begin with (default: the model's)")
	private Path weights;

	@Option(names = "--depth", paramLabel = "NAME|FOLDER", description = "depth model that the quality model goes with (default: the model's)")
	private String depth;

	@Option(names = "--scratch", description = "begins with weights by chance")
	private boolean scratch;

	@Option(names = "--backbone", paramLabel = "FILE", description = "with --scratch: weights of the backbone to begin with")
	private Path backbone;

	@Option(names = "--out", paramLabel = "FOLDER", required = true, description = "folder of the new model; the folder's name is its NAME")
	private Path out;

	@Option(names = "--held-out", paramLabel = "N", description = "contents that are not learned from (default: 40; of those with scores of people a fifth, of few up to a third)")
	private Integer heldOut;

	@Option(names = "--steps", paramLabel = "N", defaultValue = "2000", description = "steps (default: ${DEFAULT-VALUE})")
	private int steps;

	@Option(names = "--batch", paramLabel = "N", defaultValue = "24", description = "crops of a step (default: ${DEFAULT-VALUE})")
	private int batch;

	@Option(names = "--rate", paramLabel = "X", defaultValue = "0.0005", description = "largest learning rate (default: ${DEFAULT-VALUE})")
	private double rate;

	@Option(names = "--warm-up", paramLabel = "N", description = "steps until that rate (default: a tenth of all, at most 200)")
	private Integer warmUp;

	@Option(names = "--weight-decay", paramLabel = "X", defaultValue = "0.01", description = "weight decay (default: ${DEFAULT-VALUE})")
	private double weightDecay;

	@Option(names = "--clip", paramLabel = "X", defaultValue = "1", description = "largest norm of the gradient (default: ${DEFAULT-VALUE})")
	private double clip;

	@Option(names = "--freeze", paramLabel = "PATTERN", description = "regular expression for names of parameters that stay as they are; may be given several times")
	private List<String> frozen = List.of();

	@Option(names = "--batch-statistics", description = "batch norms take the statistics of each batch; by default they keep those that they have")
	private boolean batchStatistics;

	@Option(names = "--no-helpers", description = "learns without the helpers of the loss")
	private boolean noHelpers;

	@Option(names = "--patience", paramLabel = "N", defaultValue = "0", description = "ends after N looks at the held-out part without a better one; 0 for never (default: ${DEFAULT-VALUE})")
	private int patience;

	@Option(names = "--average", paramLabel = "X", defaultValue = "0.998", description = "decay of the moving average of the weights (default: ${DEFAULT-VALUE})")
	private double average;

	@Option(names = "--measure", paramLabel = "N", defaultValue = "0", description = "batches to measure the statistics of batch norms with, before the first step (default: ${DEFAULT-VALUE})")
	private int measure;

	@Option(names = "--evaluate-every", paramLabel = "N", defaultValue = "250", description = "steps between looks at the held-out part (default: ${DEFAULT-VALUE})")
	private int every;

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
	public Integer call() throws IOException {
		check();
		final TrainingPlan plan = new TrainingPlan(steps, batch, rate, warmUp, weightDecay, clip, average, batchStatistics ? BatchStatistics.BATCH : BatchStatistics.FIXED, measure, frozen, every, patience, seed);
		final ModelStore store = ModelStore.of(null);
		final Data data;
		try {
			data = data(store.find(model).description().kind() == ModelDescription.Kind.DEPTH);
		}
		catch (final SetException e) {
			console.err().println(e.getMessage());
			return ExitStatus.USAGE;
		}
		try {
			Files.createDirectories(out);
		}
		catch (final IOException e) {
			throw usage("--out " + out + ": the folder cannot be made: " + DgiqaException.sentence(e) + ".");
		}
		final Training.Wishes wishes = new Training.Wishes(model, weights, depth, scratch ? Training.From.SCRATCH : Training.From.MODEL, backbone, out.toAbsolutePath().normalize().getFileName().toString(), out, compute.device(), compute.threads(), !noHelpers);
		return Stoppable.run(console.err(), "Stopped; repeat the command to go on.", watch -> {
			final Figures figures = data.train(store, wishes, plan, new Lines(), watch::check);
			console.out().println(String.format(Locale.ROOT, "%s: held-out SRCC %.4f, PLCC %.4f over %d images", out, figures.srcc(), figures.plcc(), figures.images()));
			return ExitStatus.OK;
		});
	}

	/** Tells how it goes. */
	private final class Lines implements Trainer.Listener {

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
			final String order = Double.isNaN(held.monotone()) ? "" : String.format(Locale.ROOT, ", levels in order %.4f", held.monotone());
			console.err().println(String.format(Locale.ROOT, "step %d: held-out SRCC %.4f, PLCC %.4f%s, error %.5f%s", step, held.srcc(), held.plcc(), order, held.loss(), best ? ", the best so far" : ""));
		}
	}

	/** What is learned from. */
	private interface Data {

		Figures train(ModelStore store, Training.Wishes wishes, TrainingPlan plan, Trainer.Listener listener, Runnable between);
	}

	private Data data(final boolean learnsDepth) {
		if (photos.isEmpty() != rated.given()) throw usage("Give one thing to learn from: photographs (--photos), or images with scores of people (--csv or --set).");
		if (learnsDepth && depthMaps == null) throw usage(model + " is a depth model: give the depth maps of the photographs with --depth-maps FOLDER.");
		if (!learnsDepth && depthMaps != null) throw usage(model + " is not a depth model: leave out --depth-maps, or name another with --model, such as depth-compact.");
		if (learnsDepth && rated.given()) throw usage(model + " is a depth model: it learns from --photos with --depth-maps, not from scores.");
		if (!learnsDepth) refuse("--absolute", "a depth model");
		if (learnsDepth) refuse("--depth", "a quality model");
		if (learnsDepth || rated.given())
			for (final String option : List.of("--mixtures", "--reduced", "--grey"))
				refuse(option, "photographs that are distorted");
		if (rated.given()) {
			final Training.Ratings ratings = rated.read(heldOut, console);
			return (store, wishes, plan, listener, between) -> Training.onRatings(store, wishes, ratings, plan, listener, between);
		}
		final List<Path> files = photographs();
		final int kept = heldOut == null ? HELD_OUT : heldOut;
		if (kept < 1 || kept > files.size() / 2) throw usage("--held-out must be from 1 to half of the " + files.size() + " photographs, not " + kept + ".");
		if (!learnsDepth) return (store, wishes, plan, listener, between) -> Training.onPhotographs(store, wishes, new Training.Photographs(files, kept, mixtures, reduced, grey), plan, listener, between);
		return (store, wishes, plan, listener, between) -> Training.onDepth(store, wishes, new Training.DepthMaps(files, depthMaps, kept, absolute), plan, listener, between);
	}

	private void refuse(final String option, final String what) {
		if (spec.commandLine().getParseResult().hasMatchedOption(option)) throw usage(option + " is for " + what + "; leave it out.");
	}

	/** Each once, however often it is named: what is held out must not be learned from under another name. */
	private List<Path> photographs() {
		final Map<Path, Path> files = new LinkedHashMap<>();
		for (final Inputs.Input input : Inputs.expand(photos)) {
			if (input.problem() != null) throw usage("--photos " + input.label() + ": " + input.problem());
			files.putIfAbsent(Inputs.real(input.file()), input.file());
		}
		if (files.isEmpty()) throw usage(Inputs.nothingIn(photos));
		return List.copyOf(files.values());
	}

	private void check() {
		within("--steps", steps, 1, MOST);
		within("--batch", batch, 2, MOST_IN_BATCH);
		if (warmUp == null) warmUp = Math.min(200, steps / 10);
		within("--warm-up", warmUp, 0, steps);
		within("--measure", measure, 0, MOST);
		within("--evaluate-every", every, 1, MOST);
		within("--patience", patience, 0, MOST);
		if (!(rate > 0 && rate <= 1)) throw usage("--rate must be above 0, at most 1, not " + rate + ".");
		if (!(clip > 0)) throw usage("--clip must be above 0, not " + clip + ".");
		share("--weight-decay", weightDecay);
		share("--average", average);
		share("--mixtures", mixtures);
		share("--reduced", reduced);
		share("--grey", grey);
		if (!(absolute >= 0 && absolute <= Float.MAX_VALUE)) throw usage("--absolute must be a number from 0, not " + absolute + ".");
		if (average == 1) throw usage("--average must be below 1: with 1 the result would stay what it was.");
		if (seed < 0 || seed > Sampling.Random.MAX_SEED) throw usage("--seed must be from 0 to " + Sampling.Random.MAX_SEED + ", not " + seed + ".");
		if (backbone != null && !scratch) throw usage("--backbone goes with --scratch: without it all weights are the model's.");
		if (weights != null && scratch) throw usage("--weights does not go with --scratch.");
		for (final String pattern : frozen)
			try {
				Pattern.compile(pattern);
			}
			catch (final PatternSyntaxException e) {
				throw usage("--freeze: '" + pattern + "' is no regular expression (" + e.getDescription() + ").");
			}
	}

	private void within(final String option, final int value, final int least, final int most) {
		if (value < least || value > most) throw usage(option + " must be from " + least + " to " + most + ", not " + value + ".");
	}

	private void share(final String option, final double value) {
		if (!(value >= 0 && value <= 1)) throw usage(option + " must be from 0 to 1, not " + value + ".");
	}

	private ParameterException usage(final String sentence) {
		return new ParameterException(spec.commandLine(), sentence);
	}
}
