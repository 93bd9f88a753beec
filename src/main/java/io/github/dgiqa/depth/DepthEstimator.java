package io.github.dgiqa.depth;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;

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
 * Inverse depth of a picture: near is large. The whole picture goes through the network at once, as a square of the
 * side that the model's description says. Not for use by several threads at a time.
 */
public final class DepthEstimator {

	private final StoredModel model;
	private final Layer network;
	private final NDManager manager;
	private final Normaliser normaliser;
	private final int side;
	private final ByteBuffer input;

	/**
	 * Loads the model.
	 *
	 * @param manager owns the weights; the estimator works as long as it is open
	 */
	public DepthEstimator(final StoredModel model, final NDManager manager) {
		this.model = model;
		this.manager = manager;
		network = model.load(manager);
		final ModelDescription.Preprocessing preprocessing = model.description().preprocessing();
		normaliser = new Normaliser(preprocessing.mean(), preprocessing.std());
		side = preprocessing.inputSide();
		input = manager.allocateDirect(3 * side * side * Float.BYTES);
	}

	/** The model's NAME. */
	public String name() {
		return model.name();
	}

	/** The network's own map, before any resize: 112x112 values in (0,1) for the compact model. */
	public FloatMap estimate(final Picture picture) {
		fill(picture);
		try (NDManager scratch = manager.newSubManager()) {
			final NDArray x = scratch.create(input, new Shape(1, 3, side, side), DataType.FLOAT32);
			final NDArray y = network.forward(new ParameterStore(scratch, false), new NDList(x), false).singletonOrThrow();
			final Shape shape = y.getShape(); // [1,1,h,w]
			return new FloatMap((int) shape.get(3), (int) shape.get(2), y.toFloatArray());
		}
	}

	/** Puts the network's input in place. */
	private void fill(final Picture picture) {
		input.clear();
		final FloatBuffer floats = input.asFloatBuffer();
		final List<float[]> channels = Plane.each(picture.planes(), plane -> plane.resizeAntialiased(side, side));
		for (int c = 0; c < channels.size(); c++)
			normaliser.putChannel(c, channels.get(c), floats);
	}

	/** The network's input [3,side,side], for comparison with a reference. */
	float[] input(final Picture picture) {
		fill(picture);
		final float[] values = new float[3 * side * side];
		input.asFloatBuffer().get(values);
		return values;
	}
}
