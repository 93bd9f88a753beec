package io.github.dgiqa.cli;

import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.batch.Batch;
import io.github.dgiqa.batch.FileState;
import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.batch.Listing;
import io.github.dgiqa.batch.Provenance;
import io.github.dgiqa.batch.Reading;
import io.github.dgiqa.batch.ResumableRows;
import io.github.dgiqa.batch.RowSink;
import io.github.dgiqa.batch.Shard;
import io.github.dgiqa.display.CsvTable;
import io.github.dgiqa.display.ResultRow;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Sampling;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.locks.Lock;
import java.util.stream.IntStream;

/**
 * Assesses files for {@code assess}: all of them, or those that have no rows yet.
 *
 * @param shard which part of the files; null for all
 * @param maps folder for map images, which exists; null for none
 */
record AssessRun(Console console, Listing files, Shard shard, ModelOptions.Pair models, Path maps) {

	/** Bytes of Java's heap; the work on a photograph needs half of it. */
	private static final long SMALL_HEAP = 96 << 20;
	/** Bytes of Java's heap for a file in the list, with the room that a collection leaves beside what is used. */
	private static final long HEAP_PER_FILE = 400;
	/** Rows. */
	private static final int TRIM_EVERY = 8;

	/** Assesses all files. Returns how many rows have errors. */
	int once(final RowOptions rows) throws IOException {
		final int[] which = shard == null ? IntStream.range(0, files.size()).toArray() : shard.of(files.distinct());
		// an older file goes when the models are loaded
		try (Reading reading = read(which); Assessor assessor = open(); CsvTable table = rows.table(console)) {
			return run(reading, assessor, table::write);
		}
	}

	/** Assesses the files that have no rows. Returns how many rows have errors, or had already. */
	int resumable(final RowOptions rows) {
		final int[] all = files.distinct();
		final int[] which = shard == null ? all : shard.of(all);
		try (ResumableRows kept = rows.resumable(provenance())) {
			final ResumableRows.Selection selection = kept.select(files, which, rows.retry());
			final int before = which.length - selection.open().length;
			if (before > 0) console.err().println(before + " of " + which.length + " files have their rows already" + (selection.failed() > 0 ? ", " + selection.failed() + " of them with an error (--retry tries those again)." : "."));
			final int failed = before == which.length ? 0 : rest(selection.open(), kept);
			kept.finish(files, which, all.length);
			return failed + selection.failed();
		}
		catch (final IOException e) {
			throw RowOptions.unwritable(e);
		}
	}

	private Provenance provenance() {
		final Assessor.Settings settings = models.settings();
		final Sampling.Random random = settings.sampling() instanceof Sampling.Random ? (Sampling.Random) settings.sampling() : null;
		return new Provenance(models.quality().name(), models.quality().sha256(), models.depth().name(), models.depth().sha256(), random == null ? "grid" : "random", random == null ? null : random.crops(), random == null ? null : random.seed(),
			settings.precision().name().toLowerCase(Locale.ROOT), shard == null ? null : shard.toString());
	}

	private int rest(final int[] open, final RowSink to) throws IOException {
		try (Reading reading = read(open); Assessor assessor = open()) {
			return run(reading, assessor, to);
		}
	}

	private Reading read(final int[] which) {
		return Reading.of(files.inputs(which, maps != null), ImageFile::open);
	}

	private Assessor open() {
		return Assessor.open(models.quality(), models.depth(), models.settings());
	}

	/** Returns how many rows have errors. */
	private int run(final Reading reading, final Assessor assessor, final RowSink to) throws IOException {
		console.err().println(assessor.modelName() + " with " + assessor.depthModelName() + ", " + assessor.engineDescription());
		final Progress progress = new Progress(console.err());
		final Batch.Summary summary;
		try (Stop stop = new Stop(console, "Cancelled; the rows so far are kept.")) {
			summary = Batch.run(reading, assessor, maps, new Batch.Listener() {

				@Override
				public void row(final ResultRow row, final int done, final int expected) {
					write(() -> to.write(row), stop.writing());
					progress.show(done, expected, assessor.deviceName());
					tidy(done);
				}

				@Override
				public void file(final Inputs.Input input, final FileState state) {
					write(() -> to.done(input, state), stop.writing());
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

	/** Keeps the process as small as its work is: left alone, both heaps grow towards their limits. */
	private void tidy(final int rows) {
		// a full collection is what makes Java give memory back
		if (Runtime.getRuntime().totalMemory() > SMALL_HEAP + files.size() * HEAP_PER_FILE) System.gc();
		if (rows % TRIM_EVERY == 0) TorchEngine.releaseFreed();
	}
}
