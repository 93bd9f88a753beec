package io.github.dgiqa.action;

import ij.IJ;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.display.TimeLeft;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.evaluate.BeforeAfter;
import io.github.dgiqa.evaluate.sets.Opinion;
import io.github.dgiqa.evaluate.statistics.Bootstrap;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.model.ModelImport;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.train.Figures;
import io.github.dgiqa.train.FineTuning;
import io.github.dgiqa.train.Trainer;
import io.github.dgiqa.train.Training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import org.apache.commons.io.file.PathUtils;

/** Fine-tune: a new model from the user's own grades, with ImageJ's progress, log and Esc. */
public final class FineTuneModel {

	private static final String TITLE = "Fine-tune";
	private static final String PREFIX = "DGIQA: ";
	private static final String TRIAL = "trial";
	/** The number of steps, once it is known. */
	private static final String STEPS = "steps";
	private static final int TRIAL_STEPS = 6;
	/** Of the time that is left, for what cannot be foreseen. */
	private static final double SPARE = 0.1;
	private static final int SECONDS = 60;
	private static final int RESAMPLES = 1000;

	/** PyTorch computes one gradient at a time. */
	private static final AtomicBoolean AT_WORK = new AtomicBoolean();

	private final ModelStore store = Assessors.store();
	private final TuneWishes wishes;
	private final long began = System.nanoTime();
	private final Clock clock = new Clock();
	private String device = "";

	private FineTuneModel(final Values values) {
		wishes = TuneWishes.of(values, store);
	}

	/**
	 * Makes a model, or goes on where the same wish was interrupted, as docs/macros.md says.
	 *
	 * @param inputs by the keys of macros
	 * @return the table as text; empty where there is no model
	 */
	public static List<String> run(final Map<String, ?> inputs) {
		return Guard.run(TITLE, List.of(), () -> {
			if (!AT_WORK.compareAndSet(false, true)) throw new DgiqaException("Another fine-tuning is at work: wait until it is done, or stop it with Esc.");
			try (Work work = new Work(null)) {
				return new FineTuneModel(new Values(inputs)).tune();
			}
			finally {
				AT_WORK.set(false);
			}
		});
	}

	/** Why this cannot be done, before it begins; null where it can. */
	public static String mistake(final Map<String, ?> inputs) {
		try {
			TuneWishes.of(new Values(inputs), Assessors.store());
			return null;
		}
		catch (final RuntimeException e) {
			return Guard.sentence(e);
		}
	}

