package io.github.dgiqa.spark;

import io.github.dgiqa.batch.LeftOut;
import io.github.dgiqa.image.ImageFile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/** From a folder to what is in it, one folder deep. Its entries come as they are asked for, as there may be millions. */
final class Walk implements FlatMapFunction<Row, Row> {

	private static final long serialVersionUID = 1L;

	private final Places places;
	private final boolean recursive;
	private final boolean named;

	/**
	 * @param recursive whether the folders in it count
	 * @param named whether the user named these folders: one that cannot be read is then a failure
	 */
	Walk(final Places places, final boolean recursive, final boolean named) {
		this.places = places;
		this.recursive = recursive;
		this.named = named;
	}

	@Override
	public Iterator<Row> call(final Row folder) {
		final String label = folder.getAs(Met.PATH);
		final Path path = new Path(folder.<String>getAs(Met.PLACE));
		try {
			final FileSystem system = places.system(path);
			return new Entries(label, system, system.listStatusIterator(path));
		}
		catch (final IOException e) {
			return List.of(unreadable(label, e)).iterator();
		}
	}

	private Row unreadable(final String folder, final IOException e) {
		if (named) return Met.problem(folder, "The folder cannot be read: " + Places.why(e) + ".");
		return Met.UNREADABLE.at(LeftOut.unreadable(folder, Places.why(e)), null);
	}

	/** What is in a folder, but what is hidden. */
	private final class Entries implements Iterator<Row> {

		private final String folder;
		private final FileSystem system;
		private final RemoteIterator<? extends FileStatus> entries;
		private Row next;
		private boolean ended;

		Entries(final String folder, final FileSystem system, final RemoteIterator<? extends FileStatus> entries) {
			this.folder = folder;
			this.system = system;
			this.entries = entries;
		}

		@Override
		public boolean hasNext() {
			try {
				while (next == null && !ended)
					if (entries.hasNext()) next = row(entries.next());
					else ended = true;
			}
			catch (final IOException e) {
				ended = true;
				next = unreadable(folder, e);
			}
			return next != null;
		}

		@Override
		public Row next() {
			if (!hasNext()) throw new NoSuchElementException();
			final Row row = next;
			next = null;
			return row;
		}

		/** Null where it does not count. */
		private Row row(final FileStatus entry) throws IOException {
			final Path path = entry.getPath();
			if (path.getName().startsWith(".")) return null;
			final String label = (folder.endsWith("/") ? folder : folder + "/") + path.getName();
			if (!entry.isDirectory()) return (counts(path) ? Met.FILE : Met.NO_IMAGE).at(label, path.toString());
			if (!recursive) return null;
			return (Places.isLoop(path) ? Met.LOOP : Met.FOLDER).at(label, path.toString());
		}

		private boolean counts(final Path file) {
			if (ImageFile.isImageName(file.getName())) return true;
			// a pipe would wait for whoever writes to it
			if (Places.isLocal(file) && !Files.isRegularFile(Places.local(file))) return false;
			try (InputStream in = system.open(file)) {
				return ImageFile.beginsAsImage(in);
			}
			catch (final IOException e) {
				return false;
			}
		}
	}
}
