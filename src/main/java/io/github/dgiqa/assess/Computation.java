package io.github.dgiqa.assess;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;

import io.github.dgiqa.Futures;
import io.github.dgiqa.assess.Stages.Stage;
import io.github.dgiqa.depth.DepthEstimator;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Normaliser;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Sampling.Position;
import io.github.dgiqa.model.ModelDescription.Preprocessing;
import io.github.dgiqa.model.StoredModel;
import io.github.dgiqa.network.Layer;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** A pair of models on a device. */
final class Computation implements AutoCloseable {

	/** Crops that go through the network together on the CPU: the usual six of a photograph. */
	private static final int ON_CPU = 6;
	/** The same of a large network: more would take more memory, and be no faster. */
	private static final int ON_CPU_OF_LARGE = 4;
	/** Numbers in the weights of a large network. */
	private static final long LARGE = 20_000_000;
	/** The same on a GPU, which is idle in part with fewer; the published network then takes some 4 GB. */
	private static final int ON_GPU = 32;

	private final TorchEngine engine;
	private final Precision precision;
	private final NDManager manager;
	private final Layer network;
	private final Normaliser normaliser;
	private final int side;
	/** Null where depth is measured. */
	private final DepthEstimator depthEstimator;
	/** Of all beside each other. */
	private final AtomicBoolean rehearsed;
	private int batch;
	/** Null before the first crop. */
	private ByteBuffer rgbInput;
	private ByteBuffer depthInput;

	/**
	 * Loads the models.
	 *
	 * @param depthModel null where depth is measured
	 * @throws io.github.dgiqa.DgiqaException where that is not possible; {@link io.github.dgiqa.engine.DeviceFailure} where it may be on another device
	 */
	Computation(final TorchEngine engine, final Precision precision, final StoredModel model, final StoredModel depthModel) {
		this.engine = engine;
		this.precision = precision;
		manager = engine.newManager();
		final Preprocessing preprocessing = model.description().preprocessing();
		normaliser = new Normaliser(preprocessing.mean(), preprocessing.std());
		side = preprocessing.crop();
		final Supplier<DepthEstimator> loading = depthModel == null ? () -> null : () -> new DepthEstimator(depthModel, engine, precision, manager);
		// many small arrays: on the CPU two threads are faster than one
		final CompletableFuture<DepthEstimator> depth = engine.isAccelerated() ? null : CompletableFuture.supplyAsync(loading);
		try {
			network = engine.compute(0, () -> model.load(manager, precision.type()));
			depthEstimator = depth == null ? loading.get() : Futures.join(depth);
		}
		catch (RuntimeException | Error e) {
			if (depth != null) Futures.await(depth);
			manager.close();
			throw e;
		}
		rehearsed = new AtomicBoolean();
		batch = engine.isAccelerated() ? ON_GPU : isLarge() ? ON_CPU_OF_LARGE : ON_CPU;
	}

	private boolean isLarge() {
		return network.namedParameters().stream().mapToLong(named -> named.shape().size()).sum() > LARGE;
	}

	/** The same, with inputs of its own. */
	private Computation(final Computation other) {
		engine = other.engine;
		precision = other.precision;
		manager = other.manager;
		network = other.network;
		normaliser = other.normaliser;
		side = other.side;
		depthEstimator = other.depthEstimator == null ? null : other.depthEstimator.beside();
		rehearsed = other.rehearsed;
		batch = other.batch;
	}

	/** The same networks for another thread; it is closed with this one. */
	Computation beside() {
		return new Computation(this);
	}

	TorchEngine engine() {
		return engine;
	}

	Precision precision() {
		return precision;
	}

	/** Device and numbers, for people: gpu in float16. */
	String place() {
		return withNumbers(engine.deviceName());
	}

	/** Engine, device and numbers, for people. */
	String description() {
		return withNumbers(engine.description());
	}

	private String withNumbers(final String device) {
		return device + (precision == Precision.FLOAT32 ? "" : " in " + precision);
	}

