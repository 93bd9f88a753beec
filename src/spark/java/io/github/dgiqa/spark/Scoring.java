package io.github.dgiqa.spark;

import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.batch.Batch;
import io.github.dgiqa.batch.Reading;
import io.github.dgiqa.engine.TorchEngine;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;

import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;

/**
 * One task: from rows of {@link Met}, sorted by path, to {@link Rows}. None of them is given on before all are known, so
 * what fails leaves nothing behind.
 */
final class Scoring implements MapPartitionsFunction<Row, Row> {

	private static final long serialVersionUID = 1L;
	/** Rows. */
	private static final int TRIM_EVERY = 8;

	/** Is told of each row in the task; what it throws ends the task. */
	interface Watch extends Serializable {

		void row(String path);
	}

	private final Recipe recipe;
	private final Places places;
	private final LongAccumulator scored;
	private final Watch watch;

	Scoring(final Recipe recipe, final Places places, final LongAccumulator scored, final Watch watch) {
		this.recipe = recipe;
		this.places = places;
		this.scored = scored;
		this.watch = watch;
	}

	@Override
	public Iterator<Row> call(final Iterator<Row> rows) throws IOException {
		final List<Row> files = distinct(rows);
		final List<Row> results = new ArrayList<>();
		if (files.isEmpty()) return results.iterator();
		final TaskContext task = TaskContext.get();
		final Assessor assessor = Engines.of(recipe);
		try (Fetching fetching = new Fetching(files, places); Reading reading = Reading.of(fetching.inputs(), fetching::open)) {
			Batch.run(reading, assessor, new Batch.Plan(null, 0, assessor.sampling(), () -> goOn(task)), (row, small, done, expected) -> {
				results.add(Rows.of(row));
				if (done % TRIM_EVERY == 0) TorchEngine.releaseFreed();
				watch.row(row.path());
			});
		}
		scored.add(files.size());
		return results.iterator();
	}

	/** A path that was named twice is there twice, one after the other. */
	private static List<Row> distinct(final Iterator<Row> rows) {
		final List<Row> distinct = new ArrayList<>();
		String last = null;
		while (rows.hasNext()) {
			final Row row = rows.next();
			final String path = row.getAs(Met.PATH);
			if (!path.equals(last)) distinct.add(row);
			last = path;
		}
		return distinct;
	}

	private static void goOn(final TaskContext task) {
		if (task.isInterrupted()) throw new CancellationException("the task was killed");
	}
}
