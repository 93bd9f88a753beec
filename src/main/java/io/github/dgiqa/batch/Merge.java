package io.github.dgiqa.batch;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.display.CsvTable;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/** Puts the rows of all shards of a list together, in the order of one run. */
public final class Merge {

	/** Columns that are the same in all rows of a run. */
	private static final List<String> SHARED = List.of("sampling", "seed", "model", "depth_model");
	private static final CSVFormat FORMAT = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).build();

	/**
	 * What came of it.
	 *
	 * @param known whether files beside the shards told which they are; else the order in which they were named counts
	 */
	public record Summary(int files, int rows, boolean known) {}

	/** A shard's file. @param side what is told beside it; null where nothing is */
	private record Part(Path file, SideFile side) {

		Shard shard() {
			return Shard.parse(side.provenance().shard()).orElseThrow();
		}
	}

	private final List<Part> parts;
	private final CSVPrinter to;
	private final Set<String> paths = new HashSet<>();
	/** Of the first row. */
	private List<String> shared;
	private int rows;

	private Merge(final List<Part> parts, final CSVPrinter to) {
		this.parts = parts;
		this.to = to;
	}

	/**
	 * Merges.
	 *
	 * @param csv for all rows; replaced where it exists
	 * @throws DgiqaException where the shards do not belong together, or are not all; the file is then as it was
	 */
	public static Summary run(final List<Path> shards, final Path csv) {
		try {
			final List<Part> parts = new ArrayList<>();
			for (final Path shard : shards)
				parts.add(part(shard));
			final boolean known = parts.stream().allMatch(part -> part.side != null);
			if (known) arrange(parts);
			final Path part = csv.resolveSibling(csv.getFileName() + ".part");
			try {
				final Merge merge;
				try (Writer writer = Files.newBufferedWriter(part, StandardCharsets.UTF_8); CSVPrinter to = new CSVPrinter(writer, CsvTable.FORMAT)) {
					to.printRecord(CsvTable.columns());
					merge = new Merge(parts, to);
					merge.merge();
				}
				Files.move(part, csv, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
				return new Summary(merge.paths.size(), merge.rows, known);
			}
			finally {
				Files.deleteIfExists(part);
			}
		}
		catch (final IOException e) {
			throw new DgiqaException("The shards cannot be merged into " + csv + ": " + DgiqaException.sentence(e) + ".", e);
		}
	}

	private static Part part(final Path file) throws IOException {
		if (!Files.isRegularFile(file)) throw new DgiqaException("There is no file " + file + ": name the CSV files of all shards.");
		final Path side = SideFile.of(file);
		if (!Files.exists(side)) return new Part(file, null);
		final SideFile read = SideFile.read(side);
		if (read.provenance() == null || read.provenance().shard() == null) throw new DgiqaException(file + " is no shard: its rows are those of a whole list.");
		if (read.complete() == null) throw new DgiqaException(file + " is not finished: repeat its command with --resume first.");
		return new Part(file, read);
	}

	/** Sorts shards that are known by their numbers, and refuses those that do not belong together. */
	private static void arrange(final List<Part> parts) {
		parts.sort(Comparator.comparingInt(part -> part.shard().number()));
		final Part first = parts.get(0);
		for (final Part part : parts) {
			final String difference = part.side.provenance().withoutShard().difference(first.side.provenance().withoutShard());
			if (difference != null) throw new DgiqaException(part.file + " was not made as " + first.file + ": " + difference + ".");
			if (part.shard().count() != first.shard().count()) throw new DgiqaException(part.file + " is shard " + part.shard() + ", and " + first.file + " is shard " + first.shard() + ": they are parts of different runs.");
			if (!part.side.complete().equals(first.side.complete())) throw new DgiqaException(part.file + " is of a list of " + part.side.complete() + " files, and " + first.file + " of one of " + first.side.complete() + ": repeat their commands with --resume.");
		}
		for (int i = 0; i < parts.size(); i++) {
			final Part part = parts.get(i);
			if (part.shard().number() < i + 1) throw new DgiqaException(part.file + " and " + parts.get(i - 1).file + " are both shard " + part.shard() + ".");
			if (part.shard().number() > i + 1) throw missing(i + 1, first);
		}
		if (parts.size() < first.shard().count()) throw missing(parts.size() + 1, first);
	}

	private static DgiqaException missing(final int number, final Part other) {
		return new DgiqaException("Shard " + number + "/" + other.shard().count() + " is missing: name the CSV files of all shards.");
	}

	private void merge() throws IOException {
		final List<Source> sources = new ArrayList<>();
		try {
			for (final Part part : parts)
				sources.add(new Source(part.file));
			for (final Source source : sources)
				source.begin();
			// image k is in shard k mod n + 1: once one has no more, none has
			int turn = 0;
			for (; sources.get(turn % sources.size()).hasNext(); turn++)
				add(sources.get(turn % sources.size()));
			final Source ended = sources.get(turn % sources.size());
			for (final Source source : sources)
				if (source.hasNext()) throw new DgiqaException(ended.file + " ends after " + turn / sources.size() + " files, and " + source.file + " has more: one shard is not finished or missing, or they are not named in the order of their numbers.");
		}
		catch (final UncheckedIOException e) {
			throw e.getCause();
		}
		finally {
			for (final Source source : sources)
				source.close();
		}
	}

	/** The rows of the source's next file. */
	private void add(final Source source) throws IOException {
		final List<CSVRecord> file = source.next();
		final String path = file.get(0).get("path");
		if (!paths.add(path)) throw new DgiqaException(path + " is in two places, the second in " + source.file + ": each image belongs to one shard.");
		for (final CSVRecord row : file) {
			final List<String> here = SHARED.stream().map(row::get).toList();
			if (shared == null) shared = here;
			for (int i = 0; i < here.size(); i++)
				if (!here.get(i).equals(shared.get(i))) throw new DgiqaException(source.file + " has another " + SHARED.get(i) + " (" + here.get(i) + ") than the rows before (" + shared.get(i) + "): shards of one run are needed.");
			to.printRecord(row.toList());
			rows++;
		}
	}

	/** A shard's rows, those of one file at a time. */
	private static final class Source implements Closeable {

		private final Path file;
		private final CSVParser parser;
		private final Iterator<CSVRecord> records;
		private CSVRecord next;

		Source(final Path file) throws IOException {
			this.file = file;
			final Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
			parser = FORMAT.parse(reader);
			records = parser.iterator();
		}

		void begin() {
			if (!parser.getHeaderNames().equals(CsvTable.columns())) throw new DgiqaException(file + " has other columns than the rows of 'assess': " + String.join(",", parser.getHeaderNames()) + ".");
			advance();
		}

		private void advance() {
			next = records.hasNext() ? records.next() : null;
			if (next != null && !next.isConsistent()) throw new DgiqaException(file + " is damaged: row " + next.getRecordNumber() + " has " + next.size() + " cells.");
		}

		boolean hasNext() {
			return next != null;
		}

		List<CSVRecord> next() {
			final List<CSVRecord> rows = new ArrayList<>();
			do {
				rows.add(next);
				advance();
			}
			while (next != null && next.get("path").equals(rows.get(0).get("path")));
			return rows;
		}

		@Override
		public void close() throws IOException {
			parser.close();
		}
	}
}
