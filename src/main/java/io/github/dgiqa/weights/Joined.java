package io.github.dgiqa.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The elements of several tensors of one type, one tensor after the other. */
record Joined(List<StoredTensor> parts) implements Values {

	@Override
	public long size() {
		return parts.stream().mapToLong(StoredTensor::bytes).sum();
	}

	@Override
	public void read(final long from, final ByteBuffer to) throws IOException {
		final int limit = to.limit();
		long begin = from;
		for (final StoredTensor part : parts) {
			final long left = part.bytes() - begin;
			if (left > 0 && to.hasRemaining()) {
				part.rowMajor().read(begin, to.limit(to.position() + (int) Math.min(left, to.remaining())));
				to.limit(limit);
			}
			begin = Math.max(0, -left);
		}
	}

	@Override
	public ByteBuffer view(final long from, final long length) {
		return null;
	}
}
