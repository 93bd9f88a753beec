package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.ProgramRun;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The built program on many images: lists, patterns, folders in folders; resumed, killed, in shards. */
@DisabledOnOs(OS.WINDOWS) // shells, links, paths with slashes
class FoldersIT {

	@TempDir
	private Path temporary;

	private static List<String> paths(final List<CSVRecord> rows) {
		return rows.stream().map(row -> row.get("path")).toList();
	}

	private ProgramRun shell(final String arguments) {
		final String java = "'" + ProgramRun.java() + "' -jar '" + ProgramRun.JAR.toAbsolutePath() + "' assess --threads 1 --sampling random --crops 1 ";
		return ProgramRun.of(new ProcessBuilder("bash", "-c", java + arguments).directory(temporary.toFile()));
	}

	@Test
	void patternsListsAndFoldersAsTheUserWritesThem() throws IOException {
		ManyImages.make(temporary.resolve("p"), 2);
		ManyImages.make(temporary.resolve("p/q"), 1);
		Files.move(temporary.resolve("p/00001.png"), temporary.resolve("p/plain"));
		Files.writeString(temporary.resolve("p/notes.txt"), "text");
		Files.createSymbolicLink(temporary.resolve("p/q/up"), Path.of(".."));

		final ProgramRun pattern = shell("'./p/*.png'");
		assertEquals(0, pattern.status(), pattern.err());
		assertEquals(List.of("./p/00000.png"), paths(pattern.rows()));
		assertEquals(List.of("p/00000.png", "p/q/00000.png"), paths(shell("'p/**/*.png'").rows()));

		final ProgramRun deep = shell("--recursive p/");
		assertEquals(List.of("p/00000.png", "p/plain", "p/q/00000.png"), paths(deep.rows()));
		assertEquals(0, deep.status());
		assertTrue(deep.err().contains("1 other file was passed over") && deep.err().contains("p/q/up leads back to a folder"), deep.err());

		Files.writeString(temporary.resolve("list"), "p/plain\r\n\n./p/q\nnone?.png\n");
		final ProgramRun list = shell("--list list p/00000.png");
		assertEquals(List.of("p/00000.png", "p/plain", "./p/q/00000.png", "none?.png"), paths(list.rows()));
		assertEquals(1, list.status());
		assertEquals("There is no such file or folder.", list.rows().get(3).get("error"));
		assertEquals(paths(list.rows()).subList(1, 4), paths(shell("--list - < list").rows()));
		assertFalse((list.out() + deep.out() + deep.err()).contains(temporary.toString()));
	}

	@Test
	void fourShardsAreOneRun() throws IOException {
		final Path folder = ManyImages.make(temporary.resolve("p"), 10);
		Files.writeString(folder.resolve("00004a.png"), "no image");
		Files.copy(Path.of("samples", "coffee.png"), folder.resolve("0, \"quoted\".png"));
		final Path once = temporary.resolve("once.csv");
		assertEquals(1, ManyImages.assess("--csv", once, folder).status());
		final List<Object> merge = new ArrayList<>(List.of("merge", "--csv", temporary.resolve("merged.csv")));
		for (int i = 4; i >= 1; i--) {
			final Path shard = temporary.resolve("shard" + i + ".csv");
			final ProgramRun run = ManyImages.assess("--shard", i + "/4", "--csv", shard, folder);
			assertEquals(3, ManyImages.rows(shard).size(), run.err());
			merge.add(shard);
		}
		final ProgramRun merged = ProgramRun.dgiqa(merge.toArray());
		assertEquals(0, merged.status(), merged.err());
		assertEquals(12, ManyImages.rows(once).size());
		assertEquals(ManyImages.rows(once), ManyImages.rows(temporary.resolve("merged.csv")));
		final ProgramRun missing = ProgramRun.dgiqa(merge.subList(0, 6).toArray());
		assertEquals(1, missing.status());
		assertTrue(missing.err().startsWith("Shard 1/4 is missing"), missing.err());
	}

