package io.github.dgiqa.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.batch.Batch;
import io.github.dgiqa.batch.Listing;
import io.github.dgiqa.batch.Reading;
import io.github.dgiqa.display.CsvTable;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelDescription.Kind;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.io.FileUtils;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tasks at a time in this process; what fails is tried three times. */
@Tag("spark")
class ScoringJobTest {

	private static final int SECONDS = CsvTable.columns().indexOf("seconds");
	private static final int ALL_IN_ONE = 1000;
	private static final AtomicInteger FAILED = new AtomicInteger();
	private static final List<String> DONE = new CopyOnWriteArrayList<>();

	private static SparkSession spark;
	private static StoredModel quality;
	private static StoredModel depth;
	private static Shipment models;
	private static Shipment mine;

	@TempDir
	private static Path own;

	@TempDir
	private Path folder;

	@BeforeAll
	static void start() throws IOException {
		quality = ModelStore.ofProgram().find(ModelStore.DEFAULT_MODEL, Kind.QUALITY);
		depth = ModelStore.ofProgram().find(quality.description().depth(), Kind.DEPTH);
		models = Shipment.of(quality, depth);
		mine = shipmentOfMine();
		final SparkConf conf = new SparkConf().setMaster("local[2,3]").setAppName("test").set("spark.ui.enabled", "false").set("spark.driver.bindAddress", "127.0.0.1").set("spark.driver.host", "127.0.0.1")
			.set("spark.sql.shuffle.partitions", "2").set("spark.hadoop.fs.other.impl", OtherFileSystem.class.getName());
		mine.into(conf);
		spark = SparkSession.builder().config(conf).getOrCreate();
	}

	/** The program's models as a user may have them: the depth model in a folder, weights for the other in a file. Their folders are gone when Spark starts. */
	private static Shipment shipmentOfMine() throws IOException {
		final Path model = copy("dgiqa-compact", Files.createDirectories(own.resolve("mine")));
		final Path estimator = copy("depth-compact", Files.createDirectories(own.resolve("depth of mine")));
		final Path weights;
		try (Stream<Path> files = Files.list(model)) {
			weights = files.filter(file -> file.toString().endsWith(".safetensors")).findFirst().orElseThrow();
		}
		final Path moved = Files.move(weights, own.resolve("weights of mine.safetensors"));
		final Shipment shipment = Shipment.of(ModelStore.ofProgram().find(model.toString(), Kind.QUALITY).with(moved), ModelStore.ofProgram().find(estimator.toString(), Kind.DEPTH));
		FileUtils.deleteDirectory(model.toFile());
		FileUtils.deleteDirectory(estimator.toFile());
		Files.delete(moved);
		return shipment;
	}

	@AfterAll
	static void stop() {
		spark.stop();
		mine.close();
		models.close();
	}

	// -- the job, and the single process --

	@Test
	void aTaskThatFailsOnceLeavesTheRowsOfTheSingleProcess() throws IOException {
		final Path images = images();
		FAILED.set(0);
		DONE.clear();
		// the last of its task's images: others of the same task have been scored by then
		final ScoringJob.Summary summary = run(images(List.of(images.toString()), true, ALL_IN_ONE), new Sampling.Grid(), path -> {
			if (path.endsWith("z.png") && TaskContext.get().attemptNumber() == 0) throw new IllegalStateException("failed " + FAILED.incrementAndGet());
		});
		assertEquals(1, FAILED.get());
		final List<List<String>> expected = singleProcess(images.toString(), new Sampling.Grid());
		assertEquals(9, expected.size());
		assertEquals(expected, csv());
		assertEquals(expected, parquet());
		assertEquals(2, parts(parquetFolder()).size());
		assertEquals(List.of("4/8", "8/8"), DONE);
		assertEquals(9, summary.rows());
		assertEquals(1, summary.failed());
		assertEquals(List.of("2 other files were passed over: neither name nor first bytes are those of a PNG, JPEG, GIF, BMP or TIFF (" + images + "/notes.txt)."), summary.leftOut().sentences());
	}

