package io.github.dgiqa.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;

import com.google.gson.JsonObject;

import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.TinyModel;
import io.github.dgiqa.image.Normaliser;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.network.DgiqaNetwork;
import io.github.dgiqa.network.Layer;
import io.github.dgiqa.network.Statistics;
import io.github.dgiqa.train.QualityTask.Weights;
import io.github.dgiqa.weights.Fill;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Losses and figures of the tiny network. */
class QualityTaskTest extends NativeMemory {

	private static final int SIDE = 64;
	private static final float[] MEAN = {0.5f, 0.4f, 0.3f};
	private static final float[] STD = {0.25f, 0.2f, 0.1f};

	private DgiqaNetwork network;

	@BeforeEach
	void build() {
		network = TinyModel.filled(TinyModel.find(), manager);
		// so that a crop's score does not depend on the others of its batch
		network.use(Statistics.FIXED, path -> false);
	}

	/** Examples that a test names. */
	private record Given(List<Example> all, List<HeldOut> heldOut, int kinds) implements Examples {

		@Override
		public List<Example> batch(final long step) {
			return all;
		}

		@Override
		public List<HeldOut> heldOut(final Runnable between) {
			return heldOut;
		}

		@Override
		public JsonObject description() {
			return new JsonObject();
		}
	}

	private QualityTask task(final Examples examples, final Weights weights) {
		return new QualityTask(examples, network, new Normaliser(MEAN, STD), SIDE, weights);
	}

	/** Something like noise, the larger the number the more of it. */
	private static Square square(final int number) {
		final Random random = new Random(number);
		return new Square(List.of(plane(random, 20 * number), plane(random, 12 * number), plane(random, 230)), plane(random, 17 * number));
	}

	private static Plane plane(final Random random, final int range) {
		final byte[] values = new byte[SIDE * SIDE];
		for (int i = 0; i < values.length; i++)
			values[i] = (byte) random.nextInt(range + 1);
		return new Plane(SIDE, SIDE, values);
	}

	private static Example example(final int number, final double score, final int group, final int kind) {
		return new Example(square(number), (float) score, group, kind);
	}

	/** Gives all weights 0, but for some. */
	private void assignZeros(final Layer layer, final Map<String, float[]> others) {
		final Map<String, NDArray> values = new HashMap<>();
		for (final Layer.Named named : layer.namedParameters())
			values.put(named.path(), others.containsKey(named.path()) ? manager.create(others.get(named.path()), named.shape()) : manager.zeros(named.shape()));
		layer.assign(values);
	}

	/** The loss where the network gives each image 0.75, its helper 0.5 and the kinds 1/8, 2/8, 5/8. */
	private double constantLoss(final Weights weights, final Example... examples) {
		network = (DgiqaNetwork) TinyModel.find().network();
		assignZeros(network, Map.of("fc.bias", new float[] {(float) Math.log(3)}));
		final QualityTask task = task(new Given(List.of(examples), List.of(), 3), weights);
		if (task.helpers() != null) assignZeros(task.helpers(), Map.of("kind.bias", new float[] {0, (float) Math.log(2), (float) Math.log(5)}));
		return task.loss(network, task.batch(0), manager).getFloat();
	}

	/** Errors -0.2, 0.2, 0.5: their squares' mean is 0.11, and the two of a group are 0.4 apart. */
	@Test
	void squaredErrorAndDifferencesByHand() {
		final Example[] two = {example(1, 0.95, 0, 0), example(2, 0.55, 0, 2), example(3, 0.25, 1, 1)};
		assertEquals(0.11, constantLoss(new Weights(0, 0, 0), two), 1e-6);
		assertEquals(0.11 + 0.16, constantLoss(new Weights(1, 0, 0), two), 1e-6);
		assertEquals(0.11 + 2 * 0.16, constantLoss(new Weights(2, 0, 0), two), 1e-6);
		// of one group: 0.4, 0.7 and 0.3 apart
		final Example[] three = {example(1, 0.95, 5, 0), example(2, 0.55, 5, 2), example(3, 0.25, 5, 1)};
		assertEquals(0.11 + (0.16 + 0.49 + 0.09) / 3, constantLoss(new Weights(1, 0, 0), three), 1e-6);
		// no pair
		final Example[] none = {example(1, 0.95, 0, 0), example(2, 0.55, 1, 2), example(3, 0.25, 2, 1)};
		assertEquals(0.11, constantLoss(new Weights(1, 0, 0), none), 1e-6);
	}

