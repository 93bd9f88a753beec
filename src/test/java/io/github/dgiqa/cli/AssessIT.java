package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.io.FileSaver;
import ij.process.ByteProcessor;
import ij.process.ImageProcessor;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.Reference;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import javax.imageio.ImageIO;

import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built program from its command line: rows, maps, errors, exit statuses. */
class AssessIT {

	private static final String HEADER = "path,slice,score,crop_sd,crop_min,crop_max,crops,sampling,seed,model,depth_model,device,width,height,seconds,notes,error";
	private static final String COFFEE = "samples/coffee.png";
	private static final String CHELSEA = "samples/chelsea.png";
	/** When (seconds), which thread, what. */
	private static final Pattern LOOKED_UP = Pattern.compile("\\[([\\d.]+)s]\\[(\\d+)] \\[Dynamic-linking native method (\\S+) ");
	/** End to end: a level of the 8-bit depth may differ. */
	private static final double TOLERANCE = 1e-4;

	@TempDir
	Path folder;

	@Test
	void samplesHaveTheScoresOfPyTorch() {
		final ProgramRun run = ProgramRun.dgiqa("assess", "samples");
		assertEquals(0, run.status(), run.err());
		assertEquals(HEADER, run.out().lines().findFirst().orElse(""));
		final List<CSVRecord> rows = run.rows();
		assertEquals(List.of("samples/chelsea.png", "samples/coffee.png"), rows.stream().map(row -> row.get("path")).toList());
		checkSample(rows.get(0), "chelsea", 451, 300);
		checkSample(rows.get(1), "coffee", 600, 400);
		assertTrue(run.err().contains("2 of 2") && run.err().contains("cpu"), run.err());
	}

	/** Until PyTorch's libraries are loaded, a thread that looks for a native method waits, and others with it. */
	@ParameterizedTest
	@ValueSource(booleans = {false, true})
	@EnabledOnOs(OS.LINUX)
	@EnabledForJreRange(max = JRE.JAVA_17) // another Java has other native methods
	void nothingWaitsUntilPyTorchIsLoaded(final boolean ofTiff) throws IOException {
		final Path image = ofTiff ? folder.resolve("coffee.tif") : Path.of(COFFEE);
		if (ofTiff) new FileSaver(IJ.openImage(COFFEE)).saveAsTiff(image.toString());
		final Path log = folder.resolve("log");
		final ProgramRun run = ProgramRun.of(new ProcessBuilder(ProgramRun.java(), "-Xlog:jni+resolve=debug:file=" + log + ":uptime,tid", "-jar", ProgramRun.JAR.toString(), "assess", image.toString()));
		assertEquals(0, run.status(), run.err());
		final List<MatchResult> found = Files.readAllLines(log).stream().flatMap(line -> LOOKED_UP.matcher(line).results()).toList();
		final MatchResult first = found.stream().filter(lookup -> lookup.group(3).startsWith("ai.djl.pytorch.")).findFirst().orElseThrow();
		final double loaded = Double.parseDouble(first.group(1));
		final double began = found.stream().filter(lookup -> lookup.group(2).equals(first.group(2)) && !lookup.group(3).startsWith("ai.djl.")).mapToDouble(lookup -> Double.parseDouble(lookup.group(1))).filter(at -> at < loaded).max().orElseThrow();
		// those that waited are found at the end; JNA's thread that cleans up may
		assertEquals(List.of(), found.stream().filter(lookup -> !lookup.group(3).startsWith("ai.djl.") && !lookup.group(3).startsWith("com.sun.jna."))
			.filter(lookup -> Double.parseDouble(lookup.group(1)) > (began + loaded) / 2 && Double.parseDouble(lookup.group(1)) <= loaded).map(MatchResult::group).toList());
	}

	private static void checkSample(final CSVRecord row, final String name, final int width, final int height) {
		assertEquals(Reference.score(name), Double.parseDouble(row.get("score")), TOLERANCE);
		assertTrue(row.get("score").matches("0\\.\\d{6,}"), row.get("score"));
		assertEquals("1", row.get("slice"));
		assertEquals("6", row.get("crops"));
		assertEquals("grid", row.get("sampling"));
		assertEquals("", row.get("seed"));
		assertEquals("dgiqa-compact", row.get("model"));
		assertEquals("depth-compact", row.get("depth_model"));
		assertEquals("cpu", row.get("device"));
		assertEquals(width, Integer.parseInt(row.get("width")));
		assertEquals(height, Integer.parseInt(row.get("height")));
		assertEquals("", row.get("error"));
		final double min = Double.parseDouble(row.get("crop_min"));
		final double max = Double.parseDouble(row.get("crop_max"));
		final double score = Double.parseDouble(row.get("score"));
		assertTrue(min < score && score < max);
		assertTrue(Double.parseDouble(row.get("crop_sd")) > 0);
	}