	@Test
	void aTaskThatAlwaysFailsLeavesNoRows() throws IOException {
		final Path images = images();
		FAILED.set(0);
		final DgiqaException error = assertThrows(DgiqaException.class, () -> run(images(List.of(images.toString()), false, ALL_IN_ONE), new Sampling.Grid(), path -> {
			if (path.endsWith("z.png")) throw new IllegalStateException("failed " + FAILED.incrementAndGet());
		}));
		assertEquals("The job has failed: IllegalStateException: failed 3", error.getMessage());
		assertEquals(List.of(), parts(parquetFolder()));
		assertFalse(Files.exists(csvFolder()));
	}

	@Test
	void modelsOfTheUsersAreBroughtToTheTasks() throws IOException {
		final Path images = Files.createDirectory(folder.resolve("images"));
		Files.copy(sample("coffee"), images.resolve("coffee.png"));
		final Sampling.Random random = new Sampling.Random(2, 7);
		ScoringJob.run(spark, images(List.of(images.toString()), false, 1), output(false), mine, settings(random), (done, all) -> {});
		final List<String> row = parquet().get(0);
		assertEquals(column(singleProcess(images.toString(), random).get(0), "score"), column(row, "score"));
		assertEquals("dgiqa-compact@" + quality.sha256().substring(0, 8), column(row, "model"));
		assertEquals(List.of("2", "random", "7"), List.of(column(row, "crops"), column(row, "sampling"), column(row, "seed")));
	}

	// -- which files --

	@Test
	void filesOfAnotherFileSystem() throws IOException {
		final Path images = Files.createDirectories(folder.resolve("images"));
		Files.copy(sample("coffee"), images.resolve("coffee.png"));
		Files.copy(sample("coffee"), images.resolve("by its bytes"));
		for (final String name : List.of("locked.png", "vanishing.png", ".hidden.png"))
			Files.copy(sample("coffee"), images.resolve(name));
		Files.createDirectories(images.resolve("a/locked folder"));
		final String root = "other:" + images;
		final ScoringJob.Summary summary = run(images(List.of(root), true, 1), new Sampling.Grid(), path -> {});
		final List<List<String>> rows = parquet();
		assertEquals(List.of(root + "/by its bytes", root + "/coffee.png", root + "/locked.png", root + "/vanishing.png"), columns(rows, "path"));
		assertEquals(List.of("", "", "The file cannot be read: Permission denied: user=you.", "There is no such file or folder."), columns(rows, "error"));
		assertEquals(columns(singleProcess(images + "/coffee.png", new Sampling.Grid()), "score").get(0), columns(rows, "score").get(0));
		assertEquals(columns(rows, "score").get(0), columns(rows, "score").get(1));
		assertEquals(List.of(root + "/a/locked folder cannot be read, and was passed over: Permission denied: user=you."), summary.leftOut().sentences());
		assertTrue(summary.leftOut().isIncomplete());
	}

	@Test
	void pathsPatternsAndLists() throws IOException {
		final Path images = Files.createDirectories(folder.resolve("images"));
		for (final String name : List.of("a1.png", "a2.png", "b.png", "a.txt", ".a3.png", "x/a4.png", "x/y/a5.png"))
			cut(images.resolve(name));
		Files.createSymbolicLink(images.resolve("x/again"), images);
		final Path list = Files.writeString(folder.resolve("list.txt"), "\ufeff" + images + "/b.png\r\n\r\n" + images + "/gone.png\n" + images + "/a1.png\n" + images + "/a*.png\n");
		final ScoringJob.Images found = new ScoringJob.Images(List.of(images + "/a*", images + "/x", images + "/no*", "other:" + images + "/{b,c}.png", folder + "/nothing"), list.toString(), true, ALL_IN_ONE);
		final ScoringJob.Summary summary = run(found, new Sampling.Grid(), path -> {});
		final String i = images.toString();
		assertEquals(Stream.of(i + "/a*.png", i + "/a.txt", i + "/a1.png", i + "/a2.png", i + "/b.png", i + "/gone.png", i + "/no*", i + "/x/a4.png", i + "/x/y/a5.png", folder + "/nothing", "other:" + i + "/b.png").sorted().toList(), columns(parquet(), "path"));
		assertEquals(List.of(i + "/x/again leads back to a folder that it is in, and was not followed."), summary.leftOut().sentences());
		assertEquals("There is no such file or folder, and none that this pattern matches.", error(i + "/no*"));
		assertEquals("There is no such file or folder.", error(i + "/a*.png"));
		assertEquals("There is no such file or folder.", error(folder + "/nothing"));
	}

