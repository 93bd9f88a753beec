package io.github.dgiqa.weights;

import ai.djl.ndarray.NDArray;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A run of bytes in a weight file, in which tensors have their elements. It can be read as long as the file is open. */
interface Values {

	/** The number of bytes. */
	long size();

	/**
	 * Fills a buffer.
	 *
	 * @param from where to begin, in bytes
	 * @throws WeightsException where the bytes are damaged
	 */
	void read(long from, ByteBuffer to) throws IOException;

	/** Bytes as they lie in the file or in memory, without a copy; null where that cannot be. */
	ByteBuffer view(long from, long length) throws IOException;

	/** An array's values as they are when they are read, a copy of which is kept from their beginning to their end only. */
	final class OfArray implements Values {

		private final NDArray array;
		private final long size;
		private byte[] copy;

		OfArray(final NDArray array) {
			this.array = array;
			size = array.size() * array.getDataType().getNumOfBytes();
		}

		@Override
		public long size() {
			return size;
		}

		@Override
		public void read(final long from, final ByteBuffer to) {
			if (copy == null) copy = array.toByteArray();
			final int length = to.remaining();
			to.put(copy, (int) from, length);
			if (from + length == size) copy = null;
		}

		@Override
		public ByteBuffer view(final long from, final long length) {
			return null;
		}
	}

	/** Bytes that are in the file as they are. */
	record Plain(Bytes file, long start, long size) implements Values {

		@Override
		public void read(final long from, final ByteBuffer to) throws IOException {
			file.read(start + from, to);
		}

		@Override
		public ByteBuffer view(final long from, final long length) throws IOException {
			return file.view(start + from, length);
		}
	}
}
