package io.github.dgiqa.train;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** What was made of image files; what was used last stays in memory, up to a limit. May be used by several threads. */
final class ImageCache<T> {

	private static final long MOST_BYTES = 400L << 20;

	private final Function<Path, T> reader;
	private final ToLongFunction<T> size;
	private final Map<Path, T> images = new LinkedHashMap<>(16, 0.75f, true);
	private long bytes;

	/**
	 * @param reader what it throws, {@link #get} throws
	 * @param size bytes of an image
	 */
	ImageCache(final Function<Path, T> reader, final ToLongFunction<T> size) {
		this.reader = reader;
		this.size = size;
	}

	T get(final Path file) {
		synchronized (this) {
			final T known = images.get(file);
			if (known != null) return known;
		}
		final T read = reader.apply(file);
		keep(file, read);
		return read;
	}

	private synchronized void keep(final Path file, final T image) {
		if (images.put(file, image) == null) bytes += size.applyAsLong(image);
		for (final Iterator<T> oldest = images.values().iterator(); bytes > MOST_BYTES && oldest.hasNext();) {
			bytes -= size.applyAsLong(oldest.next());
			oldest.remove();
		}
	}
}
