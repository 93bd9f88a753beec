package io.github.dgiqa.spark;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.batch.LeftOut;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;

import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.util.LongAccumulator;

/** Scores the images of any Hadoop file system on Spark's executors. */
public final class ScoringJob {

	/** Rows of a file of CSV. */
	private static final long CSV_ROWS = 1_000_000;
	private static final String EXECUTOR_CORES = "spark.executor.cores";

	/**
	 * What to score.
	 *
	 * @param paths files, folders and Hadoop's patterns
	 * @param list a file with PATHs, one a line; null for none
	 * @param recursive whether a folder's folders count
	 * @param perTask about how many images a task has, at most
	 */
	public record Images(List<String> paths, String list, boolean recursive, int perTask) {}

	/**
	 * Where the rows go.
	 *
	 * @param parquet a folder
	 * @param csv a folder; null for none
	 * @param overwrite whether the rows of an earlier run go
	 */
	public record Output(String parquet, String csv, boolean overwrite) {}

	/** What came of it. @param rows 0 where no image was found, and nothing was written */
	public record Summary(long rows, long failed, LeftOut leftOut) {}

	/** Who wants to know how far it is; called in a thread of Spark's. */
	public interface Progress {

		/** @param done images of tasks that have ended */
		void done(long done, long images);
	}

	/** What was asked for cannot be, and nothing was done. */
	public static final class Misuse extends DgiqaException {

		private static final long serialVersionUID = 1L;

		Misuse(final String message) {
			super(message);
		}
	}

	private final SparkSession spark;
	private final Places places;
	private final Progress progress;
	private final Scoring.Watch watch;

	private ScoringJob(final SparkSession spark, final Progress progress, final Scoring.Watch watch) throws IOException {
		this.spark = spark;
		places = Places.of(spark.sparkContext().hadoopConfiguration());
		this.progress = progress;
		this.watch = watch;
	}

	/**
	 * Runs it.
	 *
	 * @param models which Spark was told of before it started
	 * @param settings whose sampling is given; whose models and weights are not looked at
	 * @throws Misuse where an output is in the way, or the list is not there
	 * @throws DgiqaException where a model cannot be used, or tasks fail again and again
	 */
	public static Summary run(final SparkSession spark, final Images images, final Output output, final Shipment models, final Assessor.Settings settings, final Progress progress) throws IOException {
		return run(spark, images, output, models, settings, progress, path -> {});
	}

	/** As {@link #run}. @param watch goes to every task */
	static Summary run(final SparkSession spark, final Images images, final Output output, final Shipment models, final Assessor.Settings settings, final Progress progress, final Scoring.Watch watch) throws IOException {
		final ScoringJob job = new ScoringJob(spark, progress, watch);
		job.check(images, output);
		try (Found found = Found.by(spark, job.places, images.paths, images.list, images.recursive)) {
			final SparkContext context = spark.sparkContext();
			final Recipe recipe = Recipe.of(models.quality(), models.depth(), settings, threads(context, settings));
			return job.score(found, recipe, images.perTask, output);
		}
		catch (final Exception e) {
			throw told(e);
		}
	}

	/** All cores of an executor, unless the user says otherwise: its tasks take turns in one engine. */
	private static int threads(final SparkContext context, final Assessor.Settings settings) {
		if (settings.threads() > 0) return settings.threads();
		return context.isLocal() ? context.defaultParallelism() : context.conf().getInt(EXECUTOR_CORES, 0);
	}

	/** Errors of tasks come wrapped several times. */
	private static DgiqaException told(final Exception error) {
		Throwable cause = error;
		for (Throwable e = error; e != null; e = e.getCause()) {
			if (e instanceof DgiqaException) return (DgiqaException) e;
			cause = e;
		}
		final String first = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
		return new DgiqaException("The job has failed: " + cause.getClass().getSimpleName() + ": " + first, error);
	}

	// -- places --

