package io.github.dgiqa.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.io.FileSaver;

import io.github.dgiqa.image.ImageException;
import io.github.dgiqa.image.ImageFile;

import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pictures come in order, a little before they are needed, and no sooner. */
@Timeout(60)
class ReadingTest {

	@TempDir
	private Path folder;
	private final List<String> opened = Collections.synchronizedList(new ArrayList<>());

	private static List<Inputs.Input> inputs(final Path... files) {
		return Inputs.expand(List.of(files).stream().map(Path::toString).toList());
	}

	private Path image(final String name, final int width, final int slices) {
		final Path file = folder.resolve(name);
		final ImagePlus image = IJ.createImage("", "8-bit black", width, 10, slices);
		assertTrue(slices > 1 ? new FileSaver(image).saveAsTiffStack(file.toString()) : new FileSaver(image).saveAsTiff(file.toString()));
		return file;
	}

	private ImageFile open(final Path file) {
		opened.add(file.getFileName().toString());
		return ImageFile.open(file);
	}

	private void awaitOpened(final int files) throws InterruptedException {
		for (int i = 0; i < 1000 && opened.size() < files; i++)
			Thread.sleep(10);
		Thread.sleep(100); // time for one too many
		assertEquals(files, opened.size(), opened.toString());
	}

	@Test
	void everyPictureInOrder() {
		final Path missing = folder.resolve("none.tif");
		try (Reading reading = Reading.of(inputs(image("a.tif", 20, 1), missing, image("b.tif", 30, 3)), ImageFile::open)) {
			final Reading.Read a = reading.take(() -> {});
			assertEquals(20, a.picture().width());
			assertEquals(List.of(1, 0, false), List.of(a.slice(), a.others(), a.isStack()));
			final Reading.Read none = reading.take(() -> {});
			assertNull(none.picture());
			assertTrue(none.error().getMessage() != null);
			for (int slice = 1; slice <= 3; slice++) {
				final Reading.Read b = reading.take(() -> {});
				assertEquals(30, b.picture().width());
				assertEquals(List.of(slice, slice == 1 ? 2 : 0, true), List.of(b.slice(), b.others(), b.isStack()));
			}
			assertNull(reading.take(() -> {}));
			assertNull(reading.take(() -> {}));
		}
	}

	/** A list that cannot tell its next file: whoever waits for it is told, and does not wait for ever. */
	@Test
	void aListThatFailsEndsTheReading() {
		final List<Inputs.Input> files = new AbstractList<>() {

			@Override
			public Inputs.Input get(final int i) {
				if (i == 1) throw new IllegalStateException("no more");
				return inputs(image("a.tif", 20, 1)).get(0);
			}

			@Override
			public int size() {
				return 3;
			}
		};
		try (Reading reading = Reading.of(files, ImageFile::open)) {
			assertEquals(20, reading.take(() -> {}).picture().width());
			assertEquals("no more", assertThrows(IllegalStateException.class, () -> reading.take(() -> {})).getMessage());
		}
	}

	@Test
	void oneIsReadAhead() throws InterruptedException {
		try (Reading reading = Reading.of(inputs(image("a.tif", 20, 1), image("b.tif", 20, 1), image("c.tif", 20, 1)), this::open)) {
			awaitOpened(1);
			reading.take(() -> {});
			awaitOpened(2);
		}
		awaitOpened(2);
	}

	/** 17 megapixels: two of them are never in memory together for this. */
	@Test
	void afterALargeOneNoneIs() throws InterruptedException {
		try (Reading reading = Reading.of(inputs(image("a.tif", 1_700_000, 1), image("b.tif", 20, 1)), this::open)) {
			assertEquals(1_700_000, reading.take(() -> {}).picture().width());
			awaitOpened(1);
			assertEquals(20, reading.take(() -> {}).picture().width());
		}
	}

	@Test
	void whoWaitsCanBeStopped() {
		final CountDownLatch closed = new CountDownLatch(1);
		try (Reading reading = Reading.of(inputs(image("a.tif", 20, 1)), file -> {
			try {
				assertTrue(closed.await(30, TimeUnit.SECONDS));
			}
			catch (final InterruptedException e) {
				throw new AssertionError(e);
			}
			return ImageFile.open(file);
		})) {
			assertThrows(CancellationException.class, () -> reading.take(() -> {
				throw new CancellationException();
			}));
			closed.countDown();
		}
	}

	@Test
	void whatAReaderThrows() {
		final Path a = image("a.tif", 20, 1);
		try (Reading reading = Reading.of(inputs(a, a), file -> {
			throw new ImageException("It is no image.");
		})) {
			assertEquals("It is no image.", reading.take(() -> {}).error().getMessage());
			assertFalse(reading.take(() -> {}).error() == null);
		}
		try (Reading reading = Reading.of(inputs(a), file -> {
			throw new StackOverflowError();
		})) {
			assertThrows(StackOverflowError.class, () -> reading.take(() -> {}));
		}
	}
}