	@Test
	void distortionsLowerTheScore() throws IOException {
		final ImagePlus clean = IJ.openImage(COFFEE);
		save(clean, "0-clean.png");
		final ImageProcessor blurred = clean.getProcessor().duplicate();
		blurred.blurGaussian(2);
		save(new ImagePlus("", blurred), "1-blurred.png");
		final ImageProcessor noisy = clean.getProcessor().duplicate();
		final Random random = new Random(1);
		final int[] pixels = (int[]) noisy.getPixels();
		for (int i = 0; i < pixels.length; i++)
			pixels[i] = noisy(pixels[i], random);
		save(new ImagePlus("", noisy), "2-noisy.png");
		FileSaver.setJpegQuality(5);
		new FileSaver(clean).saveAsJpeg(folder.resolve("3-compressed.jpg").toString());

		final List<CSVRecord> rows = ProgramRun.dgiqa("assess", folder).rows();
		assertEquals(4, rows.size());
		final double best = score(rows.get(0));
		for (final CSVRecord worse : rows.subList(1, 4))
			assertTrue(score(worse) < best - 0.1, worse.get("path") + " " + worse.get("score") + ", clean " + best);
	}

	private static int noisy(final int rgb, final Random random) {
		int result = 0;
		for (int shift = 0; shift <= 16; shift += 8)
			result |= (int) Math.max(0, Math.min(255, (rgb >> shift & 0xff) + 30 * random.nextGaussian())) << shift;
		return result;
	}

	private static double score(final CSVRecord row) {
		return Double.parseDouble(row.get("score"));
	}

	private void save(final ImagePlus image, final String name) {
		assertTrue(new FileSaver(image).saveAsPng(folder.resolve(name).toString()));
	}

	@Test
	void randomCropsFollowTheSeed() {
		final ProgramRun first = ProgramRun.dgiqa("assess", "--sampling", "random", "--crops", 3, "--seed", 7, COFFEE);
		final ProgramRun second = ProgramRun.dgiqa("assess", "--sampling", "random", "--crops", 3, "--seed", 7, COFFEE);
		final ProgramRun other = ProgramRun.dgiqa("assess", "--sampling", "random", "--crops", 3, "--seed", 4294967295L, COFFEE);
		final ProgramRun one = ProgramRun.dgiqa("assess", "--sampling", "random", "--crops", 1, COFFEE);
		assertEquals(first.rows().get(0).get("score"), second.rows().get(0).get("score"));
		assertNotEquals(first.rows().get(0).get("score"), other.rows().get(0).get("score"));
		assertEquals("random", first.rows().get(0).get("sampling"));
		assertEquals("7", first.rows().get(0).get("seed"));
		assertEquals("4294967295", other.rows().get(0).get("seed"));
		assertEquals("3", first.rows().get(0).get("crops"));
		assertEquals("", one.rows().get(0).get("crop_sd"));
		assertEquals("42", one.rows().get(0).get("seed"));
	}

	@Test
	void stackAndMapsAndCsvFile() throws IOException {
		final ImageProcessor cat = IJ.openImage(CHELSEA).getProcessor();
		final ImageStack slices = new ImageStack(cat.getWidth(), cat.getHeight());
		slices.addSlice(cat);
		final ImageProcessor blurred = cat.duplicate();
		blurred.blurGaussian(3);
		slices.addSlice(blurred);
		final Path stack = folder.resolve("cats.tif");
		assertTrue(new FileSaver(new ImagePlus("cats", slices)).saveAsTiffStack(stack.toString()));
		Files.copy(Path.of(CHELSEA), folder.resolve("cats.png"));
		final Path csv = folder.resolve("rows.csv");
		Files.writeString(csv, "an older file, which is replaced");
		final Path maps = folder.resolve("new").resolve("maps");

		final ProgramRun run = ProgramRun.dgiqa("assess", "--csv", csv, "--maps", maps, "--threads", 1, stack, folder.resolve("cats.png"));
		assertEquals(0, run.status(), run.err());
		assertEquals("", run.out());
		final List<CSVRecord> rows = ProgramRun.rows(csv);
		assertEquals(List.of("1", "2", "1"), rows.stream().map(row -> row.get("slice")).toList());
		assertEquals(score(rows.get(2)), score(rows.get(0)), TOLERANCE);
		assertTrue(score(rows.get(1)) < score(rows.get(0)) - 0.3);
		for (final String name : List.of("cats-s0001", "cats-s0002", "cats-2"))
			for (final String kind : List.of("depth", "attention", "quality")) {
				final BufferedImage map = ImageIO.read(maps.resolve(name + "-" + kind + ".png").toFile());
				assertTrue(map.getWidth() > 451 && map.getHeight() == 300, name);
			}
		try (var files = Files.list(maps)) {
			assertEquals(9, files.count());
		}
	}