	private List<String> tune() {
		final String name = wishes.target().name();
		IJ.log(PREFIX + wishes.set().name() + ": " + wishes.set().opinions().size() + " images with grades; the new model " + name + " begins as " + wishes.base().name());
		wishes.set().sentences().forEach(sentence -> IJ.log(PREFIX + sentence));
		device = TorchEngine.start(wishes.device(), 0).deviceName();
		final Path folder = store.workFolder(wishes.key());
		try {
			final BeforeAfter result = learn(folder);
			FineTuning.record(folder, "compared", result.numbers());
			install(folder);
			store.removeWorkFolder(wishes.key());
			return told(result);
		}
		catch (final Work.Cancelled e) {
			final String sentence = clock.steps == 0 ? "stopped before the first step was taken" : "stopped after step " + clock.step + " of " + clock.steps + "; the same command goes on from there";
			IJ.log(PREFIX + sentence + ".");
			IJ.showStatus(PREFIX + sentence);
			return List.of();
		}
		catch (final IOException e) {
			throw new DgiqaException("The folder " + folder + " cannot be written or read: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	private BeforeAfter learn(final Path folder) throws IOException {
		Scored before = null;
		int steps = wishes.steps() > 0 ? wishes.steps() : known(folder);
		if (steps == 0) {
			final Path trial = Files.createDirectories(folder.resolve(TRIAL));
			final Pace pace = pace(trial);
			final long start = System.nanoTime();
			before = scored(wishes.model(), FineTuning.heldOut(trial));
			steps = steps(pace, (System.nanoTime() - start) / 1e9, wishes.set().opinions().size() - before.opinions.size());
			PathUtils.deleteDirectory(trial);
			Files.writeString(folder.resolve(STEPS), "" + steps);
		}
		IJ.log(PREFIX + "learning in " + steps + " steps (key steps), seed " + wishes.seed() + ", on " + device);
		clock.steps = steps;
		train(folder, steps, clock);
		final List<String> heldOut = FineTuning.heldOut(folder);
		if (before == null) before = scored(wishes.model(), heldOut);
		return compared(before, scored(folder.toString(), heldOut));
	}

	/** The number of steps of a run that was interrupted; 0 where there is none. */
	private static int known(final Path folder) throws IOException {
		final Path file = folder.resolve(STEPS);
		final String text = Files.exists(file) ? Files.readString(file) : "";
		return text.matches("\\d{1,7}") ? Integer.parseInt(text) : 0;
	}

	private Figures train(final Path out, final int steps, final Trainer.Listener listener) {
		final Training.Wishes how = Training.Wishes.further(wishes.model(), wishes.target().name(), out, wishes.device());
		final Training.Ratings ratings = new Training.Ratings(wishes.set(), wishes.scale(), FineTuning.heldOut(wishes.set().contents()));
		return Training.onRatings(store, how, ratings, FineTuning.plan(steps, wishes.seed()), listener, Work::checkEscape);
	}

	// -- how many steps --

	/** What takes how many seconds. @param around the steps: reading, and the look at the held-out part */
	private record Pace(double step, double around) {}

	/** Takes a few steps to see how long they take; nothing of them is kept. */
	private Pace pace(final Path trial) throws IOException {
		PathUtils.cleanDirectory(trial);
		IJ.showStatus(PREFIX + "reading the images and their depth, on " + device);
		final long start = System.nanoTime();
		final List<Long> times = new ArrayList<>(List.of(start));
		train(trial, TRIAL_STEPS, new Trainer.Listener() {

			@Override
			public void resumes(final int step) {}

			@Override
			public void step(final int step, final int steps, final double loss, final double secondsLeft) {
				times.add(System.nanoTime());
				IJ.showStatus(PREFIX + "measuring how long a step takes, " + step + " of " + steps + ", on " + device);
			}

			@Override
			public void looked(final int step, final Figures figures, final boolean best) {}
		});
		final double all = (System.nanoTime() - start) / 1e9;
		// the first step waits for the images
		final double[] each = IntStream.range(2, times.size()).mapToDouble(i -> (times.get(i) - times.get(i - 1)) / 1e9).sorted().toArray();
		final double median = each[each.length / 2];
		return new Pace(median, Math.max(0, all - TRIAL_STEPS * median));
	}

	private int steps(final Pace pace, final double scoring, final int images) {
		final double spent = (System.nanoTime() - began) / 1e9;
		final double left = (wishes.minutes() * SECONDS - spent - pace.around - scoring) * (1 - SPARE);
		final int steps = FineTuning.steps(left, pace.step, images);
		if (steps >= FineTuning.FEWEST_STEPS) return steps;
		final double needed = spent + pace.around + scoring + FineTuning.FEWEST_STEPS * pace.step / (1 - SPARE);
		throw new DgiqaException(String.format(Locale.ROOT, "%d minutes are too short for the least of %d steps, which need %.0f minutes on %s: give at least so many (key minutes).", wishes.minutes(), FineTuning.FEWEST_STEPS, Math.ceil(needed / SECONDS), device));
	}

	/** Shows the steps. */
	private final class Clock implements Trainer.Listener {

		private int step;
		private int steps;

		@Override
		public void resumes(final int from) {
			step = from;
			IJ.log(PREFIX + "going on after step " + from);
		}

		@Override
		public void step(final int done, final int all, final double loss, final double secondsLeft) {
			step = done;
			IJ.showStatus(PREFIX + "step " + done + " of " + all + ", " + (Double.isNaN(secondsLeft) ? "" : TimeLeft.time(secondsLeft) + " left, ") + "on " + device);
			IJ.showProgress(done, all);
		}

		@Override
		public void looked(final int at, final Figures figures, final boolean best) {}
	}

	// -- figures --

	/** Images and a model's scores of them. */
	private record Scored(List<Opinion> opinions, double[] scores) {}

	/** Scores images as Assess does. */
	private Scored scored(final String model, final List<String> names) throws IOException {
		final Set<String> wanted = new HashSet<>(names);
		final List<Opinion> opinions = wishes.set().opinions().stream().filter(opinion -> wanted.contains(opinion.image())).toList();
		final double[] scores = new double[opinions.size()];
		final Assessor.Settings settings = new Assessor.Settings(model, null, null, null, null, wishes.device(), Precision.FLOAT32, 0);
		final TimeLeft timeLeft = new TimeLeft();
		try (Assessor assessor = Assessor.open(store, settings)) {
			for (int i = 0; i < scores.length; i++) {
				Work.checkEscape();
				IJ.showStatus(PREFIX + "held-out image " + timeLeft.words(i + 1, i, scores.length, assessor.deviceName()));
				try (ImageFile file = ImageFile.open(opinions.get(i).file())) {
					scores[i] = assessor.assess(file.picture(0), assessor.sampling(), null, Work::checkEscape).score();
				}
				Assessors.tidy();
			}
		}
		return new Scored(opinions, scores);
	}

	private BeforeAfter compared(final Scored before, final Scored now) {
		final double[] grades = now.opinions.stream().mapToDouble(Opinion::score).toArray();
		return BeforeAfter.of(wishes.target().name(), wishes.base().name(), now.scores, before.scores, grades, now.opinions.stream().map(Opinion::reference).toList(), new Bootstrap(RESAMPLES, wishes.seed()));
	}

	private static List<String> told(final BeforeAfter result) {
		final String table = result.table().text();
		IJ.log(table);
		result.sentences().forEach(sentence -> IJ.log(PREFIX + sentence));
		IJ.showStatus(PREFIX + result.sentences().get(0));
		return List.of(table);
	}

	private void install(final Path folder) {
		if (wishes.target().replace()) ModelsRun.forget();
		ModelImport.run(store, folder, wishes.target(), Work::showBytes);
		IJ.log(PREFIX + "the new model " + wishes.target().name() + " is in " + store.folder());
	}
}
