package io.github.dgiqa.display;

import io.github.dgiqa.assess.Assessment;

import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Rows as CSV, each written and flushed as soon as it is known; decimal points whatever the locale. */
public final class CsvTable implements Closeable {

	private static final String[] COLUMNS = {"path", "slice", "score", "crop_sd", "crop_min", "crop_max", "crops", "sampling", "seed", "model", "depth_model", "device", "width", "height", "seconds",
		"notes", "error"};
	private static final int SCORES = 5;

	/** How rows are written. */
	public static final CSVFormat FORMAT = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').build();

	private final CSVPrinter printer;

	private CsvTable(final CSVPrinter printer) {
		this.printer = printer;
	}

	/** Writes the line of column names. */
	public CsvTable(final Writer to) throws IOException {
		this(new CSVPrinter(to, FORMAT.builder().setHeader(COLUMNS).build()));
		printer.flush();
	}

	/** For further rows, where the line of column names is there already. */
	public static CsvTable continued(final Writer to) throws IOException {
		return new CsvTable(new CSVPrinter(to, FORMAT));
	}

	/** The names of the columns, in their order. */
	public static List<String> columns() {
		return List.of(COLUMNS);
	}

	/** Writes a row. */
	public synchronized void write(final ResultRow row) throws IOException {
		printer.printRecord(cells(row));
		printer.flush();
	}

	/** What a row has in each column. */
	public static List<String> cells(final ResultRow row) {
		final List<String> cells = new ArrayList<>(List.of(row.path(), Integer.toString(row.slice())));
		cells.addAll(row.assessment().map(CsvTable::scores).orElse(Collections.nCopies(SCORES, "")));
		final ResultRow.Run run = row.run();
		Collections.addAll(cells, run.sampling(), run.seed(), run.model(), run.depthModel(), row.device());
		Collections.addAll(cells, row.size().map(size -> "" + size.width()).orElse(""), row.size().map(size -> "" + size.height()).orElse(""));
		cells.add(row.assessment().map(a -> String.format(Locale.ROOT, "%.3f", a.seconds())).orElse(""));
		cells.add(row.assessment().map(a -> String.join("; ", a.notes())).orElse(""));
		cells.add(row.error());
		return cells;
	}

	private static List<String> scores(final Assessment a) {
		return List.of(decimal(a.score()), Double.isNaN(a.spread().deviation()) ? "" : decimal(a.spread().deviation()), decimal(a.spread().min()), decimal(a.spread().max()), Integer.toString(a.crops().size()));
	}

	private static String decimal(final double value) {
		return String.format(Locale.ROOT, "%.8f", value);
	}

	@Override
	public void close() throws IOException {
		printer.close();
	}
}
