package io.github.dgiqa.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.google.gson.JsonObject;

import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.TinyModel;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.network.HelperHeads;
import io.github.dgiqa.network.InitialWeights;
import io.github.dgiqa.network.Layer;
import io.github.dgiqa.train.TrainingPlan.BatchStatistics;
import io.github.dgiqa.weights.StoredTensor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run begins with. */
class TrainerTest extends NativeMemory {

	private static final long SEED = 7;
	private static final JsonObject IDENTITY = new JsonObject();

	@TempDir
	private Path folder;

	/** A task that is never begun. */
	private static final class Untouched implements Task<Integer> {

		private final Layer helpers = new HelperHeads(16, 3);

		@Override
		public Integer batch(final long step) {
			throw new AssertionError();
		}

		@Override
		public Layer helpers() {
			return helpers;
		}

		@Override
		public NDArray loss(final Layer network, final Integer batch, final NDManager manager) {
			throw new AssertionError();
		}

		@Override
		public Figures evaluate(final Layer network, final NDManager manager, final Runnable between) {
			throw new AssertionError();
		}

		@Override
		public JsonObject description() {
			return new JsonObject();
		}
	}

	/** Begins a run of the tiny model, and ends it before the first step. */
	private RunFolder.Checkpoint begun(final Map<String, StoredTensor> start) {
		final TrainingPlan plan = new TrainingPlan(10, 4, 0.01, 2, 0, 1, 0.9, BatchStatistics.FIXED, 0, List.of(), 10, 0, SEED);
		final Trainer.Work<Integer> work = new Trainer.Work<>(TinyModel.find(), "new", new JsonObject(), start, new JsonObject(), folder, plan, new Untouched());
		assertThrows(CancellationException.class, () -> Trainer.run(work, IDENTITY, TorchEngine.start(DeviceChoice.CPU, 0), new Silent(), () -> {
			throw new CancellationException();
		}));
		return RunFolder.of(folder, IDENTITY).load();
	}

	private float[] values(final RunFolder.Checkpoint checkpoint, final String name, final Shape shape) throws IOException {
		try (NDArray array = checkpoint.tensor(name, shape).load(manager)) {
			return array.toFloatArray();
		}
	}

	@Test
	void weightsBeginByTheirPathsAndTheSeed() throws IOException {
		try (RunFolder.Checkpoint checkpoint = begun(Map.of())) {
			assertEquals(Progress.NONE, checkpoint.progress());
			for (final Layer.Named named : TinyModel.find().network().namedParameters()) {
				final float[] expected = InitialWeights.of(named, Draw.of(SEED, named.path()));
				assertArrayEquals(expected, values(checkpoint, "value." + named.path(), named.shape()), named.path());
				assertArrayEquals(expected, values(checkpoint, "average." + named.path(), named.shape()), named.path());
			}
			// convolutions of one shape
			final Shape shape = new Shape(8, 8, 3, 3);
			assertFalse(Arrays.equals(values(checkpoint, "value.backbone.stages.1.1.0.weight", shape), values(checkpoint, "value.backbone.stages.2.0.0.weight", shape)));
			assertEquals(16, values(checkpoint, "value.helpers.score.weight", new Shape(1, 16)).length);
		}
	}

	@Test
	void givenWeightsAreTaken() throws IOException {
		final NDArray bias = manager.create(new float[] {0.25f});
		try (RunFolder.Checkpoint checkpoint = begun(Map.of("fc.bias", StoredTensor.of("fc.bias", bias)))) {
			assertArrayEquals(new float[] {0.25f}, values(checkpoint, "value.fc.bias", new Shape(1)));
			assertArrayEquals(new float[] {0.25f}, values(checkpoint, "average.fc.bias", new Shape(1)));
			final Layer.Named weight = TinyModel.find().network().namedParameters().stream().filter(named -> named.path().equals("fc.weight")).findFirst().orElseThrow();
			assertArrayEquals(InitialWeights.of(weight, Draw.of(SEED, "fc.weight")), values(checkpoint, "value.fc.weight", weight.shape()));
		}
	}
}
