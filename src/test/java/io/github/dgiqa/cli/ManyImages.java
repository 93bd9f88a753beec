package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.ProgramRun;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import javax.imageio.ImageIO;

import org.apache.commons.csv.CSVRecord;

/** Folders of tiny images, assessed as fast as can be: one crop each. */
final class ManyImages {

	private static final int SIDE = 16;
	/** Files that are no images. */
	private static final int FAILING = 3;
	/** Milliseconds until a run is killed. */
	private static final int LATEST = 3000;

	private ManyImages() {}

	/** Noise, each its own: 00000.png and so on. */
	static Path make(final Path folder, final int count) throws IOException {
		final Random random = new Random(1);
		Files.createDirectories(folder);
		for (int i = 0; i < count; i++) {
			final BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
			for (int y = 0; y < SIDE; y++)
				for (int x = 0; x < SIDE; x++)
					image.setRGB(x, y, random.nextInt());
			ImageIO.write(image, "png", folder.resolve(String.format(Locale.ROOT, "%05d.png", i)).toFile());
		}
		return folder;
	}

	static ProcessBuilder program(final Object... arguments) {
		final List<String> command = new ArrayList<>(List.of(ProgramRun.java(), "-jar", ProgramRun.JAR.toAbsolutePath().toString(), "assess", "--threads", "1", "--sampling", "random", "--crops", "1"));
		for (final Object argument : arguments)
			command.add(argument.toString());
		return new ProcessBuilder(command);
	}

	static ProgramRun assess(final Object... arguments) {
		return ProgramRun.of(program(arguments));
	}

	/** The rows but for the seconds. */
	static List<String> rows(final Path csv) throws IOException {
		final List<String> rows = new ArrayList<>();
		for (final CSVRecord row : ProgramRun.rows(csv)) {
			assertTrue(row.isConsistent(), row.toString());
			final List<String> cells = new ArrayList<>(row.toList());
			cells.set(row.getParser().getHeaderNames().indexOf("seconds"), "");
			rows.add(String.join("|", cells));
		}
		return rows;
	}

	/**
	 * Kills a run with --resume and --report again and again: while it begins, and while it writes rows, takes failed ones out or brings
	 * them into order. The last one ends by itself. The rows must be those of one run that nobody killed, and the
	 * report theirs.
	 *
	 * @return a sentence about it
	 */
	static String kill(final Path temporary, final int images, final int kills, final long seed) throws IOException, InterruptedException {
		final Path folder = make(temporary.resolve("killed"), images);
		for (int i = 0; i < FAILING; i++)
			Files.writeString(folder.resolve(String.format(Locale.ROOT, "%05d-none.png", i * images / FAILING)), "no image");
		final Path csv = temporary.resolve("killed.csv");
		final Path report = temporary.resolve("killed-report");
		final Random random = new Random(seed);
		final List<Long> lines = new ArrayList<>();
		int killed = 0;
		for (int i = 0; i < kills; i++) {
			// --retry: rows are taken out at the beginning
			final ProcessBuilder program = i % 3 == 2 ? program("--resume", "--retry", "--report", report, "--csv", csv, folder) : program("--resume", "--report", report, "--csv", csv, folder);
			final Process process = program.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
			if (i % 2 == 0) awaitChange(csv, process);
			if (!process.waitFor(random.nextInt(LATEST), TimeUnit.MILLISECONDS)) {
				process.destroyForcibly(); // kill -9
				killed++;
			}
			process.waitFor();
			lines.add(Files.exists(csv) ? Files.readString(csv).lines().count() : 0);
		}
		final ProgramRun last = assess("--resume", "--report", report, "--csv", csv, folder);
		assertEquals(1, last.status(), last.err());
		final Path once = temporary.resolve("once.csv");
		assertEquals(1, assess("--csv", once, folder).status());
		final List<String> expected = rows(once);
		final List<String> found = rows(csv);
		assertEquals(images + FAILING, expected.size());
		assertEquals(expected, found);
		assertReported(report, csv, images, images + FAILING);
		return killed + " of " + kills + " runs killed, lines then " + lines + "; " + expected.size() + " rows expected, " + found.size() + " found, equal but for the seconds";
	}

	/** Each row is in the report once, with its score, and those of images have their pictures there. */
	private static void assertReported(final Path report, final Path csv, final int images, final int rows) throws IOException {
		final List<String> lines = Files.readAllLines(report.resolve("index.html")).stream().filter(line -> line.startsWith("<script>row({")).toList();
		assertEquals(rows, lines.size());
		assertEquals(rows, lines.stream().map(line -> line.replaceFirst(".*\"path\":\"([^\"]*)\".*", "$1")).distinct().count());
		final List<String> scores = lines.stream().map(line -> line.replaceFirst(".*\"path\":\"([^\"]*)\".*", "$1") + " " + (line.contains("\"score\":") ? line.replaceFirst(".*\"score\":([^,]*),.*", "$1") : "")).sorted().toList();
		assertEquals(ProgramRun.rows(csv).stream().map(row -> row.get("path") + " " + row.get("score")).sorted().toList(), scores);
		final List<String> numbers = lines.stream().filter(line -> line.contains("\"n\":")).map(line -> line.replaceFirst(".*\"n\":(\\d+).*", "$1")).distinct().toList();
		assertEquals(images, numbers.size());
		for (final String number : numbers)
			assertTrue(Files.size(report.resolve(String.format(Locale.ROOT, "thumbnail/%03d/%06d.jpg", Integer.parseInt(number) / 1000, Integer.parseInt(number)))) > 0);
	}

	/** Waits until the rows are others than they were. */
	private static void awaitChange(final Path csv, final Process process) throws IOException, InterruptedException {
		final long before = length(csv);
		while (process.isAlive() && length(csv) == before)
			Thread.sleep(5);
	}

	private static long length(final Path csv) throws IOException {
		return Files.exists(csv) ? Files.size(csv) : -1;
	}
}
