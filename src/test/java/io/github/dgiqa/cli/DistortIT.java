package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.io.FileSaver;
import ij.process.ColorProcessor;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.distort.Distortions;
import io.github.dgiqa.distort.Scene;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Picture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built program's distort: pictures, rows, errors, exit statuses. */
class DistortIT {

	private static final String COFFEE = "samples/coffee.png";
	private static final String CHELSEA = "samples/chelsea.png";

	@TempDir
	Path folder;

	@Test
	void allOfTheSamples() throws IOException {
		final Path out = folder.resolve("new").resolve("distorted");
		final ProgramRun run = ProgramRun.dgiqa("distort", "--type", "all", "--level", "all", "--seed", 7, "samples", "--out", out);
		assertEquals(0, run.status(), run.err());
		assertEquals("", run.out());
		assertTrue(run.err().startsWith("seed 7, depth by depth-compact, PyTorch ") && run.err().contains("280 of 280"), run.err());
		assertEquals("image,score,reference,distortion,level,seed", Files.readAllLines(out.resolve("distorted.csv")).get(0));
		final List<CSVRecord> rows = rows(out);
		assertEquals(2 * 28 * 5, rows.size());
		final List<String> expected = new ArrayList<>();
		for (final String name : List.of("chelsea", "coffee"))
			for (final String type : Distortions.names())
				for (int level = 1; level <= 5; level++)
					expected.add(name + "-" + type + "-" + level + ".png");
		assertEquals(expected, rows.stream().map(row -> row.get("image")).toList());
		assertEquals(expected.size() + 1, files(out).size());
		for (final CSVRecord row : rows) {
			assertTrue(row.get("image").startsWith(row.get("reference").replace(".png", "") + "-" + row.get("distortion") + "-" + row.get("level")));
			assertEquals("7", row.get("seed"));
			assertEquals(List.of("low_light", "haze", "lens_flare").contains(row.get("distortion")), row.get("score").isEmpty());
			if (!row.get("score").isEmpty()) assertTrue(row.get("score").matches("0\\.\\d{6}"), row.get("score"));
		}
		// from KADID-10k's means
		assertEquals("0.477750", score(rows, "coffee-gaussian_blur-3.png")); // 2.911
		assertEquals("0.087500", score(rows, "chelsea-jpeg-5.png")); // 1.35
		assertEquals("0.895000", score(rows, "coffee-color_saturation_2-1.png")); // 4.58

		assertArrayEquals(picture(Path.of(COFFEE)).rgb(), picture(out.resolve("coffee-mean_shift-1.png")).rgb(), "a shift of 0");
		final Picture cat = picture(Path.of(CHELSEA));
		for (final String type : List.of("white_noise", "jpeg", "lens_flare"))
			assertArrayEquals(Distortions.find(type).apply(new Scene(cat, () -> null), 4, 7).rgb(), picture(out.resolve("chelsea-" + type + "-4.png")).rgb(), type);
		// 0.9 of white is the light of the air, and nothing of a hazy photograph is darker than its own part of it
		final Picture clear = picture(Path.of(COFFEE));
		final Picture hazy = picture(out.resolve("coffee-haze-5.png"));
		assertTrue(mean(hazy) > mean(clear) + 20 && mean(hazy) < 230, mean(clear) + " became " + mean(hazy));
	}

	private static double mean(final Picture picture) {
		double sum = 0;
		for (final int rgb : picture.rgb())
			sum += rgb >> 8 & 0xff;
		return sum / picture.rgb().length;
	}

	private static String score(final List<CSVRecord> rows, final String image) {
		return rows.stream().filter(row -> row.get("image").equals(image)).findFirst().orElseThrow().get("score");
	}

