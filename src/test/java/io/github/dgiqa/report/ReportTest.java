package io.github.dgiqa.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.display.CsvTable;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report leaves on the disk. */
class ReportTest {

	private static final List<String> KINDS = List.of("attention", "depth", "picture", "quality", "thumbnail");

	@TempDir
	private Path temporary;
	private Path folder;

	@BeforeEach
	void choose() {
		folder = temporary.resolve("report");
	}

	private void write(final String... paths) throws IOException {
		try (Report report = Report.begin(folder, Rows.PROVENANCE, paths.length)) {
			for (final String path : paths)
				report.add(Rows.scored(path, 1, 0.5), Rows.picture(100));
		}
	}

	private static List<String> images(final int... numbers) {
		return KINDS.stream().flatMap(kind -> Arrays.stream(numbers).mapToObj(n -> kind + "/000/00000" + n)).toList();
	}

	@Test
	void eachRowIsThereAtOnceWithItsPictures() throws IOException {
		try (Report report = Report.begin(folder, Rows.PROVENANCE, 2)) {
			assertEquals(1, Rows.lines(folder).size()); // the run
			report.add(Rows.scored("a.png", 1, 0.25), Rows.picture(100));
			assertEquals("<script>row({\"path\":\"a.png\",\"slice\":1,\"score\":0.25000000,\"crop_min\":0.25000000,\"crop_max\":0.25000000,\"crops\":1,\"device\":\"cpu\",\"width\":640,\"height\":320,\"seconds\":0.250,\"n\":1,\"maps\":true})</script>", Rows.lines(folder).get(1));
			report.add(Rows.failed("b.png", "It is broken."), null);
			assertEquals("<script>row({\"path\":\"b.png\",\"slice\":1,\"device\":\"cpu\",\"width\":640,\"height\":320,\"error\":\"It is broken.\"})</script>", Rows.lines(folder).get(2));
			report.finish();
			assertTrue(Rows.lines(folder).get(3).startsWith("<script>end({\"ended\":\""));
		}
		assertEquals(images(1), Rows.images(folder));
		final BufferedImage thumbnail = ImageIO.read(folder.resolve("thumbnail/000/000001.jpg").toFile());
		assertEquals(160, thumbnail.getWidth());
		assertEquals(80, thumbnail.getHeight());
		assertEquals(100, thumbnail.getRGB(80, 40) & 0xff, 2);
		assertEquals(512, ImageIO.read(folder.resolve("quality/000/000001.jpg").toFile()).getWidth());
		try (Stream<Path> files = Files.list(folder)) {
			assertEquals(6, files.count()); // no lock, no part
		}
	}

	@Test
	void atMostAThousandFilesInAFolder() throws IOException {
		final Illustrations images = new Illustrations(temporary);
		images.use(999);
		assertEquals(1000, images.write(Rows.picture(1), null).number());
		assertEquals(List.of("picture/001/001000", "thumbnail/001/001000"), Rows.images(temporary));
	}

	/** What HTML would read as its own is written as numbers. */
	@Test
	void noNameEndsTheScript() throws IOException {
		final String name = "</script><script>alert('1')</script><!-- \"&\u2028\n日本.png";
		write(name);
		final String line = Rows.lines(folder).get(1);
		final String argument = line.substring("<script>row(".length(), line.length() - ")</script>".length());
		assertTrue(argument.chars().noneMatch(c -> "<>&'\u2028\n".indexOf(c) >= 0), argument);
		assertEquals(List.of(name + " 1"), Rows.paths(folder));
	}

	@Test
	void whatIsSomebodyElsesIsRefused() throws IOException {
		assertNull(Report.problem(folder));
		assertTrue(Files.isDirectory(folder));
		Files.writeString(folder.resolve("letter.txt"), "Dear");
		assertEquals(" is not empty, and no report: name another folder.", Report.problem(folder));
		Files.writeString(folder.resolve("index.html"), "<!DOCTYPE html>\n<title>My page</title>");
		assertEquals(" is not empty, and no report: name another folder.", Report.problem(folder));
		assertEquals(" is a file; the name of a folder is needed.", Report.problem(folder.resolve("letter.txt")));
		Files.delete(folder.resolve("index.html"));
		Files.delete(folder.resolve("letter.txt"));
		write("a");
		assertNull(Report.problem(folder));
	}

