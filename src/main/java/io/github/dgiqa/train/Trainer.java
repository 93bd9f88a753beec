package io.github.dgiqa.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;

import com.google.gson.Gson;
import com.google.gson.JsonObject;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.engine.DeviceFailure;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.model.StoredModel;
import io.github.dgiqa.model.TrainedModel;
import io.github.dgiqa.network.InitialWeights;
import io.github.dgiqa.network.Layer;
import io.github.dgiqa.network.Statistics;
import io.github.dgiqa.weights.StoredTensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * Trains a network. The run is in a folder; a run that was interrupted goes on from its last checkpoint, which is less than
 * a minute old, and comes to the same weights.
 */
public final class Trainer<B> {

	/** Seconds of work that may be lost at most, but for a step that takes longer; the system property {@code dgiqa.train.save} has another number, for tests. */
	private static final int SAVE_SECONDS = Integer.getInteger("dgiqa.train.save", 55);
	/** Steps of a row of the log. */
	private static final int LOG_EVERY = 10;

	/** Who wants to know how it goes. */
	public interface Listener {

		/** A run goes on after so many steps. */
		void resumes(int step);

		/** A step is done. @param loss of this step */
		void step(int step, int steps, double loss, double secondsLeft);

		/** Somebody looked at the held-out part. */
		void looked(int step, Figures figures, boolean best);

		/** Something is to be said that does not end the work, in a sentence. */
		void note(String sentence);
	}

	/**
	 * What is trained.
	 *
	 * @param base whose description the model has
	 * @param name NAME of the new model
	 * @param changes parts of the description that are its own; {@code training} is added
	 * @param start the weights that there are before the first step, by their paths; others begin by chance
	 * @param data what it learns from, for the record
	 * @param out folder of the new model
	 */
	record Work<B>(StoredModel base, String name, JsonObject changes, Map<String, StoredTensor> start, JsonObject data, Path out, TrainingPlan plan, Task<B> task) {}

	private final Work<B> work;
	private final TrainingPlan plan;
	private final TorchEngine engine;
	private final RunFolder folder;
	private final Listener listener;
	private final Runnable between;
	private Trainee trainee;
	private Progress progress = Progress.NONE;
	/** Whether weights and progress are those of different steps. */
	private boolean inStep;
	private boolean logFailed;

	private Trainer(final Work<B> work, final RunFolder folder, final TorchEngine engine, final Listener listener, final Runnable between) {
		this.work = work;
		plan = work.plan;
		this.folder = folder;
		this.engine = engine;
		this.listener = listener;
		this.between = between;
	}

	/**
	 * Trains, or goes on with a run.
	 *
	 * @param identity what makes it this run and no other
	 * @param between called between steps; a {@link CancellationException} that it throws ends the work after a checkpoint
	 * @return figures of the best look at the held-out part, whose weights the model has
	 * @throws DgiqaException where a file cannot be read or written, or the numbers are not finite any more
	 */
	static <B> Figures run(final Work<B> work, final JsonObject identity, final TorchEngine engine, final Listener listener, final Runnable between) {
		Trainee.checkFrozen(work.base.network(), work.plan);
		try (RunFolder folder = RunFolder.of(work.out, identity)) {
			return new Trainer<>(work, folder, engine, listener, between).run();
		}
	}

	private Figures run() {
		try (NDManager manager = engine.newManager()) {
			prepare(manager);
			try {
				learn(manager);
				save();
			}
			catch (final RuntimeException e) {
				saveAfter(e);
				throw e;
			}
		}
		return progress.best();
	}

	private void learn(final NDManager manager) {
		try (Ahead<B> ahead = new Ahead<>(work.task::batch, progress.step(), plan.steps())) {
			long saved = System.nanoTime();
			logIfDue(manager);
			while (progress.step() < plan.steps() && !isOver()) {
				between.run();
				final long before = System.nanoTime();
				step(ahead, manager);
				final long now = System.nanoTime();
				// a look may take long, and so may the next step
				if (isLookDue() || now - saved + now - before >= SAVE_SECONDS * 1_000_000_000L) {
					save();
					saved = now;
				}
				logIfDue(manager);
			}
		}
	}

	/** What was learned is not lost with what ended the work. */
	private void saveAfter(final RuntimeException end) {
		if (inStep) return;
		try {
			save();
		}
		catch (final RuntimeException e) {
			end.addSuppressed(e);
		}
	}

	private boolean isOver() {
		return plan.patience() > 0 && progress.worse() >= plan.patience();
	}

	private void save() {
		folder.save(progress, trainee.state());
	}

	// -- before the first step --

	private void prepare(final NDManager manager) {
		final Layer network = work.base.network();
		final Layer averaged = work.base.network();
		if (folder.hasCheckpoint()) {
			try (RunFolder.Checkpoint checkpoint = folder.load()) {
				progress = checkpoint.progress();
				trainee = new Trainee(network, averaged, work.task.helpers(), plan, (path, named) -> load(checkpoint.tensor("value." + path, named.shape()), manager), manager);
				trainee.state().forEach((name, array) -> restore(array, checkpoint.tensor(name, array.getShape()), manager));
			}
			listener.resumes(progress.step());
		}
		else {
			trainee = new Trainee(network, averaged, work.task.helpers(), plan, (path, named) -> first(path, named, manager), manager);
			measure(network, manager);
			trainee.restartAverage(manager);
		}
		use(network, plan.statistics() == TrainingPlan.BatchStatistics.FIXED ? Statistics.FIXED : Statistics.LEARNED);
	}

