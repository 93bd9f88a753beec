package io.github.dgiqa.train;

import com.google.gson.Gson;
import com.google.gson.JsonObject;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.depth.DepthEstimator;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.evaluate.sets.RatedSet;
import io.github.dgiqa.evaluate.sets.Scale;
import io.github.dgiqa.image.Normaliser;
import io.github.dgiqa.image.ShortSide;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelDescription.Licence;
import io.github.dgiqa.model.ModelDescription.Preprocessing;
import io.github.dgiqa.model.ModelException;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;
import io.github.dgiqa.network.DepthPyramid;
import io.github.dgiqa.network.DgiqaNetwork;

import java.nio.file.Path;
import java.util.List;

import ai.djl.ndarray.NDManager;

/** Trains models. */
public final class Training {

	/** Where the weights begin. */
	public enum From {
		/** With those of the model. */
		MODEL,
		/** By chance, but for the backbones' where a file has them. */
		SCRATCH
	}

	/**
	 * What is wanted.
	 *
	 * @param model NAME or folder of the model whose form the new one has
	 * @param weights weight file in place of the model's own; null for those
	 * @param depth NAME or folder of the depth model that a quality model goes with; null for that of {@code model}
	 * @param from where the weights begin
	 * @param backbone weights of a backbone, for {@link From#SCRATCH}; null for none
	 * @param name NAME of the new model
	 * @param out its folder, made where it is not there
	 * @param helpers whether helper heads learn with it
	 */
	public record Wishes(String model, Path weights, String depth, From from, Path backbone, String name, Path out, DeviceChoice device, int threads, boolean helpers) {

		/** From a model's own weights, with its depth model and with helper heads. */
		public static Wishes further(final String model, final String name, final Path out, final DeviceChoice device) {
			return new Wishes(model, null, null, From.MODEL, null, name, out, device, 0, true);
		}
	}

	/** Clean photographs to be distorted. @param heldOut how many of them are only looked at */
	public record Photographs(List<Path> files, int heldOut, double mixtures, double reduced, double grey) {}

	/**
	 * Images with scores of people.
	 *
	 * @param scale of the scores, which become 0 for its worst to 1 for its best
	 * @param heldOut how many contents are only looked at
	 */
	public record Ratings(RatedSet set, Scale scale, int heldOut) {}

	/**
	 * Photographs with maps of their inverse depth: near is large, the unit is free.
	 *
	 * @param maps folder with an image for each photograph, of its name but for the extension
	 * @param heldOut how many photographs are only looked at
	 * @param absolute how much the difference that is not free of scale and shift counts, beside that which is
	 */
	public record DepthMaps(List<Path> photographs, Path maps, int heldOut, double absolute) {}

	private static final double DEPTH_GRADIENTS = 0.5;
	private static final QualityTask.Weights LOSS = new QualityTask.Weights(1, 1, 0.05);

	private Training() {}

	/** Trains a quality model on photographs that are distorted on the fly. */
	public static Figures onPhotographs(final ModelStore store, final Wishes wishes, final Photographs photographs, final TrainingPlan plan, final Trainer.Listener listener, final Runnable between) {
		return onExamples(store, wishes, (sight, depth) -> {
			final DistortedExamples.Variety variety = new DistortedExamples.Variety(photographs.mixtures, photographs.reduced, photographs.grey);
			final DistortedExamples examples = new DistortedExamples(photographs.files, photographs.heldOut, depth, sight.shortSide, sight.crop, plan.batch(), plan.seed(), variety);
			examples.check(between);
			return examples;
		}, new JsonObject(), plan, listener, between);
	}

	/**
	 * Trains a quality model on images with scores of people.
	 *
	 * @throws DgiqaException where a score is not on the scale, an image cannot be read, or there are too few
	 */
	public static Figures onRatings(final ModelStore store, final Wishes wishes, final Ratings ratings, final TrainingPlan plan, final Trainer.Listener listener, final Runnable between) {
		return onExamples(store, wishes, (sight, depth) -> {
			final RatedExamples examples = new RatedExamples(ratings.set, ratings.scale, ratings.heldOut, depth, sight.shortSide, sight.crop, plan.batch(), plan.seed());
			examples.check(between);
			return examples;
		}, score(ratings), plan, listener, between);
	}

	/** What the new model's scores mean. */
	private static JsonObject score(final Ratings ratings) {
		final JsonObject score = new JsonObject();
		score.addProperty("min", 0);
		score.addProperty("max", 1);
		score.addProperty("higher_is_better", true);
		score.addProperty("meaning", "as people scored " + ratings.set.name() + ", " + ratings.scale + "; 0 is their worst score, 1 their best");
		score.add("from", Records.json(ratings.scale));
		final JsonObject changes = new JsonObject();
		changes.add("score", score);
		return changes;
	}

	/** How a quality network sees an image. */
	private record Sight(ShortSide shortSide, int crop) {}

	private interface ExamplesOf {

		Examples make(Sight sight, DepthEstimator depth);
	}

