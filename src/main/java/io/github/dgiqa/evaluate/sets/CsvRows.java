package io.github.dgiqa.evaluate.sets;


import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.apache.commons.io.input.BOMInputStream;

/** The rows of a CSV file with a header. */
final class CsvRows {

	private static final CSVFormat FORMAT = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).setIgnoreSurroundingSpaces(true).setAllowMissingColumnNames(true)
		.setDuplicateHeaderMode(DuplicateHeaderMode.ALLOW_EMPTY).build();

	private CsvRows() {}

	/** A row, and where it is. */
	record Row(Path file, long line, CSVRecord cells) {

		/** @throws SetException where the cell is missing or empty */
		String text(final String column) {
			final String text = optional(column);
			if (text.isEmpty()) throw new SetException(place() + " has nothing in the column " + column + "; each line needs it.");
			return text;
		}

		/** Empty where there is no such column. */
		String optional(final String column) {
			return cells.isSet(column) ? cells.get(column).strip() : "";
		}

		/** @throws SetException where it is no finite number */
		double number(final String column) {
			return Numbers.parse(text(column), place() + ", column " + column);
		}

		private String place() {
			return file + ", line " + line;
		}
	}

	/**
	 * Reads a file.
	 *
	 * @param columns names of columns that it must have
	 * @throws SetException where it cannot be read, or lacks one
	 */
	static List<Row> read(final Path file, final List<String> columns) {
		if (!Files.isRegularFile(file)) throw new SetException("There is no file " + file + ": a CSV file with the columns " + String.join(", ", columns) + " is needed.");
		try (Reader text = new InputStreamReader(BOMInputStream.builder().setPath(file).get(), StandardCharsets.UTF_8); CSVParser parser = FORMAT.parse(text)) {
			final List<String> header = parser.getHeaderNames();
			for (final String column : columns)
				if (!header.contains(column)) throw new SetException(file + " has no column " + column + ": its first line must name the columns " + String.join(",", columns) + ", and it is '" + shortened(String.join(",", header)) + "'.");
			final List<Row> rows = new ArrayList<>();
			for (final CSVRecord cells : parser)
				rows.add(new Row(file, parser.getCurrentLineNumber(), cells));
			return rows;
		}
		catch (IOException | UncheckedIOException | IllegalArgumentException | IllegalStateException e) {
			throw new SetException(file + " cannot be read as CSV: " + e.getMessage() + ".", e);
		}
	}

	private static String shortened(final String line) {
		return line.length() <= 80 ? line : line.substring(0, 80) + "...";
	}
}
