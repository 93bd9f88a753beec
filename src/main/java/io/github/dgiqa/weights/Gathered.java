package io.github.dgiqa.weights;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The elements of a tensor that does not have them in order, as if it had. They stay where they are in the file; where
 * those are compressed, all of them are kept as long as this is. For one thread.
 */
final class Gathered implements StoredTensor.RowMajor {

	private final Values values;
	private final int bytes;
	private final long start;
	private final int length;
	private final long[] shape;
	private final long[] strides;
	/** From the first element to the last; null as long as none was read. */
	private ByteBuffer all;

	/**
	 * @param bytes of an element
	 * @param start where the first element is in the values, in bytes
	 * @param length up to where the last one ends, in bytes
	 * @param shape at least one axis, no side 0
	 * @param strides in elements
	 */
	Gathered(final Values values, final int bytes, final long start, final int length, final long[] shape, final long[] strides) {
		this.values = values;
		this.bytes = bytes;
		this.start = start;
		this.length = length;
		this.shape = shape;
		this.strides = strides;
	}

	@Override
	public void read(final long from, final ByteBuffer to) throws IOException {
		if (all == null) all = all();
		all.order(to.order()); // as they are, whichever that is
		final int last = shape.length - 1;
		for (long element = from / bytes; to.hasRemaining();) {
			final long column = element % shape[last];
			final int count = (int) Math.min(shape[last] - column, to.remaining() / bytes);
			copy(place(element), strides[last], count, to);
			element += count;
		}
	}

	private ByteBuffer all() throws IOException {
		final ByteBuffer view = values.view(start, length);
		if (view != null) return view;
		final ByteBuffer copy = ByteBuffer.allocate(length);
		values.read(start, copy);
		return copy.flip();
	}

	/** How far an element is from the first one. */
	private long place(final long element) {
		long place = 0;
		long rest = element;
		for (int axis = shape.length - 1; axis >= 0; axis--) {
			place += rest % shape[axis] * strides[axis];
			rest /= shape[axis];
		}
		return place;
	}

	private void copy(final long first, final long stride, final int count, final ByteBuffer to) {
		final int step = (int) stride * bytes;
		for (int i = 0, at = (int) first * bytes; i < count; i++, at += step)
			switch (bytes) {
				case Byte.BYTES:
					to.put(all.get(at));
					break;
				case Short.BYTES:
					to.putShort(all.getShort(at));
					break;
				case Integer.BYTES:
					to.putInt(all.getInt(at));
					break;
				default:
					to.putLong(all.getLong(at));
			}
	}
}
