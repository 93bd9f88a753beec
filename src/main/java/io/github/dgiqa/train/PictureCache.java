package io.github.dgiqa.train;

import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.ShortSide;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Pictures at the network's size; those that were used last stay in memory, up to a limit. May be used by several threads. */
final class PictureCache {

	private static final long MOST_BYTES = 400L << 20;

	private final ShortSide shortSide;
	private final int smallest;
	private final Map<Path, Picture> pictures = new LinkedHashMap<>(16, 0.75f, true);
	private long bytes;

	/** @param smallest pixels that a picture's shorter side must have in its file */
	PictureCache(final ShortSide shortSide, final int smallest) {
		this.shortSide = shortSide;
		this.smallest = smallest;
	}

	/** @throws io.github.dgiqa.image.ImageException where the file cannot be read, or is too small: a sentence with its name */
	Picture get(final Path file) {
		synchronized (this) {
			final Picture known = pictures.get(file);
			if (known != null) return known;
		}
		final Picture read = Pictures.read(file, shortSide, smallest);
		keep(file, read);
		return read;
	}

	private synchronized void keep(final Path file, final Picture picture) {
		if (pictures.put(file, picture) == null) bytes += bytes(picture);
		for (final Iterator<Picture> oldest = pictures.values().iterator(); bytes > MOST_BYTES && oldest.hasNext();) {
			bytes -= bytes(oldest.next());
			oldest.remove();
		}
	}

	private static long bytes(final Picture picture) {
		return 3L * picture.width() * picture.height();
	}
}
