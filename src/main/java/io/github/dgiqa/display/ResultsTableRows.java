package io.github.dgiqa.display;

import ij.measure.ResultsTable;
import ij.plugin.filter.Analyzer;

import io.github.dgiqa.assess.Assessment;
import io.github.dgiqa.image.Sampling;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rows in ImageJ's table "Results". Rows and columns that are there stay as they are; numbers are shown with four digits
 * and kept whole.
 */
public final class ResultsTableRows {

	private static final int DIGITS = 4;
	private static final long PAUSE = 500_000_000;

	private static final List<String> NUMBERS = List.of("Score", "SD", "Min", "Max", "Seconds");

	private final ResultsTable table = ResultsTable.getResultsTable();
	private final Set<String> usersColumns = usersColumns();
	private long shown = System.nanoTime();
	private boolean pending;

	/** Adds the row of an image or slice that was assessed. */
	public void add(final Place place, final Assessment assessment) {
		start(place);
		number("Score", assessment.score());
		number("SD", assessment.spread().deviation());
		number("Min", assessment.spread().min());
		number("Max", assessment.spread().max());
		put("Crops", assessment.crops().size());
		put("Model", assessment.model());
		put("Depth model", assessment.depthModel());
		final boolean random = assessment.sampling() instanceof Sampling.Random;
		put("Sampling", random ? "random" : "grid");
		if (random) put("Seed", ((Sampling.Random) assessment.sampling()).seed());
		else put("Seed", "");
		put("Device", assessment.device());
		number("Seconds", assessment.seconds());
		put("Notes", String.join("; ", assessment.notes()));
		put("Error", "");
		finish();
	}

	/** Adds the row of an image or slice that could not be assessed. @param error one sentence */
	public void add(final Place place, final String error) {
		start(place);
		for (final String column : new String[] {"Score", "SD", "Min", "Max"})
			number(column, Double.NaN);
		for (final String column : new String[] {"Crops", "Model", "Depth model", "Sampling", "Seed", "Device"})
			put(column, "");
		number("Seconds", Double.NaN);
		put("Notes", "");
		put("Error", error);
		finish();
	}

	/** Columns of ours in which the user has numbers too, such as Min of Measure: they are shown as the user wants. */
	private Set<String> usersColumns() {
		final Set<String> found = new HashSet<>();
		for (final String column : NUMBERS)
			for (int row = 0; row < table.size() && table.columnExists(column); row++)
				if (isNumber(column, row) && !isNumber("Score", row)) found.add(column);
		return found;
	}

	private boolean isNumber(final String column, final int row) {
		return table.columnExists(column) && !Double.isNaN(table.getValue(column, row));
	}

	private void start(final Place place) {
		table.incrementCounter();
		for (int column = 0; column <= table.getLastColumn(); column++)
			if (table.columnExists(column)) clear(table.getColumnHeading(column));
		table.addLabel(place.label());
		put("Slice", place.slice());
		dimension("C", place.channel());
		dimension("Z", place.z());
		dimension("T", place.frame());
	}

	/** What a column of the user's has in this row: no zero, but no number or no text. */
	private void clear(final String column) {
		final boolean text = Double.isNaN(table.getValue(column, 0)) && !"NaN".equals(table.getStringValue(column, 0));
		if (text) table.setValue(column, table.size() - 1, "");
		else table.setValue(column, table.size() - 1, Double.NaN);
	}

	private void dimension(final String column, final int value) {
		if (value > 0) put(column, value);
		else if (table.columnExists(column)) put(column, "");
	}

	private void number(final String column, final double value) {
		create(column);
		table.addValue(column, value);
		if (!usersColumns.contains(column)) table.setDecimalPlaces(table.getColumnIndex(column), DIGITS);
	}

	private void put(final String column, final double value) {
		create(column);
		table.addValue(column, value);
	}

	private void put(final String column, final String text) {
		create(column);
		table.addValue(column, text);
	}

	/** A new column is empty in the rows before; ImageJ would fill it with zeros. */
	private void create(final String column) {
		if (table.columnExists(column)) return;
		for (int row = 0; row < table.size(); row++)
			table.setValue(column, row, "");
	}

	private void finish() {
		Analyzer.setUnsavedMeasurements(true);
		pending = true;
		if (System.nanoTime() - shown > PAUSE) show();
	}

	/** Shows the rows so far; headless they are there for macros. */
	public void show() {
		if (!pending) return;
		pending = false;
		table.show("Results");
		shown = System.nanoTime();
	}
}
