package io.github.dgiqa.cli;

import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.batch.Batch;
import io.github.dgiqa.batch.FileState;
import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.batch.Listing;
import io.github.dgiqa.batch.Reading;
import io.github.dgiqa.batch.Results;
import io.github.dgiqa.batch.Resuming;
import io.github.dgiqa.batch.Shard;
import io.github.dgiqa.display.CsvTable;
import io.github.dgiqa.display.Provenance;
import io.github.dgiqa.display.ResultRow;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.report.Report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.Lock;
import java.util.stream.IntStream;

/**
 * Assesses files for {@code assess}: all of them, or those that have no rows yet.
 *
 * @param shard which part of the files; null for all
 * @param maps folder for map images, which exists; null for none
 * @param report folder for a report; null for none
 */
record AssessRun(Console console, Listing files, Shard shard, ModelOptions.Pair models, Path maps, Path report) {

	/** Bytes of Java's heap; the work on a photograph needs half of it. */
	private static final long SMALL_HEAP = 96 << 20;
	/** Bytes in use of Java's heap, of which an image of 16 megapixels and its file take the half. */
	private static final long LARGE_HEAP = 256 << 20;
	/** Bytes of Java's heap for a file in the list, with the room that a collection leaves beside what is used. */
	private static final long HEAP_PER_FILE = 400;
	/** Rows. */
	private static final int TRIM_EVERY = 8;

	/** Assesses all files. */
	Resuming.Summary once(final RowOptions rows) throws IOException {
		final int[] which = shard == null ? IntStream.range(0, files.size()).toArray() : shard.of(files.distinct());
		// what is there goes when the models are loaded, the rows last
		try (Reading reading = read(which);
			Assessor assessor = open();
			Report page = report == null ? null : Report.begin(report, provenance(), which.length);
			CsvTable table = rows.table(console);
			Results results = new Results(table::write, page, console.err()::println)) {
			final int failed = run(reading, assessor, results);
			results.finish();
			return new Resuming.Summary(failed, results.isReportLost());
		}
	}

	/** Assesses the files that have no rows. */
	Resuming.Summary resumable(final RowOptions rows) {
		final Resuming.Plan plan = rows.resuming(files, shard, report);
		if (!plan.anew()) return resumable(plan, this::rest);
		// what is there goes when the models are loaded
		try (Assessor assessor = open()) {
			return resumable(plan, (open, to) -> rest(open, to, assessor));
		}
	}

	private Resuming.Summary resumable(final Resuming.Plan plan, final Resuming.Rest rest) {
		try {
			return Resuming.run(plan, provenance(), console.err()::println, " (--retry tries those again)", rest);
		}
		catch (final IOException e) {
			throw RowOptions.unwritable(e);
		}
	}

	private Provenance provenance() {
		final Assessor.Settings settings = models.settings();
		return Provenance.of(models.quality(), models.depth(), settings.sampling(), settings.precision(), shard == null ? null : shard.toString());
	}

	private int rest(final int[] open, final Results to) throws IOException {
		try (Assessor assessor = open()) {
			return rest(open, to, assessor);
		}
	}

	private int rest(final int[] open, final Results to, final Assessor assessor) throws IOException {
		try (Reading reading = read(open)) {
			return run(reading, assessor, to);
		}
	}

	private Reading read(final int[] which) {
		return Reading.of(files.inputs(which, maps != null), AssessRun::opened);
	}

	private Assessor open() {
		return Assessor.open(models.quality(), models.depth(), models.settings());
	}

	/** Returns how many rows have errors. */
	private int run(final Reading reading, final Assessor assessor, final Results to) throws IOException {
		console.err().println(assessor.modelName() + " with " + assessor.depthModelName() + ", " + assessor.engineDescription());
		final Progress progress = new Progress(console.err());
		final Batch.Summary summary;
		try (Stop stop = new Stop(console, "Cancelled; the rows so far are kept.")) {
			summary = Batch.run(reading, assessor, new Batch.Plan(maps, to.small(), assessor.sampling(), () -> {}), new Batch.Listener() {

				@Override
				public void row(final ResultRow row, final Picture small, final int done, final int expected) {
					write(() -> to.row(row, small), stop.writing());
					progress.show(done, expected, assessor.deviceName());
					tidy(done);
				}

				@Override
				public void file(final Inputs.Input input, final FileState state) {
					write(() -> to.file(input, state), stop.writing());
				}
			});
		}
		if (summary.failed() > 0) console.err().println(summary.failed() + " of " + summary.rows() + " could not be scored; the column 'error' says why.");
		return summary.failed();
	}

	/** Something that writes. */
	private interface Step {

		void run() throws IOException;
	}

	private static void write(final Step step, final Lock writing) {
		writing.lock();
		try {
			step.run();
		}
		catch (final IOException e) {
			throw RowOptions.unwritable(e);
		}
		finally {
			writing.unlock();
		}
	}

	/** Opens a file; what a large one leaves behind goes before its picture is made. */
	private static ImageFile opened(final Path file) {
		final ImageFile opened = ImageFile.open(file);
		final Runtime java = Runtime.getRuntime();
		if (java.totalMemory() - java.freeMemory() > LARGE_HEAP) System.gc();
		return opened;
	}

	/** Keeps the process as small as its work is: left alone, both heaps grow towards their limits. */
	private void tidy(final int rows) {
		// a full collection is what makes Java give memory back
		if (Runtime.getRuntime().totalMemory() > SMALL_HEAP + files.size() * HEAP_PER_FILE) System.gc();
		if (rows % TRIM_EVERY == 0) TorchEngine.releaseFreed();
	}
}