	/** A compiled and an interpreted program, another locale, another order and another name: the same noise. */
	@Test
	void theSamePictureAndSeedGiveTheSame() throws IOException {
		final Path small = small("small.tif");
		final Path copy = Files.copy(small, folder.resolve("other name.tif"));
		final String types = String.join(",", Distortions.names()).replace("haze,", "");
		assertEquals(0, ProgramRun.dgiqa("distort", "--type", types, "--level", 2, COFFEE, small, "--out", folder.resolve("a")).status());
		final ProgramRun run = ProgramRun.of(new ProcessBuilder(ProgramRun.java(), "-Xint", "-Duser.language=ar", "-Duser.country=EG", "-jar", ProgramRun.JAR.toString(), "distort", "--type", types, "--level", "2", copy.toString(), "--out", folder.resolve("b").toString()));
		assertEquals(0, run.status(), run.err());
		for (final String type : types.split(","))
			assertArrayEquals(picture(folder.resolve("a").resolve("small-" + type + "-2.png")).rgb(), picture(folder.resolve("b").resolve("other name-" + type + "-2.png")).rgb(), type);
		assertEquals("0.845500", rows(folder.resolve("b")).get(0).get("score")); // 4.382, with a point in Arabic too
		assertEquals("2", rows(folder.resolve("b")).get(0).get("level"));
	}

	@Test
	void stacksAndNames() throws IOException {
		final Path stack = small("cells.tif");
		final ImageStack slices = new ImageStack(40, 30);
		for (int i = 0; i < 3; i++)
			slices.addSlice(new ColorProcessor(40, 30));
		assertTrue(new FileSaver(new ImagePlus("", slices)).saveAsTiffStack(stack.toString()));
		final Path twin = Files.copy(Path.of(CHELSEA), Files.createDirectory(folder.resolve("twin")).resolve("cells.png"));
		final Path out = folder.resolve("out");
		final ProgramRun run = ProgramRun.dgiqa("distort", "--type", "jpeg,impulse_noise", "--type", "jpeg2000", "--level", "3,1", "--keep-encoded", stack, twin, "--out", out);
		assertEquals(1, run.status());
		assertTrue(run.err().contains("cells.tif, slice 1, jpeg2000 at level 3: A picture of 40 x 30 pixels cannot be made 45 times smaller by JPEG 2000; a larger one is needed."), run.err());
		final List<String> names = files(out);
		for (final String name : List.of("cells-s0001", "cells-s0002", "cells-s0003", "cells-2"))
			for (final String end : List.of("-jpeg-3.png", "-jpeg-3.jpg", "-jpeg-1.png", "-jpeg-1.jpg", "-impulse_noise-3.png", "-impulse_noise-1.png"))
				assertTrue(names.contains(name + end), name + end + " is not in " + names);
		assertTrue(names.contains("cells-2-jpeg2000-3.jp2") && names.contains("cells-2-jpeg2000-3.png"), run.err());
		assertFalse(names.stream().anyMatch(name -> name.endsWith(".part") || name.contains("impulse_noise") && name.endsWith(".jpg")));
		final List<CSVRecord> rows = rows(out);
		assertEquals("cells-s0001-jpeg-3.png", rows.get(0).get("image"));
		assertEquals("cells.tif", rows.get(0).get("reference"));
		assertArrayEquals(picture(out.resolve("cells-2-jpeg-3.jpg")).rgb(), picture(out.resolve("cells-2-jpeg-3.png")).rgb(), "the picture is what the file holds");
		assertEquals(names.stream().filter(name -> name.endsWith(".png")).count(), rows.size());
		assertNoTrace(run);
	}

	@Test
	void whatCannotBeReadIsASentenceAndTheOthersGoOn() throws IOException {
		final Path text = Files.writeString(folder.resolve("text.png"), "not a picture");
		final Path out = folder.resolve("out");
		final ProgramRun run = ProgramRun.dgiqa("distort", "--type", "darken", "--level", 1, folder.resolve("missing.png"), text, COFFEE, "--out", out);
		assertEquals(1, run.status());
		assertEquals(List.of("coffee-darken-1.png"), rows(out).stream().map(row -> row.get("image")).toList());
		assertTrue(run.err().contains("missing.png: There is no such file or folder.") && run.err().contains("text.png: ") && run.err().contains("looks like text"), run.err());
		assertTrue(run.err().endsWith("2 of 3 could not be made.\n"), run.err());
		assertNoTrace(run);
	}