	/** The helper's errors are -0.45, -0.05, 0.25, their squares 0.2025, 0.0025, 0.0625. */
	@Test
	void helpersByHand() {
		final Example[] two = {example(1, 0.95, 0, 0), example(2, 0.55, 0, 2), example(3, 0.25, 1, -1)};
		final double own = 0.11 + 2 * 0.16;
		final double helper = 0.2675 / 3 + 2 * 0.16;
		final double naming = -(Math.log(1 / 8.0) + Math.log(5 / 8.0)) / 2; // of the two that are known
		assertEquals(own + 0.3 * helper, constantLoss(new Weights(2, 0.3, 0), two), 1e-6);
		assertEquals(own + 0.1 * naming, constantLoss(new Weights(2, 0, 0.1), two), 1e-6);
		assertEquals(own + 0.3 * helper + 0.1 * naming, constantLoss(new Weights(2, 0.3, 0.1), two), 1e-6);
		final Example[] unknown = {example(1, 0.95, 0, -1), example(2, 0.55, 0, -1), example(3, 0.25, 1, -1)};
		assertEquals(own + 0.3 * helper, constantLoss(new Weights(2, 0.3, 0.1), unknown), 1e-6);
		final Weights without = new Weights(2, 0.3, 0.1).withoutHelpers();
		assertEquals(own, constantLoss(without, two), 1e-6);
		assertNull(task(new Given(List.of(two), List.of(), 3), without).helpers());
	}

	/** The network's input of some crops, as {@link Normaliser} has it, channel by channel. */
	private NDArray input(final List<List<Plane>> crops) {
		final float[] values = new float[crops.size() * 3 * SIDE * SIDE];
		int at = 0;
		for (final List<Plane> planes : crops)
			for (int c = 0; c < 3; c++)
				for (final byte value : planes.get(c).values())
					values[at++] = ((value & 0xff) / 255f - MEAN[c]) / STD[c];
		return manager.create(values, new Shape(crops.size(), 3, SIDE, SIDE));
	}

	private NDList inputs(final List<Square> squares) {
		return new NDList(input(squares.stream().map(Square::rgb).toList()), input(squares.stream().map(square -> List.of(square.depth(), square.depth(), square.depth())).toList()));
	}

	private static double sigmoid(final double logit) {
		return 1 / (1 + Math.exp(-logit));
	}

	private static double[] scores(final NDArray logits) {
		final float[] values = logits.toFloatArray();
		return IntStream.range(0, values.length).mapToDouble(i -> sigmoid(values[i])).toArray();
	}

	/** Squared error and, twice, the squared differences within groups. */
	private static double loss(final List<Example> examples, final double[] scores) {
		double squares = 0;
		double apart = 0;
		int pairs = 0;
		for (int i = 0; i < scores.length; i++) {
			final double error = scores[i] - examples.get(i).score();
			squares += error * error;
			for (int j = 0; j < i; j++) {
				if (examples.get(i).group() != examples.get(j).group()) continue;
				final double difference = scores[i] - scores[j] - (examples.get(i).score() - examples.get(j).score());
				apart += difference * difference;
				pairs++;
			}
		}
		return squares / scores.length + 2 * apart / pairs;
	}

