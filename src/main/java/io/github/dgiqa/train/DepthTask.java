package io.github.dgiqa.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;

import com.google.gson.JsonObject;

import io.github.dgiqa.evaluate.statistics.Correlations;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Normaliser;
import io.github.dgiqa.network.Layer;

import java.util.List;

/** Learns inverse depth, free of scale and shift. The figures are means of the held-out photographs' own. */
final class DepthTask implements Task<DepthTask.Batch> {

	private static final int AT_A_TIME = 8;

	/** Examples as the network takes them, [N,S,S,3], and their maps. */
	record Batch(float[] rgb, List<FloatMap> maps) {}

	private final DepthExamples examples;
	private final DepthLoss.Weights weights;
	private final DepthLoss loss;
	private final Normaliser normaliser;
	private final int side;
	private List<DepthExamples.Example> heldOut;

	/** @param side of the network's input */
	DepthTask(final DepthExamples examples, final Normaliser normaliser, final int side, final DepthLoss.Weights weights) {
		this.examples = examples;
		this.weights = weights;
		loss = new DepthLoss(weights);
		this.normaliser = normaliser;
		this.side = side;
	}

	@Override
	public Layer helpers() {
		return null;
	}

	@Override
	public JsonObject description() {
		final JsonObject json = examples.description();
		json.addProperty("loss", "difference and " + weights.gradients() + " of its gradients, free of scale and shift; " + weights.absolute() + " of the plain difference");
		return json;
	}

	@Override
	public Batch batch(final long step) {
		return batch(examples.batch(step));
	}

	private Batch batch(final List<DepthExamples.Example> some) {
		final float[] rgb = new float[some.size() * side * side * 3];
		for (int i = 0; i < some.size(); i++)
			normaliser.putChannels(some.get(i).rgb(), rgb, i * side * side * 3);
		return new Batch(rgb, some.stream().map(DepthExamples.Example::map).toList());
	}

	/** The network's maps, [N,1,h,w]. */
	private NDArray maps(final Layer network, final Batch batch, final boolean training, final NDManager manager) {
		// channels come last in memory: convolutions are faster so
		final NDArray input = manager.create(batch.rgb, new Shape(batch.maps.size(), side, side, 3)).transpose(0, 3, 1, 2);
		return network.forward(new ParameterStore(manager, false), new NDList(input), training).singletonOrThrow();
	}

	/** What the network should give, as large as what it gives. */
	private static List<FloatMap> targets(final Batch batch, final NDArray found) {
		final Shape shape = found.getShape();
		return batch.maps.stream().parallel().map(map -> map.resizeAntialiased((int) shape.get(3), (int) shape.get(2))).toList();
	}

	@Override
	public NDArray loss(final Layer network, final Batch batch, final NDManager manager) {
		final NDArray found = maps(network, batch, true, manager);
		return loss.of(found, targets(batch, found), manager);
	}

	@Override
	public Figures evaluate(final Layer network, final NDManager manager, final Runnable between) {
		if (heldOut == null) heldOut = examples.heldOut(between);
		final int n = heldOut.size();
		Figures sums = new Figures(0, 0, 0, Double.NaN, 0);
		for (int from = 0; from < n; from += AT_A_TIME) {
			between.run();
			final Batch batch = batch(heldOut.subList(from, Math.min(from + AT_A_TIME, n)));
			try (NDManager scratch = manager.newSubManager()) {
				sums = plus(sums, maps(network, batch, false, scratch), batch, scratch);
			}
		}
		return new Figures(sums.loss() / n, sums.srcc() / n, sums.plcc() / n, Double.NaN, n);
	}

	private Figures plus(final Figures sums, final NDArray found, final Batch batch, final NDManager manager) {
		final List<FloatMap> targets = targets(batch, found);
		double srcc = sums.srcc();
		double plcc = sums.plcc();
		for (int i = 0; i < targets.size(); i++) {
			final double[] map = doubles(found.get(i).toFloatArray());
			final double[] target = doubles(targets.get(i).values());
			srcc += orNone(Correlations.srcc(map, target));
			plcc += orNone(Correlations.plcc(map, target));
		}
		return new Figures(sums.loss() + loss.of(found, targets, manager).getFloat() * targets.size(), srcc, plcc, Double.NaN, sums.images() + targets.size());
	}

	/** A map that is the same everywhere has nothing to do with its target. */
	private static double orNone(final double correlation) {
		return Double.isNaN(correlation) ? 0 : correlation;
	}

	private static double[] doubles(final float[] values) {
		final double[] doubles = new double[values.length];
		for (int i = 0; i < values.length; i++)
			doubles[i] = values[i];
		return doubles;
	}
}
