package io.github.dgiqa.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.io.FileSaver;
import ij.process.ByteProcessor;
import ij.process.ShortProcessor;

import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stacks of more than 32 MB are read slice by slice. */
class LongStackTest {

	private static final int SIDE = 1000;

	@TempDir
	private Path folder;

	@Test
	void eachSliceIsItsOwn() {
		final ImageStack stack = new ImageStack(SIDE, SIDE);
		for (int i = 0; i < 40; i++) {
			final byte[] pixels = new byte[SIDE * SIDE];
			Arrays.fill(pixels, (byte) (6 * i));
			stack.addSlice(new ByteProcessor(SIDE, SIDE, pixels));
		}
		final Path file = saved(new ImagePlus("long", stack));
		try (ImageFile found = ImageFile.open(file)) {
			assertEquals(40, found.size());
			for (final int i : new int[] {39, 0, 17}) {
				assertEquals(i + 1, found.slice(i));
				assertEquals(6 * i * 0x010101, found.picture(i).rgb()[SIDE * SIDE - 1] & 0xffffff);
			}
		}
	}

	@Test
	void channelsAreShownTogetherInTheirDisplayRanges() {
		final ImageStack stack = new ImageStack(SIDE, SIDE);
		for (int i = 0; i < 20; i++) {
			final short[] pixels = new short[SIDE * SIDE];
			Arrays.fill(pixels, (short) (i % 2 == 0 ? 500 : 2000)); // half of the first channel's range, all of the second's
			stack.addSlice(new ShortProcessor(SIDE, SIDE, pixels, null));
		}
		final ImagePlus image = new ImagePlus("channels", stack);
		image.setDimensions(2, 10, 1);
		final CompositeImage composite = new CompositeImage(image, CompositeImage.COMPOSITE); // red and green
		composite.setC(1);
		composite.setDisplayRange(0, 1000);
		composite.setC(2);
		composite.setDisplayRange(0, 2000);
		try (ImageFile found = ImageFile.open(saved(composite))) {
			assertEquals(10, found.size());
			final int rgb = found.picture(9).rgb()[0] & 0xffffff;
			assertEquals(127.5, rgb >> 16, 1);
			assertEquals(0x00ff00, rgb & 0x00ffff);
		}
	}

	private Path saved(final ImagePlus image) {
		final Path file = folder.resolve(image.getTitle() + ".tif");
		new FileSaver(image).saveAsTiffStack(file.toString());
		return file;
	}
}