	/** All parts from what the network gives, which differs from crop to crop. */
	@Test
	void lossOfWhatTheNetworkGives() {
		final List<Example> examples = List.of(example(1, 0.9, 0, 0), example(5, 0.3, 0, 1), example(9, 0.5, 1, 2), example(10, 0.7, 1, -1), example(12, 0.1, 0, 1));
		final QualityTask task = task(new Given(examples, List.of(), 3), new Weights(2, 0.5, 0.2));
		final Map<String, NDArray> helpers = Fill.arrays(task.helpers().stateDict(), manager);
		task.helpers().assign(helpers);
		final NDArray bias = network.namedParameters().stream().filter(named -> named.path().equals("fc.bias")).findFirst().orElseThrow().parameter().getArray();
		bias.setRequiresGradient(true);
		Engine.getEngine("PyTorch").setRandomSeed(3); // the bridges drop channels
		final NDList results = network.forward(new ParameterStore(manager, false), inputs(examples.stream().map(Example::square).toList()), true);
		final double[] scores = scores(results.get(0));
		final NDArray features = results.get(3);
		final double[] helped = scores(features.matMul(helpers.get("score.weight").transpose()).add(helpers.get("score.bias")));
		final NDArray kinds = features.matMul(helpers.get("kind.weight").transpose()).add(helpers.get("kind.bias")); // [5,3]
		double naming = 0;
		for (int i = 0; i < examples.size(); i++) {
			if (examples.get(i).kind() < 0) continue;
			final float[] logits = kinds.get(i).toFloatArray();
			final double sum = IntStream.range(0, 3).mapToDouble(k -> Math.exp(logits[k])).sum();
			naming -= Math.log(Math.exp(logits[examples.get(i).kind()]) / sum) / 4;
		}
		final double expected = loss(examples, scores) + 0.5 * loss(examples, helped) + 0.2 * naming;
		Engine.getEngine("PyTorch").setRandomSeed(3);
		try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
			final NDArray loss = task.loss(network, task.batch(0), manager);
			assertEquals(expected, loss.getFloat(), 1e-5);
			collector.backward(loss);
		}
		// a little more of the bias
		final double step = 1e-5;
		final double[] more = Arrays.stream(scores).map(score -> sigmoid(Math.log(score / (1 - score)) + step)).toArray();
		assertEquals((loss(examples, more) - loss(examples, scores)) / step, bias.getGradient().getFloat(), 1e-4);
	}

	@Test
	void batchIsNormalisedPixelByPixel() {
		final List<Example> examples = List.of(example(4, 0.5, 0, 0), example(7, 0.5, 0, 0));
		final QualityTask.Batch batch = task(new Given(examples, List.of(), 0), new Weights(1, 0, 0)).batch(0);
		final NDList inputs = inputs(examples.stream().map(Example::square).toList());
		assertArrayEquals(inputs.get(0).transpose(0, 2, 3, 1).toFloatArray(), batch.rgb(), 1e-6f);
		assertArrayEquals(inputs.get(1).transpose(0, 2, 3, 1).toFloatArray(), batch.depth(), 1e-6f);
	}

	/** An image before its human score is known. */
	private record Image(List<Square> crops, double found) {}

	/** Six images in the order of their scores, which are the means of their crops' own, each alone; 14 crops are two batches. */
	private List<Image> images() {
		final List<Image> images = new ArrayList<>();
		int number = 0;
		for (final int count : new int[] {3, 1, 4, 2, 1, 3}) {
			final List<Square> crops = new ArrayList<>();
			double sum = 0;
			for (int i = 0; i < count; i++) {
				crops.add(square(number++ % 13));
				sum += scores(network.forward(new ParameterStore(manager, false), inputs(List.of(crops.get(i))), false).get(0))[0];
			}
			images.add(new Image(crops, sum / count));
		}
		images.sort(Comparator.comparingDouble(Image::found));
		return images;
	}

	@Test
	void figuresOfTheHeldOutPart() {
		final List<Image> images = images();
		// the third and the fourth are in the wrong order
		final double[] human = {0.1, 0.2, 0.5, 0.3, 0.7, 0.9};
		final List<HeldOut> heldOut = new ArrayList<>();
		for (int i = 0; i < human.length; i++)
			heldOut.add(new HeldOut(images.get(i).crops(), human[i], i < 4 ? "a" : "b", "blur", "" + i));
		final QualityTask task = task(new Given(List.of(), heldOut, 0), new Weights(1, 0, 0));
		final int[] calls = {0};
		final Figures figures = task.evaluate(network, manager, () -> calls[0]++);
		assertEquals(2, calls[0]);
		assertEquals(6, figures.images());
		final double[] found = images.stream().mapToDouble(Image::found).toArray();
		for (int i = 1; i < found.length; i++)
			assertTrue(found[i] - found[i - 1] > 1e-5, Arrays.toString(found));
		final double meanFound = Arrays.stream(found).average().orElseThrow();
		final double meanHuman = 2.7 / 6;
		double squares = 0;
		double both = 0;
		double ofFound = 0;
		double ofHuman = 0;
		for (int i = 0; i < human.length; i++) {
			squares += Math.pow(found[i] - human[i], 2);
			both += (found[i] - meanFound) * (human[i] - meanHuman);
			ofFound += Math.pow(found[i] - meanFound, 2);
			ofHuman += Math.pow(human[i] - meanHuman, 2);
		}
		assertEquals(squares / 6, figures.loss(), 1e-6);
		assertEquals(1 - 6.0 * 2 / (6 * 35), figures.srcc(), 1e-12); // two ranks differ by one
		assertEquals(both / Math.sqrt(ofFound * ofHuman), figures.plcc(), 1e-3);
		// of a: 0.1 and 0.5, 0.1 and 0.3, 0.2 and 0.5, not 0.5 and 0.3; of b: 0.7 and 0.9; 0.1 apart is not told apart
		assertEquals(4 / 5.0, figures.monotone(), 1e-12);
		assertEquals(figures, task.evaluate(network, manager, () -> {}));
	}

	@Test
	void withoutSeriesNothingIsMonotone() {
		final List<HeldOut> heldOut = IntStream.range(0, 3).mapToObj(i -> new HeldOut(List.of(square(4 * i)), 0.2 * i, "" + i, "", "")).toList();
		final Figures figures = task(new Given(List.of(), heldOut, 0), new Weights(1, 0, 0)).evaluate(network, manager, () -> {});
		assertTrue(Double.isNaN(figures.monotone()));
		assertEquals(3, figures.images());
	}
}
