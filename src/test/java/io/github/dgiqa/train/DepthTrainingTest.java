package io.github.dgiqa.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.io.FileSaver;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.train.TrainingPlan.BatchStatistics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny depth network learns from drawn pictures. */
class DepthTrainingTest {

	private static final String DESCRIPTION = """
		{"format": 1, "name": "tiny", "title": "Tiny", "kind": "depth",
		 "network": {"type": "depth-pyramid", "encoder": {"type": "conv-pyramid", "stem": 16, "widths": [16, 24, 32, 32]}, "channels": 16},
		 "preprocessing": {"input_side": 64, "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]},
		 "files": []}
		""";

	@TempDir
	Path folder;
	private Path photos;
	private Path maps;

	@BeforeEach
	void draw() throws IOException {
		photos = Files.createDirectories(folder.resolve("photos"));
		maps = Files.createDirectories(folder.resolve("maps"));
		Files.writeString(Files.createDirectories(folder.resolve("tiny")).resolve("model.json"), DESCRIPTION);
		// two pictures, each once to look at (places 0 and 2 of 4) and once to learn from
		for (final String name : List.of("a1", "a2"))
			put(name, 96, 72, 30);
		for (final String name : List.of("b1", "b2"))
			put(name, 72, 96, 20);
	}

	/** Blue sky that grows paler, and a red disc that is near. */
	private void put(final String name, final int width, final int height, final int radius) {
		final ColorProcessor photo = new ColorProcessor(width, height);
		final ShortProcessor map = new ShortProcessor(width, height);
		for (int y = 0; y < height; y++)
			for (int x = 0; x < width; x++) {
				final boolean near = Math.hypot(x - width / 2.5, y - height / 2.5) < radius;
				final int pale = 200 * y / height;
				photo.set(x, y, near ? 0xd02010 : pale << 16 | pale << 8 | 0xf0);
				map.set(x, y, near ? 50_000 : 1000 + 20_000 * y / height);
			}
		save(photo, photos.resolve(name + ".png"));
		save(map, maps.resolve(name + ".png"));
	}

	/** Writes a PNG or a TIFF. */
	static void save(final ImageProcessor pixels, final Path file) {
		final FileSaver saver = new FileSaver(new ImagePlus("", pixels));
		assertTrue(file.toString().endsWith(".png") ? saver.saveAsPng(file.toString()) : saver.saveAsTiff(file.toString()));
	}

	private static TrainingPlan plan(final int steps) {
		return new TrainingPlan(steps, 4, 0.006, 5, 0.001, 1, 0.9, BatchStatistics.FIXED, 4, List.of(), steps / 2, 0, 7);
	}

	private Figures train(final String model, final String name, final TrainingPlan plan, final Trainer.Listener listener, final Runnable between) throws IOException {
		final Path out = Files.createDirectories(folder.resolve(name));
		final Training.Wishes wishes = new Training.Wishes(model, null, null, Training.From.SCRATCH, null, "new", out, DeviceChoice.CPU, 1, true);
		try (Stream<Path> files = Files.list(photos)) {
			return Training.onDepth(ModelStore.of(null), wishes, new Training.DepthMaps(files.toList(), maps, 2, 1), plan, listener, between);
		}
	}

	private String tiny() {
		return folder.resolve("tiny").toString();
	}

	@Test
	void learnsTwoPicturesByHeart() throws IOException {
		final Silent listener = new Silent();
		final Figures figures = train(tiny(), "out", plan(120), listener, () -> {});
		assertEquals(2, figures.images());
		assertTrue(figures.plcc() > 0.95 && figures.srcc() > 0.9, figures.toString());
		assertTrue(Double.isNaN(figures.monotone()));
		final double first = listener.losses.subList(0, 10).stream().mapToDouble(x -> x).average().getAsDouble();
		final double last = listener.losses.subList(110, 120).stream().mapToDouble(x -> x).average().getAsDouble();
		assertTrue(last < first / 2, first + " became " + last);
		// its folder is a model
		assertEquals("new", ModelStore.of(null).find(folder.resolve("out").toString()).name());
	}

	@Test
	void goesOnAsIfThereHadBeenNoBreak() throws IOException {
		final Figures whole = train(tiny(), "whole", plan(12), new Silent(), () -> {});
		final Silent before = new Silent();
		assertThrows(CancellationException.class, () -> train(tiny(), "broken", plan(12), before, () -> {
			if (before.losses.size() == 5) throw new CancellationException();
		}));
		final Silent after = new Silent();
		assertEquals(whole, train(tiny(), "broken", plan(12), after, () -> {}));
		assertEquals(List.of(5), after.resumed);
		assertEquals(7, after.losses.size());
		assertArrayEquals(weights("whole"), weights("broken"));
	}

	private byte[] weights(final String name) throws IOException {
		try (Stream<Path> files = Files.list(folder.resolve(name))) {
			return Files.readAllBytes(files.filter(file -> file.toString().endsWith(".safetensors")).findFirst().orElseThrow());
		}
	}

	private void assertRefused(final String model, final String... parts) {
		final String found = assertThrows(DgiqaException.class, () -> train(model, "refused", plan(2), new Silent(), () -> {})).getMessage();
		for (final String part : parts)
			assertTrue(found.contains(part), found);
	}

	@Test
	void modelsThatCannotLearnDepth() {
		assertRefused("dgiqa-compact", "dgiqa-compact", "is for quality; one for depth is needed");
		assertRefused("depth-anything-vits", "depth-anything-vits can be used, but not trained", "depth-compact");
	}

	@Test
	void mapsThatDoNotFit() throws IOException {
		Files.delete(maps.resolve("b1.png"));
		assertRefused(tiny(), "has no depth map of", "b1.png", "a PNG or TIFF named b1 was expected");
		save(new ShortProcessor(72, 96), maps.resolve("b1.png"));
		assertRefused(tiny(), "b1.png is the same everywhere");
		save(new ColorProcessor(72, 96, IntStream.range(0, 72 * 96).toArray()), maps.resolve("b1.png"));
		assertRefused(tiny(), "b1.png cannot be used: It has colours");
		save(drawn(72, 90), maps.resolve("b1.png"));
		assertRefused(tiny(), "b1.png has 72 x 90 pixels, its photograph b1.png 72 x 96", "64 x 64");
		// half as large is as good, and so is the square that the network sees
		save(drawn(36, 48), maps.resolve("b1.png"));
		save(drawn(64, 64), maps.resolve("b2.png"));
		assertEquals(2, train(tiny(), "small", plan(2), new Silent(), () -> {}).images());
		final FloatProcessor holes = new FloatProcessor(72, 96);
		holes.setf(3, Float.NaN);
		save(holes, maps.resolve("b3.tif"));
		Files.delete(maps.resolve("b1.png"));
		Files.move(maps.resolve("b3.tif"), maps.resolve("b1.tif"));
		assertRefused(tiny(), "b1.tif has pixels that are no finite numbers");
		Files.writeString(maps.resolve("b1.tif"), "no image");
		assertRefused(tiny(), "b1.tif cannot be used: The file is none of PNG");
		Files.copy(maps.resolve("b2.png"), maps.resolve("b1.png"));
		assertRefused(tiny(), "two depth maps of one name, b1.png and b1.tif");
	}

	private static ImageProcessor drawn(final int width, final int height) {
		final ShortProcessor map = new ShortProcessor(width, height);
		for (int i = 0; i < map.getPixelCount(); i++)
			map.set(i, i);
		return map;
	}
}
