package io.github.dgiqa.batch;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.display.Provenance;
import io.github.dgiqa.report.Report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A run over a list that goes on where an earlier one ended. */
public final class Resuming {

	/**
	 * What is to be done.
	 *
	 * @param shard which part of the files; null for all
	 * @param csv for the rows
	 * @param anew whether rows that are there go, and a report
	 * @param retry whether files that failed are tried again
	 * @param report folder for a report; null for none
	 */
	public record Plan(Listing files, Shard shard, Path csv, boolean anew, boolean retry, Path report) {}

	/** Does what is left. */
	public interface Rest {

		/**
		 * Assesses files.
		 *
		 * @param open their numbers in the list, at least one
		 * @return how many rows have errors
		 * @throws IOException where a row cannot be written
		 */
		int run(int[] open, Results to) throws IOException;
	}

	/**
	 * What came of it.
	 *
	 * @param failed rows with an error, of this run and of earlier ones
	 * @param reportLost whether the report was given up
	 */
	public record Summary(int failed, boolean reportLost) {}

	private Resuming() {}

	/**
	 * Does what has no rows yet.
	 *
	 * @param say where the user is told about what is there already, and about the report
	 * @param advice the end of a sentence about files that failed: how they are tried again
	 * @throws DgiqaException where what is there cannot be gone on with
	 * @throws IOException where the rows cannot be written
	 */
	public static Summary run(final Plan plan, final Provenance provenance, final Consumer<String> say, final String advice, final Rest rest) throws IOException {
		final int[] all = plan.files.distinct();
		final int[] which = plan.shard == null ? all : plan.shard.of(all);
		try (ResumableRows rows = ResumableRows.open(plan.csv, provenance, plan.anew)) {
			final ResumableRows.Selection selection = rows.select(plan.files, which, plan.retry);
			final int[] open = selection.open();
			final int before = which.length - open.length;
			if (before > 0) say.accept(before + " of " + which.length + " files have their rows already" + (selection.failed() > 0 ? ", " + selection.failed() + " of them with an error" : "") + (selection.failed() > 0 ? advice : "") + ".");
			try (Results results = new Results(rows, report(plan, provenance, which.length, rows), say)) {
				results.addEarlier(rows);
				final int failed = open.length == 0 ? 0 : rest.run(open, results);
				rows.finish(plan.files, which, all.length);
				results.finish();
				return new Summary(failed + selection.failed(), results.isReportLost());
			}
		}
	}

	/** Null where none is wanted. */
	private static Report report(final Plan plan, final Provenance provenance, final int files, final ResumableRows rows) throws IOException {
		if (plan.report == null) return null;
		if (plan.anew) return Report.begin(plan.report, provenance, files);
		final Report.Earlier earlier = new Report.Earlier();
		rows.forEach(earlier::add);
		return Report.goOn(plan.report, provenance, files, earlier);
	}
}
