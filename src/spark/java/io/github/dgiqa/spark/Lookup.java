package io.github.dgiqa.spark;

import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.batch.Listing;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/** From what the user wrote to files and folders. */
final class Lookup implements FlatMapFunction<String, Row> {

	private static final long serialVersionUID = 1L;
	private static final String MAGIC = ".*[*?\\[{].*";
	private static final String HIDDEN = ".";

	private final Places places;
	private final boolean patterns;

	/** @param patterns whether what is written may be a pattern of Hadoop's */
	Lookup(final Places places, final boolean patterns) {
		this.places = places;
		this.patterns = patterns;
	}

	@Override
	public Iterator<Row> call(final String written) {
		if (written.isEmpty()) return List.<Row>of().iterator();
		try {
			return found(written).iterator();
		}
		catch (final IllegalArgumentException e) {
			return List.of(Met.problem(written, "This cannot be the name of a file: " + e.getMessage() + ".")).iterator();
		}
		catch (final IOException e) {
			return List.of(Met.problem(written, Places.problem(e))).iterator();
		}
	}

	private List<Row> found(final String written) throws IOException {
		try {
			return List.of(row(written, places.status(written)));
		}
		catch (final FileNotFoundException e) {
			if (patterns && written.matches(MAGIC)) return matches(written);
			return List.of(Met.problem(written, Inputs.NOT_THERE));
		}
	}

	private static Row row(final String label, final FileStatus status) {
		return (status.isDirectory() ? Met.FOLDER : Met.FILE).at(label, status.getPath().toString());
	}

	private List<Row> matches(final String pattern) throws IOException {
		final Path path = places.path(pattern);
		final FileStatus[] matches = places.system(path).globStatus(path);
		if (matches == null) return List.of(Met.problem(pattern, Listing.NO_MATCH));
		final List<Row> rows = Arrays.stream(matches).filter(match -> isVisible(match.getPath(), path)).map(match -> row(places.label(pattern, match.getPath()), match)).toList();
		return rows.isEmpty() ? List.of(Met.problem(pattern, Listing.NO_MATCH)) : rows;
	}

	/** Whether nothing in it is hidden but what the pattern names so. */
	private static boolean isVisible(final Path match, final Path pattern) {
		Path wanted = pattern;
		for (Path part = match; part != null && wanted != null; part = part.getParent(), wanted = wanted.getParent())
			if (part.getName().startsWith(HIDDEN) && !wanted.getName().startsWith(HIDDEN)) return false;
		return true;
	}
}