	@Test
	void whatIsNotThereIsARowAndTheOthersGoOn() throws IOException {
		final Path text = Files.writeString(folder.resolve("text.png"), "not a picture");
		final ProgramRun run = ProgramRun.dgiqa("assess", folder.resolve("missing.png"), text, COFFEE);
		assertEquals(1, run.status());
		final List<CSVRecord> rows = run.rows();
		assertEquals(3, rows.size());
		assertEquals("There is no such file or folder.", rows.get(0).get("error"));
		assertTrue(rows.get(1).get("error").contains("looks like text"), rows.get(1).get("error"));
		assertEquals("", rows.get(1).get("score"));
		assertEquals("", rows.get(2).get("error"));
		assertNoTrace(run);
	}

	@Test
	void wrongUsage() throws IOException {
		final Path empty = Files.createDirectory(folder.resolve("empty"));
		Files.writeString(empty.resolve("notes.txt"), "no image");
		for (final Object[] arguments : List.of(
			new Object[] {},
			new Object[] {"assess"},
			new Object[] {"asses", COFFEE},
			new Object[] {"assess", "--crops", 3, COFFEE}, // the compact model's crops are on a grid
			new Object[] {"assess", "--sampling", "grid", "--seed", 3, COFFEE},
			new Object[] {"assess", "--sampling", "random", "--crops", 0, COFFEE},
			new Object[] {"assess", "--sampling", "random", "--seed", 4294967296L, COFFEE},
			new Object[] {"assess", "--sampling", "random", "--seed", -1, COFFEE},
			new Object[] {"assess", "--sampling", "diagonal", COFFEE},
			new Object[] {"assess", "--threads", 0, COFFEE},
			new Object[] {"assess", "--threads", 100000, COFFEE},
			new Object[] {"assess", "--device", "tpu", COFFEE},
			new Object[] {"assess", "--csv", folder, COFFEE},
			new Object[] {"assess", "--csv", Files.copy(Path.of(COFFEE), folder.resolve("victim.png")), folder.resolve("victim.png")},
			new Object[] {"assess", "--csv", folder.resolve("no").resolve("where.csv"), COFFEE},
			new Object[] {"assess", "--maps", Files.writeString(folder.resolve("file"), ""), COFFEE},
			new Object[] {"assess", empty}))
		{
			final ProgramRun run = ProgramRun.dgiqa(arguments);
			assertEquals(2, run.status(), List.of(arguments) + run.err());
			assertEquals("", run.out(), List.of(arguments).toString());
			assertTrue(run.err().lines().count() <= 2 && !run.err().isBlank(), run.err());
			assertNoTrace(run);
		}
	}

	@Test
	void whatCannotBeUsed() throws IOException {
		final Path damaged = copyOfModel("damaged");
		final Path weights = damaged.resolve("dgiqa-compact.safetensors");
		final byte[] bytes = Files.readAllBytes(weights);
		bytes[bytes.length / 2] ^= 1;
		Files.write(weights, bytes);
		final Path broken = Files.createDirectory(folder.resolve("broken"));
		Files.writeString(broken.resolve("model.json"), "{\"format\": 1");
		for (final Object[] arguments : List.of(
			new Object[] {"assess", "--model", "no-such-model", COFFEE},
			new Object[] {"assess", "--model", folder, COFFEE},
			new Object[] {"assess", "--model", "depth-compact", COFFEE},
			new Object[] {"assess", "--depth", "dgiqa-compact", COFFEE},
			new Object[] {"assess", "--model", damaged, COFFEE},
			new Object[] {"assess", "--model", broken, COFFEE},
			new Object[] {"assess", "--device", "gpu", COFFEE})) // the CPU's natives are the ones in the build
		{
			final ProgramRun run = ProgramRun.dgiqa(arguments);
			assertEquals(3, run.status(), List.of(arguments) + run.err());
			assertEquals("", run.out());
			assertEquals(1, run.err().lines().count(), run.err());
			assertNoTrace(run);
		}
		assertTrue(ProgramRun.dgiqa("assess", "--model", damaged, COFFEE).err().contains("SHA-256"));
	}

	@Test
	void aModelInAFolder() throws IOException {
		final ProgramRun run = ProgramRun.dgiqa("assess", "--model", copyOfModel("mine"), COFFEE);
		assertEquals(0, run.status(), run.err());
		assertEquals("dgiqa-compact", run.rows().get(0).get("model"));
	}

