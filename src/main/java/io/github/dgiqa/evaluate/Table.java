package io.github.dgiqa.evaluate;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * A table of results, and how it looks as plain text, Markdown, HTML and CSV.
 *
 * @param title over it
 * @param note under it; empty for none
 * @param columns names, without blanks
 * @param rows as many cells each as there are columns
 */
public record Table(String title, String note, List<String> columns, List<List<String>> rows) {

	private static final String GAP = "  ";

	public Table {
		columns = List.copyOf(columns);
		rows = List.copyOf(rows);
	}

	/** A number in a table: four decimals, or nan. */
	static String number(final double value) {
		return Double.isNaN(value) ? "nan" : String.format(Locale.ROOT, "%.4f", value);
	}

	/** Title and columns under one another, the numbers at the right. */
	public String text() {
		final int[] widths = IntStream.range(0, columns.size()).map(i -> Math.max(columns.get(i).length(), rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))).toArray();
		final StringBuilder text = new StringBuilder(title).append('\n').append(line(columns, widths));
		rows.forEach(row -> text.append(line(row, widths)));
		return text.toString();
	}

	private String line(final List<String> cells, final int[] widths) {
		final StringBuilder line = new StringBuilder();
		for (int i = 0; i < widths.length; i++) {
			final String blanks = " ".repeat(widths[i] - cells.get(i).length());
			line.append(i == 0 ? "" : GAP).append(isNumeric(i) ? blanks + cells.get(i) : cells.get(i) + blanks);
		}
		return line.toString().stripTrailing() + '\n';
	}

	private boolean isNumeric(final int column) {
		return !rows.isEmpty() && rows.stream().allMatch(row -> row.get(column).matches("nan|-?[\\d.]+"));
	}

	String markdown() {
		final StringBuilder text = new StringBuilder("## " + title + "\n\n");
		text.append(markdown(columns)).append(markdown(IntStream.range(0, columns.size()).mapToObj(i -> isNumeric(i) ? "---:" : "---").toList()));
		rows.forEach(row -> text.append(markdown(row)));
		return text + (note.isEmpty() ? "" : "\n" + note + "\n");
	}

	private static String markdown(final List<String> cells) {
		return "| " + String.join(" | ", cells.stream().map(cell -> cell.replace("\\", "\\\\").replace("|", "\\|").replace("_", "\\_").replace("<", "&lt;")).toList()) + " |\n";
	}

	String html() {
		final StringBuilder text = new StringBuilder("<h2>" + escaped(title) + "</h2>\n<table>\n<tr>");
		columns.forEach(column -> text.append("<th>").append(escaped(column)).append("</th>"));
		text.append("</tr>\n");
		for (final List<String> row : rows) {
			text.append("<tr>");
			for (int i = 0; i < row.size(); i++)
				text.append(isNumeric(i) ? "<td class=\"number\">" : "<td>").append(escaped(row.get(i))).append("</td>");
			text.append("</tr>\n");
		}
		return text + "</table>\n" + (note.isEmpty() ? "" : "<p>" + escaped(note) + "</p>\n");
	}

	static String escaped(final String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
	}

	void writeCsv(final Path file) throws IOException {
		try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8); CSVPrinter printer = new CSVPrinter(writer, CSVFormat.DEFAULT.builder().setHeader(columns.toArray(String[]::new)).setRecordSeparator('\n').build())) {
			for (final List<String> row : rows)
				printer.printRecord(row);
		}
	}
}
