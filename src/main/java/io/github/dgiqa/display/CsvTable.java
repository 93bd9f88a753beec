package io.github.dgiqa.display;

import io.github.dgiqa.assess.Assessment;

import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Rows as CSV, each written and flushed as soon as it is known; decimal points whatever the locale. */
public final class CsvTable implements Closeable {

	/**
	 * A column.
	 *
	 * @param type of its values: String, Integer, Long or Double
	 * @param format how a value is written, as {@link String#format} wants it
	 */
	public record Column(String name, Class<?> type, String format) {

		private static Column text(final String name) {
			return new Column(name, String.class, "%s");
		}

		private static Column count(final String name) {
			return new Column(name, Integer.class, "%d");
		}

		private static Column score(final String name) {
			return new Column(name, Double.class, "%.8f");
		}

		/** A value as it is written; of null nothing. */
		private String written(final Object value) {
			return value == null ? "" : String.format(Locale.ROOT, format, value);
		}
	}

	/** The columns, in their order. */
	public static final List<Column> COLUMNS = List.of(Column.text("path"), Column.count("slice"), Column.score("score"), Column.score("crop_sd"), Column.score("crop_min"), Column.score("crop_max"), Column.count("crops"),
		Column.text("sampling"), new Column("seed", Long.class, "%d"), Column.text("model"), Column.text("depth_model"), Column.text("device"), Column.count("width"), Column.count("height"),
		new Column("seconds", Double.class, "%.3f"), Column.text("notes"), Column.text("error"));

	/** How rows are written. */
	public static final CSVFormat FORMAT = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').build();

	private final CSVPrinter printer;

	private CsvTable(final CSVPrinter printer) {
		this.printer = printer;
	}

	/** Writes the line of column names. */
	public CsvTable(final Writer to) throws IOException {
		this(new CSVPrinter(to, FORMAT.builder().setHeader(columns().toArray(String[]::new)).build()));
		printer.flush();
	}

	/** For further rows, where the line of column names is there already. */
	public static CsvTable continued(final Writer to) throws IOException {
		return new CsvTable(new CSVPrinter(to, FORMAT));
	}

	/** The names of the columns, in their order. */
	public static List<String> columns() {
		return COLUMNS.stream().map(Column::name).toList();
	}

	/** Writes a row. */
	public synchronized void write(final ResultRow row) throws IOException {
		printer.printRecord(cells(row));
		printer.flush();
	}

	/** What a row has in each column, as it is written. */
	public static List<String> cells(final ResultRow row) {
		return cells(values(row));
	}

	/** A row's values, one for each column, of its type; null where there is none. */
	public static List<Object> values(final ResultRow row) {
		final Optional<Assessment> assessment = row.assessment();
		final ResultRow.Run run = row.run();
		final List<Object> values = new ArrayList<>(List.of(row.path(), row.slice()));
		Collections.addAll(values, value(assessment, Assessment::score), value(assessment, a -> Double.isNaN(a.spread().deviation()) ? null : a.spread().deviation()), value(assessment, a -> a.spread().min()), value(assessment, a -> a.spread().max()),
			value(assessment, a -> a.crops().size()));
		Collections.addAll(values, run.sampling(), run.seed().isEmpty() ? null : Long.valueOf(run.seed()), run.model(), run.depthModel(), row.device());
		Collections.addAll(values, value(row.size(), ResultRow.Size::width), value(row.size(), ResultRow.Size::height));
		Collections.addAll(values, value(assessment, Assessment::seconds), assessment.map(a -> String.join("; ", a.notes())).orElse(""), row.error());
		return values;
	}

	private static <T> Object value(final Optional<T> of, final Function<T, Object> what) {
		return of.map(what).orElse(null);
	}

	/** Values as they are written. @param values as {@link #values} gives them */
	public static List<String> cells(final List<?> values) {
		return IntStream.range(0, COLUMNS.size()).mapToObj(i -> COLUMNS.get(i).written(values.get(i))).toList();
	}

	@Override
	public void close() throws IOException {
		printer.close();
	}
}