	@Test
	void resumed() throws IOException {
		final Path folder = ManyImages.make(temporary.resolve("p"), 3);
		final Path csv = temporary.resolve("rows.csv");
		Files.writeString(folder.resolve("bad.png"), "no image");
		final ProgramRun first = ManyImages.assess("--resume", "--csv", csv, folder);
		assertEquals(1, first.status(), first.err());
		final String rows = Files.readString(csv);
		final ProgramRun again = ManyImages.assess("--resume", "--csv", csv, folder);
		assertEquals(1, again.status());
		assertEquals("4 of 4 files have their rows already, 1 of them with an error (--retry tries those again).", again.err().strip());
		assertEquals(rows, Files.readString(csv));

		Files.copy(folder.resolve("00002.png"), folder.resolve("00000.png"), StandardCopyOption.REPLACE_EXISTING);
		final ProgramRun changed = ManyImages.assess("--resume", "--csv", csv, folder);
		assertTrue(changed.err().contains("3 of 4 files have their rows already"), changed.err());
		final List<CSVRecord> after = ProgramRun.rows(csv);
		assertEquals(List.of("00000.png", "00001.png", "00002.png", "bad.png"), paths(after).stream().map(path -> Path.of(path).getFileName().toString()).toList());
		assertEquals(after.get(2).get("score"), after.get(0).get("score"));
		assertFalse(rows.contains("00000.png,1," + after.get(0).get("score")));

		// the failed one is mended without a trace in its size and time: only --retry finds out
		final var modified = Files.getLastModifiedTime(folder.resolve("bad.png"));
		Files.writeString(folder.resolve("bad.png"), "NO IMAGE");
		Files.setLastModifiedTime(folder.resolve("bad.png"), modified);
		assertTrue(ManyImages.assess("--resume", "--csv", csv, folder).err().startsWith("4 of 4 files"));
		assertTrue(ManyImages.assess("--resume", "--retry", "--csv", csv, folder).err().startsWith("3 of 4 files"));
		Files.copy(folder.resolve("00001.png"), folder.resolve("bad.png"), StandardCopyOption.REPLACE_EXISTING);
		assertEquals(0, ManyImages.assess("--resume", "--retry", "--csv", csv, folder).status());
		assertEquals(List.of("", "", "", ""), ProgramRun.rows(csv).stream().map(row -> row.get("error")).toList());
		assertEquals(4, ProgramRun.rows(csv).size());

		final String whole = Files.readString(csv);
		for (final Object[] other : new Object[][] {{"--seed", 7}, {"--weights", Path.of("models", "dgiqa-compact", "dgiqa-compact.safetensors")}, {"--shard", "1/2"}}) {
			final ProgramRun refused = ManyImages.assess(other[0], other[1], "--resume", "--csv", csv, folder);
			assertEquals(1, refused.status(), refused.err());
			assertTrue(refused.err().contains("were made otherwise") && refused.err().lines().count() == 1, refused.err());
		}
		assertEquals(whole, Files.readString(csv));
		// without --resume it is replaced, with all that was known of it
		assertEquals(0, ManyImages.assess("--csv", csv, folder.resolve("00001.png")).status());
		assertEquals(1, ProgramRun.rows(csv).size());
		assertFalse(Files.exists(temporary.resolve("rows.csv.resume")));
		assertTrue(ManyImages.assess("--resume", "--csv", csv, folder).err().contains("there is no rows.csv.resume beside it"));
	}

	@Test
	void killedAtAnyMoment() throws IOException, InterruptedException {
		System.out.println(ManyImages.kill(temporary, 100, 6, System.nanoTime()));
	}

