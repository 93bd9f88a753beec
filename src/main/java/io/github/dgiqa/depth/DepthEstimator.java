package io.github.dgiqa.depth;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Normaliser;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.StoredModel;
import io.github.dgiqa.network.Layer;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Inverse depth of a picture: near is large. The whole picture goes through the network at once, as a square or in its
 * own form, as the model's description says. Not for use by several threads at a time.
 */
public final class DepthEstimator {

	/** Pixels of an input, beyond which a network leaves hundreds of megabytes that the quality network has no use for. */
	private static final int LARGE = 256 * 256;

	private final StoredModel model;
	private final TorchEngine engine;
	private final Precision precision;
	private final Layer network;
	private final NDManager manager;
	private final Normaliser normaliser;
	private final ModelDescription.Preprocessing preprocessing;
	private ByteBuffer input;

	/**
	 * Loads the model.
	 *
	 * @param engine the device
	 * @param precision numbers to compute with
	 * @param manager of the engine; it owns the weights, and the estimator works as long as it is open
	 * @throws io.github.dgiqa.engine.DeviceFailure where the device fails
	 */
	public DepthEstimator(final StoredModel model, final TorchEngine engine, final Precision precision, final NDManager manager) {
		this(model, engine, precision, manager, engine.compute(0, () -> model.load(manager, precision.type())));
	}

	private DepthEstimator(final StoredModel model, final TorchEngine engine, final Precision precision, final NDManager manager, final Layer network) {
		this.model = model;
		this.engine = engine;
		this.precision = precision;
		this.manager = manager;
		this.network = network;
		preprocessing = model.description().preprocessing();
		normaliser = new Normaliser(preprocessing.mean(), preprocessing.std());
		input = manager.allocateDirect(0);
	}

	/** The same network for another thread. */
	public DepthEstimator beside() {
		return new DepthEstimator(model, engine, precision, manager, network);
	}

	/** The model's NAME. */
	public String name() {
		return model.name();
	}

	/** What a reader of the depth of a picture of this size should know, or null. */
	public String note(final int width, final int height) {
		if (preprocessing.inputSide() > 0) return null;
		final InputSize free = inForm(width, height);
		final InputSize size = inputSize(width, height);
		if (free.equals(size)) return null;
		return "for the depth model the long side was cut from " + Math.max(free.width, free.height) + " to " + preprocessing.longSideLimit() + " pixels, the short one kept";
	}

	/**
	 * The network's own map, before any resize: 112x112 values in (0,1) for the compact model, as large as the network's
	 * input and not negative for Depth Anything.
	 *
	 * @throws DgiqaException where the weights give numbers that are not finite
	 * @throws io.github.dgiqa.engine.DeviceFailure where the device fails
	 */
	public FloatMap estimate(final Picture picture) {
		final InputSize size = fill(picture);
		final FloatMap depth = engine.compute(1, () -> {
			try (NDManager scratch = manager.newSubManager()) {
				final NDArray x = scratch.create(input, new Shape(1, 3, size.height, size.width), DataType.FLOAT32).toType(precision.type(), false);
				final NDArray y = network.forward(new ParameterStore(scratch, false), new NDList(x), false).singletonOrThrow();
				final Shape shape = y.getShape(); // [1,1,h,w]
				return new FloatMap((int) shape.get(3), (int) shape.get(2), finite(y.toType(DataType.FLOAT32, false).toFloatArray()));
			}
		});
		if (size.width * size.height > LARGE) TorchEngine.releaseFreed();
		return depth;
	}

	private float[] finite(final float[] values) {
		for (final float value : values)
			if (!Float.isFinite(value)) throw new DgiqaException("The depth is no finite number everywhere: " + precision.blame(model.name()));
		return values;
	}

	/** Pixels. */
	record InputSize(int width, int height) {}

	/** The size that a picture has as the network's input. */
	InputSize inputSize(final int width, final int height) {
		if (preprocessing.inputSide() > 0) return new InputSize(preprocessing.inputSide(), preprocessing.inputSide());
		final InputSize free = inForm(width, height);
		return new InputSize(Math.min(free.width, preprocessing.longSideLimit()), Math.min(free.height, preprocessing.longSideLimit()));
	}

	/** The size that keeps the picture's form, its shorter side that of the description, without a limit. */
	private InputSize inForm(final int width, final int height) {
		final double scale = Math.max((double) preprocessing.shortSide() / width, (double) preprocessing.shortSide() / height);
		return new InputSize(wholeMultiple(scale * width), wholeMultiple(scale * height));
	}

	private int wholeMultiple(final double length) {
		final double multiples = length / preprocessing.multiple();
		final long rounded = (long) Math.rint(multiples) * preprocessing.multiple();
		return (int) (rounded < preprocessing.shortSide() ? (long) Math.ceil(multiples) * preprocessing.multiple() : rounded);
	}

	/** Puts the network's input in place. */
	private InputSize fill(final Picture picture) {
		final InputSize size = inputSize(picture.width(), picture.height());
		final int bytes = 3 * size.width * size.height * Float.BYTES;
		if (input.capacity() < bytes) input = manager.allocateDirect(bytes);
		input.clear().limit(bytes);
		final FloatBuffer floats = input.asFloatBuffer();
		final boolean square = preprocessing.inputSide() > 0;
		final List<float[]> channels = Plane.each(picture.planes(), plane -> square ? plane.resizeAntialiased(size.width, size.height) : plane.resizeBicubic(size.width, size.height));
		for (int c = 0; c < channels.size(); c++)
			normaliser.putChannel(c, channels.get(c), floats);
		return size;
	}

	/** The network's input [3,H,W], for comparison with a reference. */
	float[] input(final Picture picture) {
		final InputSize size = fill(picture);
		final float[] values = new float[3 * size.width * size.height];
		input.asFloatBuffer().get(values);
		return values;
	}
}