	/** What is frozen keeps its statistics, too. */
	private void use(final Layer network, final Statistics statistics) {
		network.use(statistics, Trainee.frozen(plan));
	}

	private NDArray first(final String path, final Layer.Named named, final NDManager manager) {
		final StoredTensor given = work.start.get(path);
		if (given != null) return load(given, manager);
		return manager.create(InitialWeights.of(named, Draw.of(plan.seed(), named.path())), named.shape());
	}

	private static NDArray load(final StoredTensor stored, final NDManager manager) {
		try {
			return stored.load(manager);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	private static void restore(final NDArray array, final StoredTensor stored, final NDManager manager) {
		try (NDManager scratch = manager.newSubManager()) {
			final NDArray plain = array.stopGradient();
			plain.attach(scratch);
			plain.muli(0).addi(load(stored, scratch));
		}
	}

	/** Gives new batch norms the statistics of some batches. */
	private void measure(final Layer network, final NDManager manager) {
		use(network, Statistics.MEASURED);
		for (int i = 0; i < plan.measure(); i++) {
			between.run();
			final B batch = work.task.batch(i);
			seed(-1 - i);
			try (NDManager scratch = manager.newSubManager(); NDScope scope = new NDScope()) {
				scope.suppressNotUsedWarning();
				work.task.loss(network, batch, scratch);
			}
		}
	}

	// -- steps --

	private void step(final Ahead<B> ahead, final NDManager manager) {
		final long start = System.nanoTime();
		final B batch = ahead.take();
		final float loss;
		final double gradient;
		seed(progress.step());
		try (NDManager scratch = manager.newSubManager(); NDScope scope = new NDScope()) {
			scope.suppressNotUsedWarning();
			loss = compute(() -> backward(batch, scratch));
			inStep = true;
			gradient = compute(() -> trainee.step(progress.step(), scratch));
		}
		if (!Float.isFinite(loss) || !Double.isFinite(gradient))
			throw new DgiqaException("After " + progress.step() + " steps the loss is " + loss + " and its gradient's norm " + gradient + ": the training has gone astray; begin again with a smaller learning rate.");
		progress = progress.after(loss, gradient, (System.nanoTime() - start) / 1e9);
		inStep = false;
		final double each = progress.seconds() / progress.step();
		listener.step(progress.step(), plan.steps(), loss, each * (plan.steps() - progress.step()));
	}

	/** Leaves the gradients with the weights. @return the loss */
	private float backward(final B batch, final NDManager scratch) {
		try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
			final NDArray found = work.task.loss(trainee.network(), batch, scratch);
			collector.backward(found);
			return found.getFloat();
		}
	}

	private <T> T compute(final Supplier<T> some) {
		try {
			return engine.compute(plan.batch(), some);
		}
		catch (final DeviceFailure e) {
			throw e.isLackOfMemory() ? new DgiqaException(e.getMessage() + " A smaller batch needs less memory.", e) : e;
		}
	}

	/** What dropout draws depends on the step alone. */
	private void seed(final int step) {
		Engine.getEngine("PyTorch").setRandomSeed((int) (plan.seed() * 31 + step));
	}

	/** Also after a break in the look at the held-out part: what was not logged is logged. */
	private void logIfDue(final NDManager manager) {
		if (progress.counted() == 0) return;
		final boolean look = isLookDue();
		if (!look && progress.step() % LOG_EVERY != 0) return;
		final Figures figures = look ? look(manager) : null;
		final String problem = folder.log(progress.step(), progress.losses() / progress.counted(), plan.rateAt(progress.step() - 1), progress.gradient(), figures, progress.seconds());
		if (problem != null && !logFailed) listener.note(problem);
		logFailed |= problem != null;
		progress = progress.logged();
	}

	private boolean isLookDue() {
		return progress.step() == plan.steps() || progress.step() % plan.evaluateEvery() == 0;
	}

	private Figures look(final NDManager manager) {
		final long start = System.nanoTime();
		trainee.averaged().weightsChanged();
		final Figures figures = compute(() -> work.task.evaluate(trainee.averaged(), manager, between));
		final boolean best = progress.isBetter(figures);
		progress = progress.looked(figures, (System.nanoTime() - start) / 1e9);
		if (best) write(figures);
		listener.looked(progress.step(), figures, best);
		return figures;
	}

	private void write(final Figures figures) {
		final Gson gson = new Gson();
		final JsonObject training = new JsonObject();
		training.add("data", work.data);
		training.add("plan", gson.toJsonTree(plan));
		training.addProperty("steps", progress.step());
		training.addProperty("hours", Math.round(progress.seconds() / 36) / 100.0);
		training.add("held_out", Records.json(figures));
		final JsonObject changes = work.changes.deepCopy();
		changes.add("training", training);
		TrainedModel.write(work.out, work.base, work.name, changes, trainee.result());
	}
}
