package io.github.dgiqa.batch;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.display.ResultRow;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.report.Report;

import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;

/** Where what is found goes: rows and, where it is wanted, a report. A report that cannot be written is given up; the rows go on. */
public final class Results implements Closeable {

	/** Something that writes to the report. */
	private interface Step {

		void run(Report report) throws IOException;
	}

	private final RowSink rows;
	private final Consumer<String> say;
	/** Null where none is wanted, or it was given up. */
	private Report report;
	private boolean lost;

	/**
	 * @param report closed with this; null for none
	 * @param say where the user is told that the report was given up
	 */
	public Results(final RowSink rows, final Report report, final Consumer<String> say) {
		this.rows = rows;
		this.report = report;
		this.say = say;
	}

	/** For {@link Batch.Plan#small}. */
	public int small() {
		return report == null ? 0 : Report.LONGEST;
	}

	/**
	 * Writes a row.
	 *
	 * @param small its picture for the report; null for none
	 * @throws IOException where the row cannot be written; the report does not matter
	 */
	public void row(final ResultRow row, final Picture small) throws IOException {
		rows.write(row);
		report(to -> to.add(row, small));
	}

	/** As {@link RowSink#done}. */
	public void file(final Inputs.Input input, final FileState state) throws IOException {
		rows.done(input, state);
	}

	/** Adds the rows of earlier runs to the report. */
	void addEarlier(final ResumableRows earlier) {
		report(to -> earlier.forEach(to::addEarlier));
	}

	/** Notes in the report that all is done. */
	public void finish() {
		report(Report::finish);
	}

	/** Whether the report was given up. */
	public boolean isReportLost() {
		return lost;
	}

	private void report(final Step step) {
		if (report == null) return;
		try {
			step.run(report);
		}
		catch (IOException | RuntimeException | OutOfMemoryError e) {
			say.accept("The report is given up, and the rows go on: it cannot be written: " + DgiqaException.sentence(e) + ".");
			lost = true;
			close();
		}
	}

	@Override
	public void close() {
		try (Report closed = report) {
			report = null;
		}
		catch (final IOException e) {
			// what was written is there
		}
	}
}
