package io.github.dgiqa.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.assess.Stages;
import io.github.dgiqa.assess.Stages.Stage;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.network.Layer;
import io.github.dgiqa.network.MultiplyAdds;

import java.nio.FloatBuffer;
import java.util.function.Supplier;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.core.source64.SplitMix64;

/** How long the networks take alone, and a matrix product, once Java is warm. */
final class NetworkTimes {

	/**
	 * What came of it.
	 *
	 * @param seconds median
	 * @param multiplyAdds of one such computation
	 */
	record Figure(double seconds, long multiplyAdds) {}

	private static final long SEED = 42;
	private static final long SIDE = 2048;
	/** Of Depth Anything's input: 37 by 49 patches. Pixels. */
	private static final long HEIGHT = 518;
	private static final long WIDTH = 686;

	private NetworkTimes() {}

	/** Two matrices. */
	static Figure product(final TorchEngine engine, final int reps) {
		try (NDManager manager = engine.newManager()) {
			final NDArray a = uniform(manager, new Shape(SIDE, SIDE));
			final Runnable once = () -> engine.compute(1, () -> {
				try (NDList product = new NDList(a.matMul(a))) {
					return finite("The matrix product", product);
				}
			});
			Timing.warmUp(once);
			return new Figure(Timing.median(reps, () -> Timing.seconds(once)), SIDE * SIDE * SIDE);
		}
	}

	/** The quality network of a pair, in the batches that the program computes crops in. */
	static Figure crops(final Pair pair, final int crops, final Assessor.Settings settings, final int reps) {
		final Picture picture = SeededImage.picture();
		final FloatMap depth = new FloatMap(2, 1, new float[] {0, 1});
		final Sampling sampling = new Sampling.Random(crops, SEED);
		try (Assessor assessor = pair.openForMeasuredDepth(settings)) {
			final Supplier<Stages> once = () -> {
				final Stages stages = Stages.begin();
				assessor.time(stages);
				assessor.assess(picture, sampling, depth, () -> {});
				return stages;
			};
			final long multiplyAdds = MultiplyAdds.of(once::get);
			Timing.warmUp(once::get);
			final double seconds = Timing.median(reps, () -> once.get().seconds(Stage.NETWORK));
			requireDevice(assessor);
			return new Figure(seconds, multiplyAdds);
		}
	}

	/** A size of Depth Anything on one image. */
	static Figure depthAnything(final String model, final TorchEngine engine, final int reps) {
		try (NDManager manager = engine.newManager()) {
			final Layer network = ModelStore.ofProgram().find(model).filled(ClosedForm::array).load(manager);
			final NDArray x = uniform(manager, new Shape(1, 3, HEIGHT, WIDTH));
			final Runnable once = () -> engine.compute(1, () -> {
				try (NDList depth = network.forward(new ParameterStore(manager, false), new NDList(x), false)) {
					return finite(model, depth);
				}
			});
			final long multiplyAdds = MultiplyAdds.of(once);
			Timing.warmUp(once);
			return new Figure(Timing.median(reps, () -> Timing.seconds(once)), multiplyAdds);
		}
	}

	/** @throws DgiqaException where the device failed, and the figures are of another */
	static void requireDevice(final Assessor assessor) {
		if (assessor.fellBack()) throw new DgiqaException("The device failed while it was measured, and the CPU took its place: give --device cpu, or see 'engine info'.");
	}

	/** Numbers from -1 to 1, in PyTorch's own memory. */
	private static NDArray uniform(final NDManager manager, final Shape shape) {
		final UniformRandomProvider random = new SplitMix64(SEED);
		final FloatBuffer values = FloatBuffer.allocate((int) shape.size());
		while (values.hasRemaining())
			values.put(2 * random.nextFloat() - 1);
		try (NDArray lent = manager.create(values.flip(), shape, DataType.FLOAT32)) {
			return lent.duplicate();
		}
	}

	/** Waits for the result. @throws DgiqaException where it is none */
	private static float finite(final String what, final NDList results) {
		try (NDArray sum = results.get(0).sum()) {
			final float found = sum.getFloat();
			if (!Float.isFinite(found)) throw new DgiqaException(what + " gave no finite numbers on this device, so its time means nothing: give --device cpu, or see 'engine info'.");
			return found;
		}
	}
}