	@Test
	void withoutImagesNothingIsWritten() throws IOException {
		assertEquals(0, run(images(List.of(folder.toString()), true, 1), new Sampling.Grid(), path -> {}).rows());
		assertFalse(Files.exists(parquetFolder()));
	}

	// -- where the rows go --

	@Test
	void whatIsThereStays() throws IOException {
		final Path images = Files.createDirectories(folder.resolve("images"));
		cut(images.resolve("a.png"));
		final ScoringJob.Images one = images(List.of(images.toString()), false, 1);
		run(one, new Sampling.Grid(), path -> {});
		assertEquals("--parquet " + parquetFolder() + " exists already: name another folder, or add --overwrite to replace its rows.", misuse(one, output(false)));
		cut(images.resolve("b.png"));
		ScoringJob.run(spark, one, output(true), models, settings(new Sampling.Grid()), (done, all) -> {});
		assertEquals(2, parquet().size());
		assertEquals(2, csv().size());
		assertEquals("--parquet " + images + " holds other files than rows (a.png), and is not replaced: name another folder.", misuse(one, new ScoringJob.Output(images.toString(), null, true)).replace("b.png", "a.png"));
		assertEquals("--parquet " + images + "/a.png is a file; the name of a folder is needed.", misuse(one, new ScoringJob.Output(images + "/a.png", null, true)));
		assertEquals("--csv " + folder + "/p/c and --parquet " + folder + "/p lie in each other: name two folders beside each other.", misuse(one, new ScoringJob.Output(folder + "/p", folder + "/p/c", false)));
		assertEquals("--list " + folder + "/none cannot be read: there is no such file.", misuse(new ScoringJob.Images(List.of(), folder + "/none", false, 1), output(true)));
		assertEquals(2, Files.list(images).count());
	}

	// -- means --

	private String misuse(final ScoringJob.Images images, final ScoringJob.Output output) {
		return assertThrows(ScoringJob.Misuse.class, () -> ScoringJob.run(spark, images, output, models, settings(new Sampling.Grid()), (done, all) -> {})).getMessage();
	}

	private static ScoringJob.Images images(final List<String> paths, final boolean recursive, final int perTask) {
		return new ScoringJob.Images(paths, null, recursive, perTask);
	}

	private Path parquetFolder() {
		return folder.resolve("rows.parquet");
	}

	private Path csvFolder() {
		return folder.resolve("rows.csv");
	}

	private ScoringJob.Output output(final boolean overwrite) {
		return new ScoringJob.Output(parquetFolder().toString(), csvFolder().toString(), overwrite);
	}

	private ScoringJob.Summary run(final ScoringJob.Images images, final Sampling sampling, final Scoring.Watch watch) throws IOException {
		return ScoringJob.run(spark, images, output(false), models, settings(sampling), (done, all) -> DONE.add(done + "/" + all), watch);
	}

	private static Assessor.Settings settings(final Sampling sampling) {
		return new Assessor.Settings(null, null, null, null, sampling, DeviceChoice.CPU, Precision.FLOAT32, 2);
	}

	/** What the command line would write, without its seconds. */
	private static List<List<String>> singleProcess(final String path, final Sampling sampling) throws IOException {
		final Listing listing = Listing.ofImages(true);
		listing.addNamed(path);
		final StringWriter text = new StringWriter();
		try (Reading reading = Reading.of(listing.inputs(), ImageFile::open); Assessor assessor = Assessor.open(quality, depth, settings(sampling)); CsvTable table = new CsvTable(text)) {
			Batch.run(reading, assessor, (Path) null, (row, small, done, expected) -> table.write(row));
		}
		return parsed(text.toString());
	}

	private static List<List<String>> parsed(final String csv) throws IOException {
		try (CSVParser parser = CSVParser.parse(csv, CSVFormat.DEFAULT)) {
			final List<List<String>> rows = new ArrayList<>(parser.stream().map(CSVRecord::toList).map(ScoringJobTest::withoutSeconds).toList());
			assertEquals(withoutSeconds(CsvTable.columns()), rows.remove(0));
			return rows;
		}
	}

