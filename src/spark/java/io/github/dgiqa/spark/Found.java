package io.github.dgiqa.spark;

import io.github.dgiqa.batch.LeftOut;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * The files that the user means, listed by the executors: all folders of one depth at a time, each by one task, so that
 * neither the driver nor a single task sees them all. The lists lie on the executors' disks until this is closed.
 */
final class Found implements Closeable {

	private static final int FOLDERS_PER_TASK = 100;

	private final SparkSession spark;
	private final Places places;
	private final boolean recursive;
	private final List<Dataset<Row>> levels = new ArrayList<>();

	private Found(final SparkSession spark, final Places places, final boolean recursive) {
		this.spark = spark;
		this.places = places;
		this.recursive = recursive;
	}

	/**
	 * Looks for them.
	 *
	 * @param list a file with PATHs; null for none
	 * @param recursive whether a folder's folders count
	 */
	static Found by(final SparkSession spark, final Places places, final List<String> paths, final String list, final boolean recursive) {
		final Found found = new Found(spark, places, recursive);
		Dataset<Row> level = spark.createDataset(paths, Encoders.STRING()).flatMap(new Lookup(places, true), Encoders.row(Met.SCHEMA));
		if (list != null) level = level.union(spark.read().textFile(places.path(list).toString()).flatMap(new Lookup(places, false), Encoders.row(Met.SCHEMA)));
		found.add(level);
		return found;
	}

	private void add(final Dataset<Row> first) {
		Dataset<Row> level = first;
		for (long folders = keep(level); folders > 0; folders = keep(level)) {
			final long tasks = Math.max(Math.min(folders, spark.sparkContext().defaultParallelism()), folders / FOLDERS_PER_TASK);
			level = level.filter(Met.FOLDER.is()).repartition((int) tasks).flatMap(new Walk(places, recursive, level == first), Encoders.row(Met.SCHEMA));
		}
	}

	/** Returns how many folders it has. */
	private long keep(final Dataset<Row> level) {
		levels.add(level.persist(StorageLevel.DISK_ONLY()));
		return level.filter(Met.FOLDER.is()).count();
	}

	private Dataset<Row> all() {
		return levels.stream().reduce(Dataset::union).orElseThrow();
	}

	/** In no order; a file that was named twice is there twice. */
	Dataset<Row> files() {
		return all().filter(Met.FILE.is());
	}

	LeftOut leftOut() {
		final LeftOut leftOut = new LeftOut();
		final Dataset<Row> others = all().filter(functions.not(Met.FILE.is().or(Met.FOLDER.is())));
		for (final Row kind : others.groupBy(Met.KIND).agg(functions.min(Met.PATH), functions.count("*")).collectAsList())
			leftOut.add(LeftOut.Reason.valueOf(kind.getString(0)), kind.getString(1), kind.getLong(2));
		return leftOut;
	}

	@Override
	public void close() {
		levels.forEach(Dataset::unpersist);
	}
}
