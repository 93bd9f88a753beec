package io.github.dgiqa.evaluate;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.AssessmentQueue;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.evaluate.sets.Opinion;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;

import java.util.List;

/** A quality model with its depth model; loaded when there is an image to score. */
final class NetworkScorer implements Scorer {

	/** Images. */
	private static final int TRIM_EVERY = 8;

	private final ModelStore store;
	private final Assessor.Settings settings;
	private final StoredModel model;
	private final String name;
	private final String parameters;
	private Assessor assessor;
	private int images;

	/**
	 * @param name in tables and files; null for the model's
	 * @throws DgiqaException where there is no such model
	 */
	NetworkScorer(final ModelStore store, final Assessor.Settings settings, final String name) {
		this.store = store;
		this.settings = settings;
		model = settings.qualityModel(store);
		final StoredModel depth = settings.depthModel(store, model);
		this.name = name == null ? model.name() : name;
		parameters = identity(model) + " with " + identity(depth) + ", " + sampling(settings.sampling(), model.description().sampling()) + ", " + settings.precision();
	}

	/** NAME and the weights' SHA-256. */
	private static String identity(final StoredModel model) {
		final List<ModelDescription.WeightFile> files = model.description().files();
		final boolean own = !model.name().equals(model.description().name());
		return own || files.isEmpty() ? model.name() : model.name() + " " + files.get(0).sha256();
	}

	private static String sampling(final Sampling chosen, final ModelDescription.Sampling described) {
		if (chosen instanceof Sampling.Random) return crops(((Sampling.Random) chosen).crops(), ((Sampling.Random) chosen).seed());
		return chosen == null && described.mode() == ModelDescription.SamplingMode.RANDOM ? crops(described.crops(), described.seed()) : "grid";
	}

	private static String crops(final int crops, final long seed) {
		return crops + " random crops of seed " + seed;
	}

	@Override
	public String name() {
		return name;
	}

	@Override
	public String parameters() {
		return parameters;
	}

	@Override
	public List<Measure> measures() {
		return List.of(new Measure(name, false));
	}

	@Override
	public String device() {
		return assessor == null ? "no device" : assessor.deviceName();
	}

	@Override
	public void score(final List<Opinion> opinions, final Listener listener, final Runnable between) {
		if (opinions.isEmpty()) return;
		if (assessor == null) assessor = Assessor.open(store, settings);
		try (AssessmentQueue<Opinion> queue = new AssessmentQueue<>(assessor, between)) {
			try {
				for (final Opinion opinion : opinions)
					tell(add(queue, opinion), listener);
				tell(queue.finish(), listener);
			}
			finally {
				tell(queue.giveUp(), listener); // what a stop has left
			}
		}
	}

	private List<AssessmentQueue.Done<Opinion>> add(final AssessmentQueue<Opinion> queue, final Opinion opinion) {
		final Picture picture;
		try (ImageFile file = ImageFile.open(opinion.file())) {
			picture = file.picture(0);
		}
		catch (RuntimeException | OutOfMemoryError e) {
			return queue.add(opinion, e);
		}
		return queue.add(opinion, picture, assessor.sampling(), null);
	}

	private void tell(final List<AssessmentQueue.Done<Opinion>> results, final Listener listener) {
		for (final AssessmentQueue.Done<Opinion> done : results) {
			final ScoreFile.Row row = done.error() == null ? new ScoreFile.Row(new double[] {done.assessment().score()}, done.assessment().seconds(), "") : new ScoreFile.Row(new double[0], 0, DgiqaException.sentence(done.error()));
			listener.done(done.what(), row);
			if (++images % TRIM_EVERY == 0) TorchEngine.releaseFreed();
		}
	}

	@Override
	public void close() {
		if (assessor != null) assessor.close();
		assessor = null;
	}
}
