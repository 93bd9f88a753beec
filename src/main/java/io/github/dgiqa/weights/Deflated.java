package io.github.dgiqa.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A compressed entry of a zip. No more than the announced bytes are ever made of it, and none are kept: where several
 * tensors are in it, reading goes on where it ended, and begins anew for a tensor before that. In the order in which
 * they lie, all take as long as one of the entry's size.
 */
final class Deflated implements Values {

	/** What deflate can make of a byte at best. An entry that announces more is not what it says. */
	private static final long BEST_RATIO = 1032;
	private static final int WINDOW = 1 << 14;

	private final Source source;
	private final long start;
	private final long packed;
	private final long size;
	/** In the middle of the entry; null where reading begins anew. Its memory goes with it. */
	private Inflater inflater;
	private ByteBuffer window;
	/** How many compressed bytes the inflater was given, and how many it made of them. */
	private long given;
	private long made;

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
		boolean whole = false;
		try {
			if (inflater == null || from < made) restart();
			skip(from - made);
			inflate(to);
			whole = true;
		}
		catch (final DataFormatException e) {
			throw damaged();
		}
		finally {
			if (!whole || made == size) end();
		}
	}

	@Override
	public ByteBuffer view(final long from, final long length) {
		return null;
	}

	private void restart() {
		end();
		inflater = new Inflater(true); // in a zip there is no zlib header
		window = ByteBuffer.allocate(WINDOW);
		given = 0;
		made = 0;
	}

	private void end() {
		if (inflater != null) inflater.end();
		inflater = null;
		window = null;
	}

	private void skip(final long bytes) throws IOException, DataFormatException {
		final ByteBuffer skipped = ByteBuffer.allocate((int) Math.min(WINDOW, bytes));
		for (long left = bytes; left > 0; left -= skipped.limit())
			inflate(skipped.clear().limit((int) Math.min(WINDOW, left)));
	}

	/** Fills a buffer with what comes next. */
	private void inflate(final ByteBuffer to) throws IOException, DataFormatException {
		while (to.hasRemaining()) {
			if (inflater.needsInput() && given < packed) {
				source.bytes().read(start + given, window.clear().limit((int) Math.min(WINDOW, packed - given)));
				given += window.flip().remaining();
				inflater.setInput(window);
			}
			final int count = inflater.inflate(to);
			if (count == 0 && (inflater.finished() || inflater.needsDictionary() || given == packed)) throw damaged();
			made += count;
		}
	}

	private WeightsException damaged() {
		return source.bad("a compressed entry of it is damaged");
	}
}