	/** The page may grow by about eight rows. */
	@Test
	void aFullDiskEndsTheReportAlone() throws IOException {
		final Path folder = ManyImages.make(temporary.resolve("p"), 30);
		final Path page = temporary.resolve("r").resolve("index.html");
		assertEquals(0, ManyImages.assess("--report", temporary.resolve("r"), folder.resolve("00000.png")).status());
		final long blocks = Files.size(page) / 1024 + 3;
		final String options = "--threads 1 --sampling random --crops 1 --resume --report r --csv rows.csv p";
		final String java = "'" + ProgramRun.java() + "' -XX:-UsePerfData -jar '" + ProgramRun.JAR.toAbsolutePath() + "' assess ";
		Files.delete(page);
		final ProgramRun full = ProgramRun.of(new ProcessBuilder("bash", "-c", "rm -r r; ulimit -f " + blocks + "; " + java + options).directory(temporary.toFile()));
		assertEquals(1, full.status(), full.err());
		assertEquals(1, full.err().lines().filter(line -> line.startsWith("The report is given up, and the rows go on: it cannot be written: ")).count(), full.err());
		assertEquals(30, ManyImages.rows(temporary.resolve("rows.csv")).size());
		final List<String> lines = Files.readAllLines(page);
		final long reported = lines.stream().filter(line -> line.startsWith("<script>row({")).count();
		assertTrue(reported > 5 && reported < 20, reported + " rows");
		assertTrue(lines.get(lines.size() - 1).endsWith("})</script>"), lines.get(lines.size() - 1));
		final ProgramRun again = ProgramRun.of(new ProcessBuilder("bash", "-c", java + options).directory(temporary.toFile()));
		assertEquals(0, again.status(), again.err());
		final List<String> all = Files.readAllLines(page).stream().filter(line -> line.startsWith("<script>row({")).toList();
		assertEquals(30, all.size());
		assertEquals(reported, all.stream().filter(line -> line.contains("\"n\":")).count());
	}

	/** A limit to the length of files ends the last row in its middle, as a full disk does. */
	@Test
	void aFullDiskLeavesWholeRows() throws IOException {
		final Path folder = ManyImages.make(temporary.resolve("p"), 30);
		final Path csv = temporary.resolve("rows.csv");
		for (final String options : List.of("", "--resume ")) {
			// libraries unpack nothing any more
			final ProgramRun full = ProgramRun.of(new ProcessBuilder("bash", "-c", "ulimit -f 2; '" + ProgramRun.java() + "' -XX:-UsePerfData -jar " + ProgramRun.JAR + " assess --threads 1 --sampling random --crops 1 " + options + "--csv '" + csv + "' '" + folder + "'"));
			assertEquals(1, full.status(), full.err());
			assertTrue(full.err().lines().reduce((a, b) -> b).orElse("").startsWith("The rows cannot be written: "), full.err());
			assertTrue(Files.readString(csv).endsWith("\n"));
			final int rows = ManyImages.rows(csv).size();
			assertTrue(rows > 5 && rows < 30, rows + " rows");
			if (options.isEmpty()) Files.delete(csv);
		}
		assertEquals(0, ManyImages.assess("--resume", "--csv", csv, folder).status());
		assertEquals(30, ManyImages.rows(csv).stream().distinct().count());
		assertEquals(30, ManyImages.rows(csv).size());
	}

	@Test
	void wrongUsage() throws IOException {
		final Path folder = ManyImages.make(temporary.resolve("p"), 1);
		final Path latin = Files.write(temporary.resolve("latin"), new byte[] {'p', (byte) 0xe4, '\n'});
		for (final Object[] arguments : new Object[][] {{"assess"}, {"assess", "--resume", folder}, {"assess", "--retry", "--csv", temporary.resolve("r.csv"), folder},
			{"assess", "--shard", "0/2", folder}, {"assess", "--list", temporary.resolve("none")}, {"assess", "--list", latin}, {"assess", "--resume", "--csv", folder, folder},
			{"merge", "--csv", temporary.resolve("m.csv")}, {"merge", latin}, {"merge", "--csv", latin, latin}}) {
			final ProgramRun run = ProgramRun.dgiqa(arguments);
			assertEquals(2, run.status(), List.of(arguments) + run.err());
			assertEquals("", run.out());
			assertTrue(run.err().lines().count() <= 2 && !run.err().contains("Exception"), run.err());
		}
	}
}
