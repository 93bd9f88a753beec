package io.github.dgiqa.weights;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A tensor in a weight file, not read yet. It can be loaded as long as its file is open, also by several threads.
 * Several tensors may have their elements in the same bytes, in any order that PyTorch can describe with a stride for
 * each axis.
 */
public final class StoredTensor {

	/** PyTorch's own limit. */
	private static final int AXES = 64;
	/** What Java's buffers can hold. */
	private static final long LOADABLE_BYTES = Integer.MAX_VALUE;

	private static final int CHUNK = 1 << 20;

	private final Source source;
	private final Values values;
	private final ElementType type;
	private final long offset;
	private final long[] shape;
	private final long[] strides;
	private final long elements;
	/** From the first element to the last, in elements. */
	private final long span;

	/**
	 * @param key the tensor's name, for messages
	 * @param offset the first element in the values, in elements
	 * @param strides for each axis, how far its elements are apart, in elements
	 * @throws WeightsException where the tensor would have elements outside of the values
	 */
	StoredTensor(final Source source, final String key, final Values values, final ElementType type, final long offset, final long[] shape, final long[] strides) {
		this.source = source;
		this.values = values;
		this.type = type;
		this.offset = offset;
		this.shape = shape;
		this.strides = strides;
		elements = elements(shape);
		span = span(shape, strides, elements);
		if (elements < 0 || span < 0 || offset < 0 || offset > values.size() / type.bytes() - span)
			throw source.bad("the tensor " + Source.shown(key) + " (" + type + ", shape " + brief(shape) + ", strides " + brief(strides) + ", from element " + offset + ") is not within its " + values.size() + " bytes");
	}

	/** An array's values, of type float32 or float16, which are read when they are needed: the array must live until then. @param key its name, for messages */
	public static StoredTensor of(final String key, final NDArray array) {
		final ElementType type = array.getDataType() == DataType.FLOAT16 ? ElementType.F16 : ElementType.F32;
		final long[] shape = array.getShape().getShape();
		return new StoredTensor(new Source(Bytes.of(key, new byte[0]), "tensor"), key, new Values.OfArray(array), type, 0, shape, strides(shape));
	}

	/** The number of elements, or -1 where that is no number. */
	static long elements(final long[] shape) {
		if (shape.length > AXES) return -1;
		boolean isEmpty = false;
		long others = 1;
		for (final long side : shape) {
			if (side < 0) return -1;
			isEmpty |= side == 0;
			try { // also of an empty one, for strides would overflow all the same
				if (side != 0) others = Math.multiplyExact(others, side);
			}
			catch (final ArithmeticException e) {
				return -1;
			}
		}
		return isEmpty ? 0 : others;
	}

	/** The strides of elements that lie one after the other. */
	static long[] strides(final long[] shape) {
		final long[] strides = new long[shape.length];
		long stride = 1;
		for (int axis = shape.length - 1; axis >= 0; axis--) {
			strides[axis] = stride;
			stride *= shape[axis];
		}
		return strides;
	}

	/** How many elements the tensor reaches over, or -1 where that is no number. */
	private static long span(final long[] shape, final long[] strides, final long elements) {
		if (strides.length != shape.length || Arrays.stream(strides).anyMatch(stride -> stride < 0)) return -1;
		if (elements <= 0) return elements;
		try {
			long last = 0;
			for (int axis = 0; axis < shape.length; axis++)
				last = Math.addExact(last, Math.multiplyExact(shape[axis] - 1, strides[axis]));
			return Math.incrementExact(last);
		}
		catch (final ArithmeticException e) {
			return -1;
		}
	}

	private static String brief(final long[] numbers) {
		return Source.shown(Arrays.toString(numbers));
	}

	public Shape shape() {
		return new Shape(shape);
	}

	/**
	 * Reads the values, converted to float32. Where the file has them as float32 one after the other, the result is the
	 * file's own memory: it must not be written to, and the file must not change as long as the result is used.
	 *
	 * @param manager owns the result
	 * @throws WeightsException where the values are damaged, or more than 2 GB
	 */
	public NDArray load(final NDManager manager) throws IOException {
		if (elements == 0) return manager.create(shape(), DataType.FLOAT32);
		final RowMajor inOrder = rowMajor();
		// of a file, pages with other types would stay in memory
		if ((type == ElementType.F32 || type == ElementType.F16 && source.bytes().areInMemory()) && isInOrder()) {
			final ByteBuffer view = aligned(offset * type.bytes(), bytes());
			if (view != null) return converted(manager.create(view, shape(), type.carrier()), DataType.FLOAT32);
		}
		try (NDManager onCpu = manager.newSubManager(Device.cpu())) {
			final NDArray stored = onCpu.create(shape(), type.carrier());
			inOrder.read(0, memory(stored));
			final NDArray result = floats(stored).toDevice(manager.getDevice(), false);
			result.attach(manager);
			return result;
		}
	}