	/** Null where depth is measured. */
	DepthEstimator depthEstimator() {
		return depthEstimator;
	}

	/** How many crops go through the network together. */
	int batch() {
		return batch;
	}

	private ByteBuffer newInput() {
		return manager.allocateDirect(batch * 3 * side * side * Float.BYTES);
	}

	/**
	 * Scores nothing, so that the network's weights are in the order that it computes in; once, beside the first picture's
	 * depth. A large network would take longer than that.
	 */
	void rehearse() {
		if (depthEstimator == null || isLarge() || rehearsed.getAndSet(true)) return;
		try (NDManager scratch = manager.newSubManager()) {
			final NDArray nothing = scratch.zeros(new Shape(1, 3, side, side));
			network.forward(new ParameterStore(scratch, false), new NDList(nothing, nothing), false);
		}
	}

	/** From now on half as many crops go together; false where there is one already. */
	boolean halveBatch() {
		if (batch == 1) return false;
		batch /= 2;
		return true;
	}

	/** @throws io.github.dgiqa.engine.DeviceFailure where the device fails */
	FloatMap inverseDepth(final Picture picture) {
		return depthEstimator.estimate(picture);
	}

	/** A crop to score, of a picture at work. */
	record Square(PictureAtWork picture, Position at) {}

	/**
	 * Scores crops together.
	 *
	 * @param squares at most {@link #batch()}
	 * @param stages where its time goes
	 * @throws io.github.dgiqa.engine.DeviceFailure where the device fails
	 */
	List<Crop> score(final List<Square> squares, final Stages stages) {
		if (depthInput == null) { // the second one
			rgbInput = newInput();
			depthInput = newInput();
		}
		return engine.compute(squares.size(), () -> {
			try (NDManager scratch = manager.newSubManager()) {
				final NDList inputs = stages.in(Stage.CROPS, () -> new NDList(input(squares, false, rgbInput, scratch), input(squares, true, depthInput, scratch)));
				return stages.in(Stage.NETWORK, () -> crops(squares, network.forward(new ParameterStore(scratch, false), inputs, false)));
			}
		});
	}

	/** The normalised crops [N,3,side,side]; in float32 the array lies in the buffer. */
	private NDArray input(final List<Square> squares, final boolean depth, final ByteBuffer buffer, final NDManager scratch) {
		final FloatBuffer floats = buffer.clear().asFloatBuffer();
		for (final Square square : squares)
			square.picture.put(depth, square.at, side, normaliser, floats);
		buffer.limit(floats.position() * Float.BYTES);
		return scratch.create(buffer, new Shape(squares.size(), 3, side, side), DataType.FLOAT32).toType(precision.type(), false);
	}

	/** From the network's results, logits [N], cells [N,h,w] and attention [N,T,T], to crops. */
	private List<Crop> crops(final List<Square> squares, final NDList results) {
		final float[] logits = floats(results.get(0));
		final float[] cells = floats(results.get(1));
		final float[] looked = floats(results.get(2).mean(new int[] {1})); // [N,T]
		final int perSide = (int) results.get(1).getShape().get(1);
		final int perCrop = perSide * perSide;
		final List<Crop> crops = new ArrayList<>();
		for (int i = 0; i < logits.length; i++) {
			final float[] quality = new float[perCrop];
			final float[] share = new float[perCrop];
			for (int k = 0; k < perCrop; k++) {
				quality[k] = (float) sigmoid(cells[i * perCrop + k]);
				share[k] = looked[i * perCrop + k] * perCrop;
			}
			crops.add(new Crop(squares.get(i).at.x(), squares.get(i).at.y(), side, sigmoid(logits[i]), quality, share, perSide));
		}
		return crops;
	}

	private static float[] floats(final NDArray array) {
		return array.toType(DataType.FLOAT32, false).toFloatArray();
	}

	private static double sigmoid(final double logit) {
		return 1 / (1 + Math.exp(-logit));
	}

	/** Frees the models' memory. */
	@Override
	public void close() {
		manager.close();
	}
}
