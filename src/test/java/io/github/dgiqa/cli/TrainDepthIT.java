package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.io.FileSaver;
import ij.process.FloatProcessor;

import io.github.dgiqa.ProgramRun;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built program's train with a depth model. */
class TrainDepthIT {

	@TempDir
	Path folder;
	private Path maps;

	/** Near is at the bottom. */
	@BeforeEach
	void draw() throws IOException {
		maps = Files.createDirectory(folder.resolve("maps"));
		for (final String name : List.of("coffee", "chelsea")) {
			final ImagePlus photo = IJ.openImage("samples/" + name + ".png");
			final FloatProcessor map = new FloatProcessor(photo.getWidth(), photo.getHeight());
			for (int i = 0; i < map.getPixelCount(); i++)
				map.setf(i, 1f / (photo.getHeight() + 1 - i / photo.getWidth()));
			assertTrue(new FileSaver(new ImagePlus("", map)).saveAsTiff(maps.resolve(name + ".tif").toString()));
		}
	}

	private ProgramRun train(final Object... more) {
		final Object[] start = {"train", "--photos", "samples", "--out", folder.resolve("new"), "--steps", 2, "--batch", 2, "--held-out", 1};
		final Object[] all = Arrays.copyOf(start, start.length + more.length);
		System.arraycopy(more, 0, all, start.length, more.length);
		return ProgramRun.dgiqa(all);
	}

	@Test
	void resultIsADepthModel() {
		final ProgramRun run = train("--model", "depth-compact", "--depth-maps", maps);
		assertEquals(0, run.status(), run.err());
		assertTrue(run.out().matches("(?s).*new: held-out SRCC -?0\\.\\d{4}, PLCC -?0\\.\\d{4} over 1 images\\s*"), run.out());
		assertTrue(run.err().contains("step 2: held-out SRCC") && !run.err().contains("levels in order"), run.err());
		final ProgramRun assess = ProgramRun.dgiqa("assess", "--depth", folder.resolve("new"), "samples/coffee.png");
		assertEquals(0, assess.status(), assess.err());
		assertTrue(assess.out().contains(",dgiqa-compact,new,"), assess.out());
	}

	@Test
	void kindOfModelAndMapsGoTogether() throws IOException {
		final ProgramRun without = train("--model", "depth-compact");
		assertEquals(2, without.status(), without.err());
		assertTrue(without.err().startsWith("depth-compact is a depth model: give the depth maps of the photographs with --depth-maps FOLDER."), without.err());
		final ProgramRun quality = train("--depth-maps", maps);
		assertEquals(2, quality.status(), quality.err());
		assertTrue(quality.err().startsWith("dgiqa-compact is not a depth model: leave out --depth-maps"), quality.err());
		assertFalse(Files.exists(folder.resolve("new")));
		Files.delete(maps.resolve("coffee.tif"));
		final ProgramRun missing = train("--model", "depth-compact", "--depth-maps", maps);
		assertEquals(1, missing.status(), missing.err());
		assertTrue(missing.err().contains("has no depth map of " + Path.of("samples", "coffee.png") + ": a PNG or TIFF named coffee was expected"), missing.err());
	}
}