	private Path copyOfModel(final String name) throws IOException {
		final Path copy = Files.createDirectory(folder.resolve(name));
		for (final String file : List.of("model.json", "dgiqa-compact.safetensors"))
			Files.copy(Path.of("models", "dgiqa-compact", file), copy.resolve(file));
		return copy;
	}

	@Test
	void decimalPointsInEveryLocale() {
		final ProgramRun run = ProgramRun.of(new ProcessBuilder(ProgramRun.java(), "-Duser.language=ar", "-Duser.country=EG", "-jar", ProgramRun.JAR.toString(), "assess", COFFEE));
		assertEquals(0, run.status(), run.err());
		assertTrue(run.rows().get(0).get("score").matches("0\\.\\d{6,}"), run.out());
		assertTrue(run.rows().get(0).get("seconds").matches("\\d+\\.\\d+"), run.out());
	}

	@Test
	void helpVersionAndModels() {
		final ProgramRun help = ProgramRun.dgiqa("assess", "--help");
		assertEquals(0, help.status());
		assertTrue(help.out().contains("--sampling") && help.out().contains("130"), help.out());
		final ProgramRun version = ProgramRun.dgiqa("--version");
		assertTrue(version.out().matches("DGIQA \\d+\\.\\d+\\.\\d+\\S*\\s+"), version.out());
		final ProgramRun models = ProgramRun.dgiqa("models");
		assertEquals(0, models.status());
		assertTrue(models.out().contains("dgiqa-compact (default)") && models.out().contains("depth-compact") && models.out().contains("BSD-2-Clause"), models.out());
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void aClosedPipeIsNoCancellation() {
		final ProgramRun run = ProgramRun.of(new ProcessBuilder("bash", "-c", "'" + ProgramRun.java() + "' -jar " + ProgramRun.JAR + " assess " + COFFEE + " " + COFFEE + " " + COFFEE + " | head -1; exit ${PIPESTATUS[0]}"));
		assertEquals(1, run.status(), run.err());
		assertTrue(run.err().contains("The rows cannot be written") && !run.err().contains("Cancelled"), run.err());
	}

	@Test
	void oddNames() throws IOException {
		final Path at = Files.createDirectory(folder.resolve("odd"));
		for (final String name : List.of("@a.png", "s.png", "s-s0001.png"))
			Files.copy(Path.of(COFFEE), at.resolve(name));
		final ProgramRun run = ProgramRun.of(new ProcessBuilder(ProgramRun.java(), "-jar", ProgramRun.JAR.toAbsolutePath().toString(), "assess", "@a.png").directory(at.toFile()));
		assertEquals("@a.png", run.rows().get(0).get("path"));
		// slice 1 of the stack s.tif and the image s-s0001.png
		final ImageStack two = new ImageStack(8, 8);
		two.addSlice(new ByteProcessor(8, 8));
		two.addSlice(new ByteProcessor(8, 8));
		assertTrue(new FileSaver(new ImagePlus("", two)).saveAsTiffStack(at.resolve("s.tif").toString()));
		Files.delete(at.resolve("s.png"));
		final Path maps = folder.resolve("maps");
		assertEquals(0, ProgramRun.dgiqa("assess", "--maps", maps, at).status());
		try (var files = Files.list(maps)) {
			assertEquals(List.of("@a-depth.png", "s-s0001-2-depth.png", "s-s0001-depth.png", "s-s0002-depth.png"), files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith("depth.png")).sorted().toList());
		}
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void cancelledRunKeepsWholeRows() throws Exception {
		final Path csv = folder.resolve("rows.csv");
		final String[] command = new String[500];
		Arrays.fill(command, COFFEE);
		final List<String> all = new ArrayList<>(List.of(ProgramRun.java(), "-jar", ProgramRun.JAR.toString(), "assess", "--csv", csv.toString()));
		all.addAll(List.of(command));
		final Process process = new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
		final long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
		while (System.nanoTime() < limit && (!Files.exists(csv) || Files.readAllLines(csv).size() < 4))
			Thread.sleep(50);
		assertEquals(0, new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor());
		assertTrue(process.waitFor(1, TimeUnit.MINUTES));
		assertEquals(130, process.exitValue());
		final String written = Files.readString(csv);
		assertTrue(written.endsWith("\n"));
		final List<CSVRecord> rows = ProgramRun.rows(csv);
		assertTrue(rows.size() >= 3 && rows.size() < 500, "" + rows.size());
		assertFalse(rows.stream().anyMatch(row -> row.get("score").isEmpty()));
	}

	private static void assertNoTrace(final ProgramRun run) {
		assertFalse((run.out() + run.err()).contains("\tat ") || run.err().contains("Exception"), run.err());
	}
}
