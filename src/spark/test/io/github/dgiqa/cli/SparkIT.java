package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.display.CsvTable;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built job with the Spark that lies beside it, in a process of its own. */
@Tag("spark")
class SparkIT {

	private static final Path JOB = Path.of("target", "spark", "dgiqa-spark").toAbsolutePath();
	/** Scores of one thread are the same in every process, to the last digit. */
	private static final List<String> QUICKLY = List.of("--threads", "1", "--sampling", "random", "--crops", "1");

	@TempDir
	private Path folder;

	private ProgramRun java(final List<String> program, final Object... arguments) {
		final List<String> command = new ArrayList<>(List.of(ProgramRun.java()));
		command.addAll(program);
		Arrays.stream(arguments).map(Object::toString).forEach(command::add);
		return ProgramRun.of(new ProcessBuilder(command).directory(folder.toFile()));
	}

	private ProgramRun job(final Object... arguments) {
		return java(List.of("-jar", JOB.resolve("local.jar").toString()), arguments);
	}

	private ProgramRun singleProcess(final Object... arguments) {
		final String classPath = String.join(File.pathSeparator, JOB + "/dgiqa-spark.jar", JOB + "/lib/*", JOB + "/spark/*");
		return java(List.of("-cp", classPath, Main.class.getName(), "assess"), arguments);
	}

	private static Object[] with(final Object... more) {
		return Stream.concat(QUICKLY.stream(), Arrays.stream(more)).toArray();
	}

	private static List<List<String>> withoutSeconds(final List<CSVRecord> rows) {
		return rows.stream().map(row -> CsvTable.columns().stream().filter(column -> !column.equals("seconds")).map(row::get).toList()).toList();
	}

	@Test
	void theRowsOfTheSingleProcess() throws IOException {
		final Path images = Files.createDirectories(folder.resolve("photos/in"));
		Files.copy(Path.of("samples", "coffee.png"), images.resolve("coffee.png"));
		Files.copy(Path.of("samples", "chelsea.png"), images.resolve("one, \"quoted\""));
		Files.write(images.resolve("cut.png"), Arrays.copyOf(Files.readAllBytes(images.resolve("coffee.png")), 1000));
		final ProgramRun job = job(with("--recursive", "photos", "none.png", "--parquet", "rows/parquet", "--csv", "rows/csv"));
		assertEquals(1, job.status(), job.err());
		assertEquals(List.of("4 of 4 images", "4 rows are in rows/parquet and rows/csv.", "2 of 4 could not be scored; the column 'error' says why."), job.err().lines().dropWhile(line -> !line.startsWith("4 of")).toList());
		assertTrue(job.err().lines().takeWhile(line -> !line.startsWith("4 of")).allMatch(line -> line.matches("[1-3] of 4 images")), job.err());
		assertEquals("", job.out());
		final List<CSVRecord> expected = singleProcess(with("--recursive", "none.png", "photos")).rows();
		assertEquals(4, expected.size());
		final Path csv;
		try (Stream<Path> files = Files.list(folder.resolve("rows/csv"))) {
			csv = files.filter(file -> file.toString().endsWith(".csv")).reduce((a, b) -> null).orElseThrow();
		}
		assertEquals(withoutSeconds(expected), withoutSeconds(ProgramRun.rows(csv)));
		try (Stream<Path> here = Files.list(folder)) {
			assertEquals(List.of("photos", "rows"), here.map(file -> file.getFileName().toString()).sorted().toList());
		}

		final ProgramRun again = job("photos", "--parquet", "rows/parquet");
		assertEquals(2, again.status());
		assertTrue(again.err().startsWith("--parquet rows/parquet exists already: name another folder, or add --overwrite to replace its rows."), again.err());
	}

	@Test
	void wrongUsage() {
		assertEquals(2, job("photos").status());
		assertEquals(2, job("--parquet", "p").status());
		assertEquals(2, job("--parquet", "p", "--per-task", 0, "photos").status());
		assertTrue(job("--parquet", "p", "photos/**").err().startsWith("photos/**: Hadoop's patterns know no **; name the folder, and add --recursive."));
		final ProgramRun nothing = job("--parquet", "p", folder);
		assertEquals(2, nothing.status());
		assertEquals("No image found in " + folder + ": a folder is searched for PNG, JPEG, GIF, BMP and TIFF files, without the folders in it (--recursive).\n", nothing.err());
		assertEquals(3, job("--parquet", "p", "--model", "none", "photos").status());
		assertTrue(job("--help").out().contains("--per-task"));
	}
}