	private static Figures onExamples(final ModelStore store, final Wishes wishes, final ExamplesOf examples, final JsonObject changes, final TrainingPlan plan, final Trainer.Listener listener, final Runnable between) {
		final StoredModel base = store.find(wishes.model, ModelDescription.Kind.QUALITY).with(wishes.weights);
		final Preprocessing preprocessing = base.description().preprocessing();
		final DgiqaNetwork network = (DgiqaNetwork) base.network();
		final TorchEngine engine = TorchEngine.start(wishes.device, wishes.threads);
		try (NDManager manager = engine.newManager()) {
			final DepthEstimator depth = new DepthEstimator(store.find(wishes.depth == null ? base.description().depth() : wishes.depth, ModelDescription.Kind.DEPTH), engine, Precision.FLOAT32, manager);
			final Sight sight = new Sight(new ShortSide(preprocessing.leastSide(), preprocessing.shortSide()), preprocessing.crop());
			final Normaliser normaliser = new Normaliser(preprocessing.mean(), preprocessing.std());
			final QualityTask task = new QualityTask(examples.make(sight, depth), network, normaliser, sight.crop, wishes.helpers ? LOSS : LOSS.withoutHelpers());
			if (wishes.depth != null) changes.addProperty("depth", wishes.depth);
			return run(base, wishes, task, changes, plan, engine, listener, between);
		}
	}

	/**
	 * Trains a depth model on photographs with depth maps.
	 *
	 * @throws DgiqaException where the model is of another kind or its network cannot be trained, or a map is missing or
	 *           does not fit
	 */
	public static Figures onDepth(final ModelStore store, final Wishes wishes, final DepthMaps depth, final TrainingPlan plan, final Trainer.Listener listener, final Runnable between) {
		final StoredModel base = store.find(wishes.model, ModelDescription.Kind.DEPTH).with(wishes.weights);
		final Preprocessing preprocessing = base.description().preprocessing();
		if (!(base.network() instanceof DepthPyramid) || preprocessing.inputSide() < 1)
			throw new ModelException("The depth model " + base.name() + " can be used, but not trained: only a depth-pyramid with an input_side can, such as depth-compact's; choose that one.");
		final Normaliser normaliser = new Normaliser(preprocessing.mean(), preprocessing.std());
		final DepthExamples examples = new DepthExamples(DepthPair.of(depth.photographs, depth.maps), depth.heldOut, preprocessing.inputSide(), plan.batch(), plan.seed());
		examples.check(between);
		final DepthTask task = new DepthTask(examples, normaliser, preprocessing.inputSide(), new DepthLoss.Weights(DEPTH_GRADIENTS, depth.absolute));
		return run(base, wishes, task, new JsonObject(), plan, TorchEngine.start(wishes.device, wishes.threads), listener, between);
	}

	private static Figures run(final StoredModel base, final Wishes wishes, final Task<?> task, final JsonObject changes, final TrainingPlan plan, final TorchEngine engine, final Trainer.Listener listener, final Runnable between) {
		try (Start start = start(base, wishes)) {
			changes.addProperty("title", wishes.name + ": " + base.description().title());
			changes.add("licence", new Gson().toJsonTree(licence(base, wishes)));
			final JsonObject data = task.description();
			return Trainer.run(new Trainer.Work<>(base, wishes.name, changes, start.tensors(), data, wishes.out, plan, task), identity(base, wishes, data, plan), engine, listener, between);
		}
	}

	/** The base's, where the weights come from it. */
	private static Licence licence(final StoredModel base, final Wishes wishes) {
		if (wishes.from == From.SCRATCH) return new Licence("none stated", wishes.backbone == null ? "Weights from chance." : "Weights from chance, but for the backbone's, which began as those of " + wishes.backbone.getFileName() + ".");
		final Licence licence = base.description().licence();
		final String began = "These weights began as those of " + base.name() + " and went on with other data.";
		if (licence == null) return new Licence("none stated", began);
		return new Licence(licence.name(), licence.note() == null ? began : began + " Of " + base.name() + ": " + licence.note());
	}

	private static Start start(final StoredModel base, final Wishes wishes) {
		if (wishes.from == From.MODEL) return Start.of(base);
		return wishes.backbone == null ? Start.scratch() : Start.ofBackbone(base.network(), wishes.backbone);
	}

	/** What makes a run this one and no other. */
	private static JsonObject identity(final StoredModel base, final Wishes wishes, final JsonObject data, final TrainingPlan plan) {
		final Gson gson = new Gson();
		final JsonObject identity = new JsonObject();
		identity.addProperty("model", base.name());
		identity.add("network", base.description().network());
		identity.addProperty("from", wishes.from == From.MODEL ? "model" : wishes.backbone == null ? "scratch" : wishes.backbone.getFileName().toString());
		identity.addProperty("name", wishes.name);
		if (wishes.weights != null) identity.addProperty("weights", base.sha256());
		if (!wishes.helpers) identity.addProperty("helpers", false);
		identity.add("data", data);
		identity.add("plan", gson.toJsonTree(plan));
		return gson.fromJson(gson.toJson(identity), JsonObject.class);
	}
}
