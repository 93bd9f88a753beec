package io.github.dgiqa.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.ParameterStore;

import com.google.gson.JsonObject;

import io.github.dgiqa.evaluate.statistics.Correlations;
import io.github.dgiqa.evaluate.statistics.OrderedPairs;
import io.github.dgiqa.image.Normaliser;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.network.DgiqaNetwork;
import io.github.dgiqa.network.HelperHeads;
import io.github.dgiqa.network.Layer;
import io.github.dgiqa.network.Scalar;

import java.util.ArrayList;
import java.util.List;

/**
 * Learns scores: squared error of the score, plus that of the differences within each group; the same, weighted, for a
 * helper's score from the image's features alone; and cross entropy of a helper that names the distortion.
 */
final class QualityTask implements Task<QualityTask.Batch> {

	private static final int AT_A_TIME = 8;

	/**
	 * How much the parts of the loss count, the squared error having 1.
	 *
	 * @param differences within a group
	 * @param helper both, of the helper's score
	 * @param kind naming the distortion
	 */
	record Weights(double differences, double helper, double kind) {

		/** These without helpers. */
		Weights withoutHelpers() {
			return new Weights(differences, 0, 0);
		}

		private boolean hasHelpers() {
			return helper > 0 || kind > 0;
		}
	}

	/** Examples as the network takes them: [N,S,S,3] each, and what is to be learned of them. */
	record Batch(float[] rgb, float[] depth, List<Example> examples) {}

	private final Examples examples;
	private final Weights weights;
	private final Normaliser normaliser;
	private final int side;
	/** Null where nothing helps. */
	private final HelperHeads heads;
	private List<HeldOut> heldOut;

	QualityTask(final Examples examples, final DgiqaNetwork network, final Normaliser normaliser, final int side, final Weights weights) {
		this.examples = examples;
		this.weights = weights;
		this.normaliser = normaliser;
		this.side = side;
		heads = weights.hasHelpers() ? new HelperHeads(network.features(), examples.kinds()) : null;
	}

	@Override
	public Layer helpers() {
		return heads;
	}

	@Override
	public JsonObject description() {
		return examples.description();
	}

	@Override
	public Batch batch(final long step) {
		final List<Example> batch = examples.batch(step);
		final List<Square> squares = batch.stream().map(Example::square).toList();
		return new Batch(rgb(squares), depth(squares), batch);
	}

	private float[] rgb(final List<Square> squares) {
		final float[] values = new float[squares.size() * side * side * 3];
		for (int i = 0; i < squares.size(); i++)
			normaliser.putPixels(squares.get(i).rgb(), values, i * side * side * 3);
		return values;
	}

	private float[] depth(final List<Square> squares) {
		final float[] values = new float[squares.size() * side * side * 3];
		for (int i = 0; i < squares.size(); i++) {
			final Plane depth = squares.get(i).depth();
			normaliser.putPixels(List.of(depth, depth, depth), values, i * side * side * 3);
		}
		return values;
	}

	/** Channels come last in memory: convolutions are faster so. */
	private NDArray input(final float[] pixels, final NDManager manager) {
		return manager.create(pixels, new Shape(pixels.length / (3L * side * side), side, side, 3)).transpose(0, 3, 1, 2);
	}

	@Override
	public NDArray loss(final Layer network, final Batch batch, final NDManager manager) {
		final ParameterStore store = new ParameterStore(manager, false);
		final NDList results = network.forward(store, new NDList(input(batch.rgb, manager), input(batch.depth, manager)), true);
		final Targets targets = new Targets(batch.examples, manager);
		NDArray loss = targets.loss(Activation.sigmoid(results.get(0)));
		if (heads == null) return loss;
		final NDList helped = heads.forward(store, new NDList(results.get(3)), true);
		if (weights.helper > 0) loss = loss.add(Scalar.times(targets.loss(Activation.sigmoid(helped.get(0))), weights.helper));
		if (weights.kind > 0 && targets.named > 0) loss = loss.add(Scalar.times(targets.naming(helped.get(1)), weights.kind));
		return loss;
	}

