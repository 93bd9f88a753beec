package io.github.dgiqa.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A tensor in a weight file, not read yet. It can be loaded as long as its file is open. */
public final class StoredTensor {

	private final Bytes file;
	private final long offset;
	private final DataType type;
	private final Shape shape;

	StoredTensor(final Bytes file, final long offset, final DataType type, final Shape shape) {
		this.file = file;
		this.offset = offset;
		this.type = type;
		this.shape = shape;
	}

	public Shape shape() {
		return shape;
	}

	/**
	 * Reads the values, converted to float32.
	 *
	 * @param manager owns the result
	 */
	public NDArray load(final NDManager manager) throws IOException {
		final ByteBuffer values = file.view(offset, shape.size() * type.getNumOfBytes());
		final ByteBuffer copy = manager.allocateDirect(values.remaining()).put(values).rewind();
		try (NDArray stored = manager.create(copy, shape, type)) {
			return type == DataType.FLOAT32 ? stored.duplicate() : stored.toType(DataType.FLOAT32, true);
		}
	}
}
