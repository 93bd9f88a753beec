package io.github.dgiqa.weights;

import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A compressed entry of a zip. No more than the announced bytes are ever made of it. */
final class Deflated implements Values {

	/** What deflate can make of a byte at best. An entry that announces more is not what it says. */
	private static final long BEST_RATIO = 1032;
	private static final int WINDOW = 1 << 16;

	private final Source source;
	private final long start;
	private final long packed;
	private final long size;
	/** For several tensors in the same bytes; in no one's way when memory is needed. */
	private Reference<ByteBuffer> inflated = new WeakReference<>(null);

	/**
	 * @param start where the compressed bytes begin
	 * @param packed the number of compressed bytes
	 * @param size the number of bytes before the compression
	 */
	Deflated(final Source source, final long start, final long packed, final long size) {
		if (size > packed * BEST_RATIO) throw source.bad("an entry of " + packed + " bytes cannot hold " + size);
		this.source = source;
		this.start = start;
		this.packed = packed;
		this.size = size;
	}

	@Override
	public long size() {
		return size;
	}

	@Override
	public synchronized void read(final long from, final ByteBuffer to) throws IOException {
		if (from == 0 && to.remaining() == size) {
			inflate(to);
			return;
		}
		if (size > Integer.MAX_VALUE) throw source.bad("a compressed entry of " + size + " bytes holds several tensors, which works up to 2 GB; save it again without compression");
		ByteBuffer all = inflated.get();
		if (all == null) {
			all = memory();
			inflate(all);
			inflated = new WeakReference<>(all);
		}
		to.put(all.slice((int) from, to.remaining()));
	}

	private ByteBuffer memory() {
		try {
			return ByteBuffer.allocate((int) size);
		}
		catch (final OutOfMemoryError e) {
			throw new WeightsException(source.bytes().name() + " has a compressed entry that takes " + size + " bytes of memory, more than Java has here; give Java more (option -Xmx) or save the file again without compression.");
		}
	}

	@Override
	public ByteBuffer view(final long from, final long length) {
		return null;
	}

	private void inflate(final ByteBuffer to) throws IOException {
		final Inflater inflater = new Inflater(true); // in a zip there is no zlib header
		final ByteBuffer window = ByteBuffer.allocate(WINDOW);
		long at = start;
		try {
			while (to.hasRemaining()) {
				if (inflater.needsInput() && at < start + packed) {
					window.clear().limit((int) Math.min(WINDOW, start + packed - at));
					source.bytes().read(at, window);
					at += window.flip().remaining();
					inflater.setInput(window);
				}
				if (inflater.inflate(to) == 0 && (inflater.finished() || inflater.needsDictionary() || at == start + packed)) throw damaged();
			}
		}
		catch (final DataFormatException e) {
			throw damaged();
		}
		finally {
			inflater.end();
		}
	}

	private WeightsException damaged() {
		return source.bad("a compressed entry of it is damaged");
	}
}
