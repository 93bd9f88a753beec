package io.github.dgiqa.cli;

import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.spark.ScoringJob;
import io.github.dgiqa.spark.Shipment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code assess} on Spark: images of any Hadoop file system, rows as Parquet and CSV. */
@Command(name = "dgiqa-spark", description = "Scores the images of any Hadoop file system on Spark; writes Parquet and CSV.", mixinStandardHelpOptions = true, versionProvider = Cli.VersionText.class, sortOptions = false,
	exitCodeListHeading = "%nExit status:%n",
	exitCodeList = {"0:all images were scored", "1:some images, or all, could not be scored", "2:wrong usage, or no image found", "3:model, weights or engine cannot be used"})
final class SparkCommand implements Callable<Integer> {

	private static final String MASTER = "spark.master";
	/** All cores of this machine; a task may fail three times. */
	private static final String THIS_MACHINE = "local[*,4]";
	private static final String LOOPBACK = "127.0.0.1";

	@Spec
	private CommandSpec spec;

	@Parameters(paramLabel = "PATH", arity = "0..*", description = "an image, a stack, a folder with images, or a pattern of Hadoop's with *, ?, [a-z] and {a,b}; file:, hdfs:, s3a: ...")
	private List<String> paths = List.of();

	@Option(names = "--list", paramLabel = "FILE", description = "a file with PATHs, one a line, in UTF-8")
	private String list;

	@Option(names = "--recursive", description = "of a folder also the images in its folders")
	private boolean recursive;

	@Option(names = "--parquet", paramLabel = "FOLDER", required = true, description = "where the rows go")
	private String parquet;

	@Option(names = "--csv", paramLabel = "FOLDER", description = "where they go as CSV too, sorted by path, a million to a file")
	private String csv;

	@Option(names = "--overwrite", description = "replaces the rows of an earlier run in these folders")
	private boolean overwrite;

	@Option(names = "--per-task", paramLabel = "N", description = "about how many images a task has, at most (default: ${DEFAULT-VALUE})", defaultValue = "1000")
	private int perTask;

	@Mixin
	private ModelOptions models;

	@Mixin
	private ComputeOptions compute;

	private final Console console;

	SparkCommand(final Console console) {
		this.console = console;
	}

	@Override
	public Integer call() throws IOException {
		check();
		final ModelOptions.Pair pair = models.pair(models.quality(), compute);
		pair.quality().verify();
		pair.depth().verify();
		final ScoringJob.Summary summary;
		try (Shipment shipment = Shipment.of(pair.quality(), pair.depth()); SparkSession spark = session(shipment)) {
			summary = ScoringJob.run(spark, new ScoringJob.Images(paths, list, recursive, perTask), new ScoringJob.Output(parquet, csv, overwrite), shipment, pair.settings(), this::show);
		}
		catch (final ScoringJob.Misuse e) {
			throw usage(e.getMessage());
		}
		summary.leftOut().sentences().forEach(console.err()::println);
		if (summary.rows() == 0) {
			console.err().println(nothingFound());
			return ExitStatus.USAGE;
		}
		console.err().println(summary.rows() + " rows are in " + parquet + (csv == null ? "." : " and " + csv + "."));
		if (summary.failed() > 0) console.err().println(summary.failed() + " of " + summary.rows() + " could not be scored; the column 'error' says why.");
		return summary.failed() > 0 || summary.leftOut().isIncomplete() ? ExitStatus.FAILED : ExitStatus.OK;
	}

	private void show(final long done, final long images) {
		console.err().println(done + " of " + images + " images");
	}

	private void check() {
		if (paths.isEmpty() && list == null) throw usage("Missing required parameter: 'PATH', or --list FILE");
		if (perTask < 1) throw usage("--per-task must be at least 1, not " + perTask + ".");
		paths.stream().filter(path -> path.contains("**")).findFirst().ifPresent(path -> {
			throw usage(path + ": Hadoop's patterns know no **; name the folder, and add --recursive.");
		});
	}

	private String nothingFound() {
		final List<String> places = new ArrayList<>(paths);
		if (list != null) places.add(list);
		return Inputs.nothingIn(places, recursive ? "" : ", without the folders in it (--recursive)");
	}

	/** What spark-submit says, or this machine alone. */
	private static SparkSession session(final Shipment shipment) {
		final SparkConf conf = new SparkConf().setAppName("DGIQA");
		conf.setIfMissing("spark.log.level", "WARN");
		conf.setIfMissing("spark.sql.debug.maxToStringFields", "100"); // it warns of plans with more columns than 25
		if (!conf.contains(MASTER)) {
			conf.setMaster(THIS_MACHINE);
			// nobody else is to reach it
			conf.setIfMissing("spark.driver.bindAddress", LOOPBACK);
			conf.setIfMissing("spark.driver.host", LOOPBACK);
			conf.setIfMissing("spark.ui.enabled", "false");
		}
		shipment.into(conf);
		return SparkSession.builder().config(conf).getOrCreate();
	}

	private ParameterException usage(final String sentence) {
		return new ParameterException(spec.commandLine(), sentence);
	}
}