	@Test
	void begunAnewTheOldOneGoesAndWhatIsNotOursStays() throws IOException {
		write("a", "b", "c");
		Files.writeString(folder.resolve("scores.csv"), "mine");
		Files.writeString(folder.resolve("picture/mine.jpg"), "mine");
		write("d");
		assertEquals(List.of("d 1"), Rows.paths(folder));
		Files.delete(folder.resolve("picture/mine.jpg"));
		assertEquals(images(4), Rows.images(folder)); // no number twice: browsers keep pictures
		assertEquals("mine", Files.readString(folder.resolve("scores.csv")));
	}

	@Test
	void goneOnWithNothingIsThereTwice() throws IOException {
		write("a", "b", "c");
		try (Report report = Report.goOn(folder, Rows.PROVENANCE, 4, earlier("a", "c"))) {
			assertEquals(List.of("a 1", "c 1"), Rows.paths(folder));
			assertEquals(images(1, 3), Rows.images(folder));
			report.add(Rows.scored("b", 1, 0.75), Rows.picture(1));
			report.add(Rows.scored("b", 2, 0.75), Rows.picture(1));
		}
		assertEquals(List.of("a 1", "c 1", "b 1", "b 2"), Rows.paths(folder));
		assertEquals(images(1, 3, 4, 5), Rows.images(folder));
		assertEquals(1, Rows.lines(folder).stream().filter(line -> line.startsWith("<script>run(")).count());
	}

	private static Report.Earlier earlier(final String... paths) {
		final Report.Earlier earlier = new Report.Earlier();
		for (final String path : paths)
			earlier.add(CsvTable.cells(Rows.scored(path, 1, 0.5)));
		return earlier;
	}

	/** The file was scored anew by a run without a report. */
	@Test
	void aRowThatIsAnotherNowGoesWithItsPictures() throws IOException {
		write("a", "b");
		final Report.Earlier earlier = earlier("a");
		earlier.add(CsvTable.cells(Rows.scored("b", 1, 0.625)));
		try (Report report = Report.goOn(folder, Rows.PROVENANCE, 2, earlier)) {
			report.addEarlier(CsvTable.cells(Rows.scored("a", 1, 0.5)));
			report.addEarlier(CsvTable.cells(Rows.scored("b", 1, 0.625)));
		}
		assertEquals(List.of("a 1", "b 1"), Rows.paths(folder));
		assertTrue(Rows.lines(folder).get(2).contains("\"score\":0.62500000,"), Rows.lines(folder).get(2));
		assertEquals(images(1), Rows.images(folder));
	}

	@Test
	void aDamagedPageIsNoReasonToStop() throws IOException {
		write("a", "b");
		final Path page = folder.resolve(Report.PAGE);
		Files.writeString(page, Files.readString(page).replace("\"provenance\":{", "\"provenance\":[1],\"x\":{").replace("\"n\":2", "\"n\":\"two\"").replace("\"path\":\"a\"", "\"path\":[]"));
		try (Report report = Report.goOn(folder, Rows.PROVENANCE, 2, earlier("a", "b"))) {
			report.add(Rows.scored("a", 1, 0.5), null);
		}
		assertEquals(List.of("b 1", "a 1"), Rows.paths(folder));
	}

