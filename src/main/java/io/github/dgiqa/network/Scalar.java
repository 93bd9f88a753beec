package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** Numbers that arrays are multiplied with. */
public final class Scalar {

	private Scalar() {}

	/**
	 * An array times a number, also for a gradient to go back through. DJL's own product takes the number from memory of
	 * Java's and frees it at once; PyTorch, which reads it again for the gradient, then finds whatever lies there.
	 */
	public static NDArray times(final NDArray x, final double by) {
		return x.mul(x.getManager().full(new Shape(), (float) by, DataType.FLOAT32));
	}
}