	/** An array in another type; itself where it has that, else it is closed. */
	public static NDArray converted(final NDArray array, final DataType type) {
		if (array.getDataType() == type) return array;
		try (array) {
			return array.toType(type, false);
		}
	}

	/** The memory of the array itself: what is written there is in the array. */
	private static ByteBuffer memory(final NDArray array) {
		return array.toByteBuffer(true);
	}

	private boolean isInOrder() {
		final long[] expected = strides(shape);
		for (int axis = 0; axis < shape.length; axis++)
			if (shape[axis] > 1 && strides[axis] != expected[axis]) return false;
		return true;
	}

	/** A view that PyTorch can compute with, or null. */
	private ByteBuffer aligned(final long from, final long length) throws IOException {
		final ByteBuffer view = values.view(from, length);
		return view == null || view.alignmentOffset(0, type.bytes()) != 0 ? null : view;
	}

	/** The type of the elements, as the file has them. */
	ElementType type() {
		return type;
	}

	/** How many bytes the elements have in the file's type. */
	public long bytes() {
		return elements * type.bytes();
	}

	/** The bytes of a tensor's elements, in row-major order. */
	@FunctionalInterface
	interface RowMajor {

		/**
		 * Fills a buffer with whole elements.
		 *
		 * @param from where to begin, in bytes
		 * @throws WeightsException where the bytes are damaged
		 */
		void read(long from, ByteBuffer to) throws IOException;
	}

	/**
	 * The elements, one after the other.
	 *
	 * @throws WeightsException where they are more than 2 GB
	 */
	RowMajor rowMajor() {
		if (Math.max(elements, span) > LOADABLE_BYTES / Math.max(type.bytes(), Float.BYTES))
			throw new WeightsException("A tensor in " + source.bytes().name() + " is too large: it has the shape " + brief(shape) + ", tensors of up to 2 GB can be used; take other weights.");
		final long start = offset * type.bytes();
		if (elements == 0 || isInOrder()) return (from, to) -> values.read(start + from, to);
		return new Gathered(values, type.bytes(), start, (int) span * type.bytes(), shape, strides);
	}

	/**
	 * Whether all elements are finite numbers, as float32. Reads them all, in pieces of at most 1 MB.
	 *
	 * @param between is called before each piece; what it throws ends the reading
	 */
	public boolean isFinite(final Runnable between) throws IOException {
		final RowMajor inOrder = rowMajor();
		final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
		for (long at = 0; at < bytes(); at += CHUNK) {
			between.run();
			inOrder.read(at, chunk.clear().limit((int) Math.min(CHUNK, bytes() - at)));
			if (!type.isFinite(chunk.flip())) return false;
		}
		return true;
	}

	/**
	 * Several tensors of one type as one, along the first axis.
	 *
	 * @param key the new tensor's name, for messages
	 * @param parts at least one, all of the same file
	 * @return empty where types or other sides are not the same
	 */
	static Optional<StoredTensor> joined(final String key, final List<StoredTensor> parts) {
		final StoredTensor first = parts.get(0);
		if (first.shape.length == 0 || !parts.stream().allMatch(first::goesOnIn)) return Optional.empty();
		final long[] shape = first.shape.clone();
		shape[0] = parts.stream().mapToLong(part -> part.shape[0]).sum();
		return Optional.of(new StoredTensor(first.source, key, new Joined(List.copyOf(parts)), first.type, 0, shape, strides(shape)));
	}

	private boolean goesOnIn(final StoredTensor other) {
		return other.type == type && other.shape.length == shape.length && Arrays.equals(other.shape, 1, shape.length, shape, 1, shape.length);
	}

	/**
	 * A tensor of zeros, of this one's type.
	 *
	 * @param key its name, for messages
	 */
	StoredTensor zeros(final String key, final long... sides) {
		final Bytes zero = Bytes.of(source.bytes().name(), new byte[type.bytes()]);
		return new StoredTensor(source, key, new Values.Plain(zero, 0, zero.size()), type, 0, sides, new long[sides.length]);
	}

	private NDArray floats(final NDArray stored) {
		if (!type.isForeign()) return stored.toType(DataType.FLOAT32, false);
		final NDArray floats = stored.getManager().create(shape(), DataType.FLOAT32);
		final ShortBuffer from = memory(stored).asShortBuffer();
		final FloatBuffer to = memory(floats).asFloatBuffer();
		while (from.hasRemaining())
			to.put(type.value(from.get()));
		return floats;
	}
}