	@Test
	void rowsOfEarlierRunsComeWithoutPictures() throws IOException {
		write("a");
		try (Report report = Report.goOn(folder, Rows.PROVENANCE, 2, earlier("a"))) {
			report.addEarlier(CsvTable.cells(Rows.scored("a", 1, 0.5)));
			report.addEarlier(CsvTable.cells(Rows.scored("b", 2, 0.125)));
		}
		assertEquals(List.of("a 1", "b 2"), Rows.paths(folder));
		assertEquals("<script>row({\"path\":\"b\",\"slice\":2,\"score\":0.12500000,\"crop_min\":0.12500000,\"crop_max\":0.12500000,\"crops\":1,\"device\":\"cpu\",\"width\":640,\"height\":320,\"seconds\":0.250})</script>", Rows.lines(folder).get(2));
	}

	/** Whatever a kill has left of the last line, and of pictures that no row names. */
	@Test
	void aCutLineIsDropped() throws IOException {
		write("a", "b");
		final Path page = folder.resolve(Report.PAGE);
		final byte[] whole = Files.readAllBytes(page);
		final int last = Rows.lines(folder).get(2).length() + 1;
		for (int cut = 2; cut < last; cut += 7) {
			Files.write(page, Arrays.copyOf(whole, whole.length - cut));
			try (Report report = Report.goOn(folder, Rows.PROVENANCE, 2, earlier("a"))) {
				assertEquals(List.of("a 1"), Rows.paths(folder), "cut by " + cut);
				report.add(Rows.scored("b", 1, 0.5), Rows.picture(1));
			}
			assertEquals(List.of("a 1", "b 1"), Rows.paths(folder));
			assertEquals(images(1, 2), Rows.images(folder));
		}
	}

	@Test
	void aKillBeforeTheFirstPageDoesNoHarm() throws IOException {
		Files.createDirectories(folder);
		Files.writeString(folder.resolve("index.html.part"), "<!DOC");
		Files.writeString(folder.resolve("index.html.lock"), "");
		assertNull(Report.problem(folder));
		write("a");
		assertEquals(List.of("a 1"), Rows.paths(folder));
		assertFalse(Files.exists(folder.resolve("index.html.part")));
	}

	@Test
	void rowsOfOtherModelsAreNotMixed() throws IOException {
		write("a");
		final byte[] before = Files.readAllBytes(folder.resolve(Report.PAGE));
		final DgiqaException refused = assertThrows(DgiqaException.class, () -> Report.goOn(folder, Rows.provenance("other"), 1, earlier("a")));
		assertEquals("The report in " + folder + " is of rows that were made otherwise (model was m, is other): name another folder, or leave out resume to replace it.", refused.getMessage());
		assertEquals(new String(before), Files.readString(folder.resolve(Report.PAGE)));
		assertFalse(Files.exists(folder.resolve("index.html.part")));
	}

	@Test
	void twoRunsDoNotWriteOne() throws IOException {
		try (Report report = Report.begin(folder, Rows.PROVENANCE, 1)) {
			final DgiqaException refused = assertThrows(DgiqaException.class, () -> Report.begin(folder, Rows.PROVENANCE, 1));
			assertEquals(folder + " is being written by another run: wait for it, or choose another name.", refused.getMessage());
			report.add(Rows.scored("a", 1, 0.5), null);
		}
		assertEquals(List.of("a 1"), Rows.paths(folder));
	}

	/** A disk that takes no picture: the page stays as it was. */
	@Test
	void nothingIsLeftOfARowThatCannotBeWritten() throws IOException {
		try (Report report = Report.begin(folder, Rows.PROVENANCE, 2)) {
			report.add(Rows.scored("a", 1, 0.5), Rows.picture(1));
			Files.move(folder.resolve("quality"), temporary.resolve("away"));
			Files.writeString(folder.resolve("quality"), "a file in the way");
			assertThrows(IOException.class, () -> report.add(Rows.scored("b", 1, 0.5), Rows.picture(1)));
		}
		assertEquals(List.of("a 1"), Rows.paths(folder));
		assertEquals(List.of("attention/000/000001", "depth/000/000001", "picture/000/000001", "thumbnail/000/000001"), Rows.images(folder));
	}
}