	private void check(final Images images, final Output output) throws IOException {
		if (images.list != null) checkList(images.list);
		checkOutput("--parquet", output.parquet, output.overwrite);
		if (output.csv == null) return;
		checkOutput("--csv", output.csv, output.overwrite);
		final String parquet = folder(output.parquet);
		final String csv = folder(output.csv);
		if (csv.startsWith(parquet) || parquet.startsWith(csv)) throw new Misuse("--csv " + output.csv + " and --parquet " + output.parquet + " lie in each other: name two folders beside each other.");
	}

	private String folder(final String written) {
		return places.path(written) + "/";
	}

	private void checkList(final String list) throws IOException {
		try {
			if (places.status(list).isFile()) return;
		}
		catch (final FileNotFoundException e) {
			throw new Misuse("--list " + list + " cannot be read: there is no such file.");
		}
		throw new Misuse("--list " + list + " is a folder; the name of a file is needed.");
	}

	/** Refuses a folder that holds anything, or, where rows may go, anything else than rows. */
	private void checkOutput(final String option, final String written, final boolean overwrite) throws IOException {
		final org.apache.hadoop.fs.Path path = places.path(written);
		final FileStatus[] there;
		try {
			if (places.status(written).isFile()) throw new Misuse(option + " " + written + " is a file; the name of a folder is needed.");
			there = places.system(path).listStatus(path);
		}
		catch (final FileNotFoundException e) {
			return;
		}
		if (there.length > 0 && !overwrite) throw new Misuse(option + " " + written + " exists already: name another folder, or add --overwrite to replace its rows.");
		for (final FileStatus file : there)
			if (!isOfRows(file.getPath().getName())) throw new Misuse(option + " " + written + " holds other files than rows (" + file.getPath().getName() + "), and is not replaced: name another folder.");
	}

	/** Names that Spark gives. */
	private static boolean isOfRows(final String name) {
		return name.matches("\\.?(part-\\d{5,}-.*\\.(parquet|csv)|_SUCCESS)(\\.crc)?|_temporary");
	}

	// -- work --

	private Summary score(final Found found, final Recipe recipe, final int perTask, final Output output) {
		final Dataset<Row> files = found.files();
		final long count = files.count();
		if (count == 0) return new Summary(0, 0, found.leftOut());
		final LongAccumulator scored = spark.sparkContext().longAccumulator("images scored");
		spark.sparkContext().addSparkListener(new Counter(scored, count, progress));
		// same paths come to the same task
		final Dataset<Row> sorted = files.repartitionByRange(tasks(count, perTask), functions.col(Met.PATH)).sortWithinPartitions(Met.PATH);
		sorted.mapPartitions(new Scoring(recipe, places, scored, watch), Encoders.row(Rows.SCHEMA)).write().mode(SaveMode.Overwrite).parquet(places.path(output.parquet).toString());
		final Dataset<Row> rows = spark.read().schema(Rows.SCHEMA).parquet(places.path(output.parquet).toString());
		final long written = rows.count();
		if (output.csv != null) writeCsv(rows, written, places.path(output.csv).toString());
		return new Summary(written, rows.filter(functions.col(Rows.ERROR).notEqual("")).count(), found.leftOut());
	}

	/** Of few images so many that nobody is idle. */
	private int tasks(final long images, final int perTask) {
		return (int) Math.max((images + perTask - 1) / perTask, Math.min(images, spark.sparkContext().defaultParallelism()));
	}

	/** From the Parquet, so that nothing is scored twice. */
	private static void writeCsv(final Dataset<Row> rows, final long count, final String folder) {
		final int files = (int) ((count + CSV_ROWS - 1) / CSV_ROWS);
		final Dataset<Row> sorted = rows.repartitionByRange(files, functions.col(Rows.PATH), functions.col(Rows.SLICE)).sortWithinPartitions(Rows.PATH, Rows.SLICE);
		Rows.text(sorted).write().mode(SaveMode.Overwrite).option("header", true).option("emptyValue", "").option("escape", "\"").option("ignoreLeadingWhiteSpace", false).option("ignoreTrailingWhiteSpace", false).csv(folder);
	}
}