	/** What is to be learned of a batch. */
	private final class Targets {

		final NDArray scores;
		final NDArray together;
		final int pairs;
		final NDArray kinds;
		final int named;

		Targets(final List<Example> examples, final NDManager manager) {
			final int n = examples.size();
			final int all = Math.max(1, QualityTask.this.examples.kinds());
			final float[] score = new float[n];
			final float[] same = new float[n * n];
			final float[] kind = new float[n * all];
			int count = 0;
			int known = 0;
			for (int i = 0; i < n; i++) {
				final Example example = examples.get(i);
				score[i] = example.score();
				for (int j = 0; j < n; j++)
					if (i != j && examples.get(j).group() == example.group()) {
						same[i * n + j] = 1;
						count++;
					}
				if (example.kind() < 0) continue;
				kind[i * all + example.kind()] = 1;
				known++;
			}
			scores = manager.create(score);
			together = manager.create(same, new Shape(n, n));
			kinds = manager.create(kind, new Shape(n, all));
			pairs = count;
			named = known;
		}

		NDArray loss(final NDArray found) {
			final NDArray error = found.sub(scores); // [N]
			final NDArray loss = error.square().mean();
			if (pairs == 0 || weights.differences == 0) return loss;
			final NDArray apart = error.expandDims(1).sub(error.expandDims(0)); // [N,N]
			return loss.add(Scalar.times(apart.square().mul(together).sum(), weights.differences / pairs));
		}

		NDArray naming(final NDArray logits) {
			return Scalar.times(logits.logSoftmax(1).mul(kinds).sum(), -1.0 / named);
		}
	}

	@Override
	public Figures evaluate(final Layer network, final NDManager manager, final Runnable between) {
		if (heldOut == null) heldOut = examples.heldOut();
		final double[] found = new double[heldOut.size()];
		final List<Integer> owners = new ArrayList<>();
		final List<Square> open = new ArrayList<>();
		for (int i = 0; i < heldOut.size(); i++)
			for (final Square square : heldOut.get(i).crops()) {
				owners.add(i);
				open.add(square);
			}
		for (int from = 0; from < open.size(); from += AT_A_TIME) {
			between.run();
			final int to = Math.min(from + AT_A_TIME, open.size());
			final float[] scores = scores(network, open.subList(from, to), manager);
			for (int k = from; k < to; k++) {
				final int owner = owners.get(k);
				found[owner] += scores[k - from] / heldOut.get(owner).crops().size();
			}
		}
		return figures(found);
	}

	private float[] scores(final Layer network, final List<Square> squares, final NDManager manager) {
		try (NDManager scratch = manager.newSubManager()) {
			final NDArray logits = network.forward(new ParameterStore(scratch, false), new NDList(input(rgb(squares), scratch), input(depth(squares), scratch)), false).get(0);
			return Activation.sigmoid(logits).toType(DataType.FLOAT32, false).toFloatArray();
		}
	}

	private Figures figures(final double[] found) {
		final double[] human = heldOut.stream().mapToDouble(HeldOut::score).toArray();
		final List<OrderedPairs.Item> items = new ArrayList<>();
		double squares = 0;
		for (int i = 0; i < found.length; i++) {
			final HeldOut one = heldOut.get(i);
			items.add(new OrderedPairs.Item(one.content(), one.series(), one.level(), human[i], found[i]));
			squares += (found[i] - human[i]) * (found[i] - human[i]);
		}
		OrderedPairs pairs = new OrderedPairs(0, 0);
		for (final OrderedPairs some : OrderedPairs.count(items, OrderedPairs.TOLD_APART).values())
			pairs = pairs.plus(some);
		return new Figures(squares / found.length, Correlations.srcc(found, human), Correlations.plcc(found, human), pairs.share(), found.length);
	}
}