	private static List<String> withoutSeconds(final List<String> row) {
		final List<String> others = new ArrayList<>(row);
		others.remove(SECONDS);
		return others;
	}

	private static List<Path> parts(final Path rows) throws IOException {
		try (Stream<Path> files = Files.exists(rows) ? Files.list(rows) : Stream.empty()) {
			return files.filter(file -> file.getFileName().toString().startsWith("part-")).sorted().toList();
		}
	}

	/** In the order in which they are in the file. */
	private List<List<String>> csv() throws IOException {
		final List<Path> parts = parts(csvFolder());
		assertEquals(1, parts.size());
		return parsed(Files.readString(parts.get(0)));
	}

	/** As text, by path and slice. */
	private List<List<String>> parquet() {
		return spark.read().parquet(parquetFolder().toString()).sort(Rows.PATH, Rows.SLICE).collectAsList().stream().map(ScoringJobTest::cells).map(ScoringJobTest::withoutSeconds).toList();
	}

	private static List<String> cells(final Row row) {
		assertEquals(CsvTable.columns(), Arrays.asList(row.schema().fieldNames()));
		return CsvTable.cells(IntStream.range(0, row.size()).mapToObj(row::get).toList());
	}

	private static String column(final List<String> row, final String name) {
		return row.get(withoutSeconds(CsvTable.columns()).indexOf(name));
	}

	private static List<String> columns(final List<List<String>> rows, final String name) {
		return rows.stream().map(row -> column(row, name)).toList();
	}

	private String error(final String path) {
		return parquet().stream().filter(row -> column(row, "path").equals(path)).map(row -> column(row, "error")).findFirst().orElseThrow();
	}

	// -- files --

	private static Path sample(final String name) {
		return Path.of("samples", name + ".png");
	}

	/** Makes an image that fails, for nothing has to be computed then. */
	private static void cut(final Path file) throws IOException {
		Files.createDirectories(file.getParent());
		Files.write(file, Arrays.copyOf(Files.readAllBytes(sample("coffee")), 1000));
	}

	private static Path copy(final String model, final Path to) throws IOException {
		try (Stream<Path> files = Files.list(Path.of("models", model))) {
			for (final Path file : files.toList())
				Files.copy(file, to.resolve(file.getFileName()));
		}
		return to;
	}

	/** Seven pictures, one of them in a stack of two with another, one that is cut off, and what is no image; z.png comes last. */
	private Path images() throws IOException {
		final Path images = Files.createDirectories(folder.resolve("images"));
		final BufferedImage coffee = ImageIO.read(sample("coffee").toFile());
		final BufferedImage chelsea = ImageIO.read(sample("chelsea").toFile());
		write(coffee, images.resolve("a, \"quoted\".png"));
		write(coffee.getSubimage(0, 0, 300, 240), images.resolve("b.png"));
		write(chelsea, images.resolve("in/c.png"));
		write(chelsea.getSubimage(100, 20, 250, 250), images.resolve("in/d/ü.png"));
		write(coffee.getSubimage(200, 100, 260, 280), images.resolve("e"));
		cut(images.resolve("cut.png"));
		write(chelsea.getSubimage(0, 0, 280, 260), images.resolve("z.png"));
		final ij.ImageStack slices = new ij.ImageStack(240, 240);
		slices.addSlice(new ij.process.ColorProcessor(coffee.getSubimage(50, 50, 240, 240)).convertToByte(false));
		slices.addSlice(new ij.process.ColorProcessor(chelsea.getSubimage(50, 50, 240, 240)).convertToByte(false));
		new ij.io.FileSaver(new ij.ImagePlus("", slices)).saveAsTiffStack(images.resolve("stack.tif").toString());
		Files.writeString(images.resolve("notes.txt"), "no image");
		Files.writeString(images.resolve("readme"), "no image either");
		Files.copy(sample("coffee"), images.resolve(".hidden.png"));
		return images;
	}

	private static void write(final BufferedImage image, final Path file) throws IOException {
		Files.createDirectories(file.getParent());
		ImageIO.write(image, "png", file.toFile());
	}
}
