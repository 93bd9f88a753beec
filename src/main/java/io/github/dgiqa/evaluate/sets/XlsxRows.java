package io.github.dgiqa.evaluate.sets;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Sheet;

/** The rows of a sheet of an .xlsx file, under the first row that has the names of all columns. */
final class XlsxRows {

	private XlsxRows() {}

	/** A row: texts by the names of their columns. */
	record Row(Path file, int number, Map<String, String> cells) {

		/** @throws SetException where the cell is empty */
		String text(final String column) {
			final String text = cells.getOrDefault(column, "");
			if (text.isEmpty()) throw new SetException(file + ", row " + number + " has nothing in the column " + column + "; each row needs it.");
			return text;
		}

		/** @throws SetException where it is no finite number */
		double number(final String column) {
			return Numbers.parse(text(column), file + ", row " + number + ", column " + column);
		}
	}

	/**
	 * Reads a sheet; rows without any of the columns are passed over.
	 *
	 * @param sheet its name; null for the first
	 * @throws SetException where it cannot be read, or lacks a column
	 */
	static List<Row> read(final Path file, final String sheet, final List<String> columns) {
		try (InputStream in = Files.newInputStream(file); ReadableWorkbook book = new ReadableWorkbook(in)) {
			final Optional<Sheet> found = sheet == null ? Optional.of(book.getFirstSheet()) : book.findSheet(sheet);
			if (found.isEmpty()) throw new SetException(file + " has no sheet " + sheet + ", which has the human scores; take the file as it was published.");
			return rows(file, found.get().read(), columns);
		}
		catch (final SetException e) {
			throw e;
		}
		catch (IOException | RuntimeException e) { // a damaged file fails in many ways
			throw new SetException(file + " cannot be read as an .xlsx file: " + e.getMessage() + ".", e);
		}
	}

	private static List<Row> rows(final Path file, final List<org.dhatim.fastexcel.reader.Row> sheet, final List<String> columns) {
		Map<String, Integer> header = null;
		final List<Row> rows = new ArrayList<>();
		for (final org.dhatim.fastexcel.reader.Row row : sheet) {
			if (header == null) {
				final Map<String, Integer> places = places(row);
				if (places.keySet().containsAll(columns)) header = places;
				continue;
			}
			final Map<String, String> cells = new HashMap<>();
			for (final String column : columns)
				cells.put(column, text(row, header.get(column)));
			if (cells.values().stream().anyMatch(text -> !text.isEmpty())) rows.add(new Row(file, row.getRowNum(), cells));
		}
		if (header == null) throw new SetException(file + " has no row with the column names " + String.join(", ", columns) + "; take the file as it was published.");
		return rows;
	}

	private static Map<String, Integer> places(final org.dhatim.fastexcel.reader.Row row) {
		final Map<String, Integer> places = new HashMap<>();
		for (int i = 0; i < row.getCellCount(); i++)
			places.putIfAbsent(text(row, i), i);
		return places;
	}

	/** Empty where there is nothing; a whole number without decimal point. */
	private static String text(final org.dhatim.fastexcel.reader.Row row, final int column) {
		final Cell cell = column < row.getCellCount() ? row.getCell(column) : null;
		if (cell == null || cell.getType() == CellType.EMPTY) return "";
		if (cell.getType() != CellType.NUMBER && !(cell.getValue() instanceof BigDecimal)) return cell.getText().strip();
		final BigDecimal number = cell.asNumber().stripTrailingZeros();
		return number.toPlainString();
	}
}
