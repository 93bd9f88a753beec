package io.github.dgiqa.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;

import com.google.gson.JsonObject;

import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.TinyModel;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Normaliser;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.network.DgiqaNetwork;
import io.github.dgiqa.network.InitialWeights;
import io.github.dgiqa.network.Layer;
import io.github.dgiqa.network.Scalar;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gradient needs is still in memory when it is computed, whatever Java's garbage collector did before. */
class GradientMemoryTest extends NativeMemory {

	private static final float RUBBISH = 1e20f;

	/** Both backbones and all that is around them, as small as windows of 7 allow. */
	private static final String SWIN = """
		{"format": 1, "name": "small-swin", "title": "Small", "kind": "quality",
		 "network": {"type": "dgiqa",
		  "backbone": {"type": "swin", "patch": 4, "dim": 8, "depths": [2, 2, 2, 2], "heads": [1, 2, 2, 2], "window": 7},
		  "depth_backbone": {"type": "swin", "patch": 4, "dim": 8, "depths": [2, 2, 2, 2], "heads": [1, 2, 2, 2], "window": 7},
		  "bridges": [8, 8, 8, 8], "bridge_reduction": 2, "bridge_dropout": 0.1, "heads": 2, "dilated": 8},
		 "preprocessing": {"short_side": 224, "crop": 224, "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]},
		 "score": {"min": 0, "max": 1, "higher_is_better": true, "meaning": "nothing"},
		 "sampling": {"mode": "grid"}, "depth": "depth-compact", "files": []}
		""";

	@TempDir
	private Path folder;
	private final List<ByteBuffer> held = new ArrayList<>();

	/** Collects what Java does not hold any more, and fills memory that became free. */
	private void collect() {
		System.gc();
		try {
			Thread.sleep(200); // another thread frees the memory
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
		}
		for (int i = 0; i < 20_000; i++)
			held.add(ByteBuffer.allocateDirect(Float.BYTES).order(ByteOrder.nativeOrder()).putFloat(0, RUBBISH));
	}

	private static void backward(final Supplier<NDArray> loss, final Runnable before) {
		try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
			final NDArray found = loss.get();
			before.run();
			collector.backward(found);
		}
	}

	@Test
	void productsWithNumbers() {
		final NDArray x = manager.ones(new Shape(3));
		x.setRequiresGradient(true);
		backward(() -> {
			NDArray y = x;
			for (int i = 0; i < 10; i++)
				y = Scalar.times(y, 2);
			return y.sum();
		}, this::collect);
		assertArrayEquals(new float[] {1024, 1024, 1024}, x.getGradient().toFloatArray());
	}

	@Test
	void lossOfDepth() {
		final NDArray maps = manager.create(new float[] {0.1f, 0.2f, 0.4f, 0.9f}, new Shape(1, 1, 2, 2));
		maps.setRequiresGradient(true);
		final DepthLoss loss = new DepthLoss(new DepthLoss.Weights(0.5, 2));
		final List<FloatMap> targets = List.of(new FloatMap(2, 2, new float[] {0, 0.5f, 0.5f, 1}));
		backward(() -> loss.of(maps, targets, manager), () -> {});
		final float[] expected = maps.getGradient().toFloatArray();
		maps.getGradient().muli(0);
		backward(() -> loss.of(maps, targets, manager), this::collect);
		assertArrayEquals(expected, maps.getGradient().toFloatArray());
	}

	/** Two groups of squares of chance. */
	private static final class Squares implements Examples {

		private final int side;

		Squares(final int side) {
			this.side = side;
		}

		@Override
		public List<Example> batch(final long step) {
			final List<Example> batch = new ArrayList<>();
			final Random random = new Random(step);
			for (int i = 0; i < 4; i++)
				batch.add(new Example(new Square(List.of(plane(random), plane(random), plane(random)), plane(random)), i / 4f, i / 2, i));
			return batch;
		}

		private Plane plane(final Random random) {
			final byte[] values = new byte[side * side];
			random.nextBytes(values);
			return new Plane(side, side, values);
		}

		@Override
		public List<HeldOut> heldOut(final Runnable between) {
			return List.of();
		}

		@Override
		public int kinds() {
			return 4;
		}

		@Override
		public JsonObject description() {
			return new JsonObject();
		}
	}

	private Map<String, NDArray> chance(final Layer layer) {
		final Map<String, NDArray> values = new HashMap<>();
		for (final Layer.Named named : layer.namedParameters()) {
			final NDArray value = manager.create(InitialWeights.of(named, Draw.of(8, named.path())), named.shape());
			value.setRequiresGradient(named.parameter().requiresGradient());
			values.put(named.path(), value);
		}
		layer.assign(values);
		return values;
	}

	private static Map<String, float[]> gradients(final Map<String, NDArray> weights) {
		final Map<String, float[]> gradients = new LinkedHashMap<>();
		weights.forEach((path, weight) -> {
			if (!weight.hasGradient()) return;
			gradients.put(path, weight.getGradient().toFloatArray());
			weight.getGradient().muli(0);
		});
		return gradients;
	}

	private void assertGradientsStay(final Path model, final int side) {
		final DgiqaNetwork network = (DgiqaNetwork) ModelStore.of(null).find(model.toString()).network();
		final QualityTask task = new QualityTask(new Squares(side), network, new Normaliser(new float[] {0.5f, 0.5f, 0.5f}, new float[] {0.25f, 0.25f, 0.25f}), side, new QualityTask.Weights(1, 1, 0.05));
		final Map<String, NDArray> weights = chance(network);
		chance(task.helpers()).forEach((path, weight) -> weights.put("helpers." + path, weight));
		final Supplier<NDArray> loss = () -> {
			Engine.getEngine("PyTorch").setRandomSeed(3);
			return task.loss(network, task.batch(0), manager);
		};
		backward(loss, () -> {});
		final Map<String, float[]> expected = gradients(weights);
		backward(loss, this::collect);
		final Map<String, float[]> found = gradients(weights);
		assertEquals(expected.keySet(), found.keySet());
		int alive = 0;
		for (final String path : expected.keySet()) {
			assertArrayEquals(expected.get(path), found.get(path), path);
			for (final float value : expected.get(path))
				if (value != 0) {
					alive++;
					break;
				}
		}
		assertTrue(alive > 0.8 * expected.size(), alive + " of " + expected.size());
	}

	@Test
	void convolutions() {
		assertGradientsStay(TinyModel.FOLDER, 64);
	}

	@Test
	void windowAttention() throws IOException {
		Files.writeString(folder.resolve("model.json"), SWIN);
		assertGradientsStay(folder, 224);
	}
}
