package io.github.dgiqa.spark;

import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.batch.Inputs.Input;
import io.github.dgiqa.image.ImageFile;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;

import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;

/**
 * Files of any file system as files of this machine: of those that are elsewhere one copy at a time, which is there until
 * the next file is asked for. For one reader, which asks in order.
 */
final class Fetching implements Closeable {

	/** ImageJ keeps what its readers complain of in one place for all threads. */
	private static final Object OPENING = new Object();

	private final List<Row> files;
	private final Places places;
	private final Path folder;
	private Path copy;

	/** @param files rows of {@link Met} */
	Fetching(final List<Row> files, final Places places) throws IOException {
		this.files = files;
		this.places = places;
		folder = Files.createTempDirectory("dgiqa-spark");
	}

	List<Input> inputs() {
		return new AbstractList<>() {

			@Override
			public Input get(final int i) {
				return input(files.get(i));
			}

			@Override
			public int size() {
				return files.size();
			}
		};
	}

	private Input input(final Row file) {
		final String label = file.getAs(Met.PATH);
		final String problem = file.getAs(Met.PROBLEM);
		if (problem != null) return Input.unusable(label, problem);
		final org.apache.hadoop.fs.Path place = new org.apache.hadoop.fs.Path(file.<String>getAs(Met.PLACE));
		try {
			if (Places.isLocal(place)) return Input.of(label, Places.local(place), true);
			if (copy != null) Files.deleteIfExists(copy);
			// not every name of another system is one here; its ending tells the form
			copy = folder.resolve("image" + place.getName().replaceFirst("^.*?(\\.[A-Za-z0-9]+)?$", "$1"));
			try (InputStream in = places.system(place).open(place)) {
				Files.copy(in, copy);
			}
			return Input.of(label, copy, true);
		}
		catch (final IOException e) {
			return Input.unusable(label, Places.problem(e));
		}
		catch (final InvalidPathException e) {
			return Input.unusable(label, "This machine cannot have a file of this name: " + e.getReason() + "; a UTF-8 locale is needed (LC_ALL=C.UTF-8).");
		}
	}

	ImageFile open(final Path file) {
		synchronized (OPENING) {
			return ImageFile.open(file);
		}
	}

	@Override
	public void close() {
		FileUtils.deleteQuietly(folder.toFile());
	}
}