	/** An earlier result is replaced; an image that is asked for never is. */
	@Test
	void whatIsReplaced() throws IOException {
		final Path out = folder.resolve("out");
		final Object[] command = {"distort", "--type", "darken", "--level", 5, COFFEE, "--out", out};
		Files.createDirectories(out);
		Files.writeString(out.resolve("coffee-darken-5.png"), "older");
		assertEquals(0, ProgramRun.dgiqa(command).status());
		assertEquals(600, picture(out.resolve("coffee-darken-5.png")).width());

		Files.copy(Path.of(COFFEE), out.resolve("coffee.png"));
		final byte[] before = Files.readAllBytes(out.resolve("coffee-darken-5.png"));
		final ProgramRun refused = ProgramRun.dgiqa("distort", "--type", "darken", "--level", 5, out, "--out", out);
		assertEquals(2, refused.status());
		assertTrue(refused.err().contains("coffee-darken-5.png is one of the images, and would be replaced"), refused.err());
		assertArrayEquals(before, Files.readAllBytes(out.resolve("coffee-darken-5.png")));
		assertNoTrace(refused);
		assertEquals(0, ProgramRun.dgiqa("distort", "--type", "darken", "--level", 4, out, "--out", out).status(), "beside the images is no harm");
	}

	@Test
	void wrongUsage() throws IOException {
		final Path out = folder.resolve("out");
		for (final Object[] arguments : List.of(
			new Object[] {"distort", COFFEE, "--out", out},
			new Object[] {"distort", "--type", "jpeg", COFFEE},
			new Object[] {"distort", "--type", "jpeg", "--out", out},
			new Object[] {"distort", "--type", "blur", COFFEE, "--out", out},
			new Object[] {"distort", "--type", "jpeg,", "--level", 6, COFFEE, "--out", out},
			new Object[] {"distort", "--type", "jpeg", "--level", "0", COFFEE, "--out", out},
			new Object[] {"distort", "--type", "jpeg", "--level", "x", COFFEE, "--out", out},
			new Object[] {"distort", "--type", "jpeg", "--seed", -1, COFFEE, "--out", out},
			new Object[] {"distort", "--type", "jpeg", "--seed", "a", COFFEE, "--out", out},
			new Object[] {"distort", "--type", "jpeg", COFFEE, "--out", Files.writeString(folder.resolve("file"), "")},
			new Object[] {"distort", "--type", "jpeg", Files.createDirectory(folder.resolve("empty" + System.nanoTime())), "--out", out}))
		{
			final ProgramRun run = ProgramRun.dgiqa(arguments);
			assertEquals(2, run.status(), List.of(arguments) + run.err());
			assertEquals("", run.out());
			assertTrue(run.err().lines().count() <= 2 && !run.err().isBlank(), run.err());
			assertNoTrace(run);
		}
		final String unknown = ProgramRun.dgiqa("distort", "--type", "blur", COFFEE, "--out", out).err();
		for (final String name : Distortions.names())
			assertTrue(unknown.contains(name), unknown);
		final ProgramRun depth = ProgramRun.dgiqa("distort", "--type", "haze", "--depth", "no-such-model", COFFEE, "--out", out);
		assertEquals(3, depth.status(), depth.err());
		assertTrue(ProgramRun.dgiqa("distort", "--help").out().contains("--keep-encoded"));
	}

	private Path small(final String name) throws IOException {
		final Picture cat = picture(Path.of(CHELSEA));
		final ColorProcessor part = new ColorProcessor(cat.width(), cat.height(), cat.rgb());
		part.setRoi(150, 80, 120, 80);
		final Path file = folder.resolve(name);
		assertTrue(new FileSaver(new ImagePlus("", part.crop())).saveAsTiff(file.toString()));
		return file;
	}

	private static Picture picture(final Path file) {
		try (ImageFile opened = ImageFile.open(file)) {
			return opened.picture(0);
		}
	}

	private static List<CSVRecord> rows(final Path out) throws IOException {
		return ProgramRun.rows(out.resolve("distorted.csv"));
	}

	private static List<String> files(final Path out) throws IOException {
		try (Stream<Path> files = Files.list(out)) {
			return files.map(file -> file.getFileName().toString()).toList();
		}
	}

	private static void assertNoTrace(final ProgramRun run) {
		assertFalse((run.out() + run.err()).contains("\tat ") || run.err().contains("Exception"), run.err());
	}
}
