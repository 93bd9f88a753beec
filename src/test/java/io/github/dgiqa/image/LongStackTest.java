package io.github.dgiqa.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.io.FileInfo;
import ij.io.FileSaver;
import ij.io.Opener;
import ij.io.TiffEncoder;
import ij.process.ByteProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

	/** Brighter from slice to slice, and from left to right. */
	private static ImageStack ramps(final int slices, final int first) {
		return ramps(SIDE, slices, first);
	}

	private static ImageStack ramps(final int side, final int slices, final int first) {
		final ImageStack stack = new ImageStack(side, side);
		for (int i = 0; i < slices; i++) {
			final short[] pixels = new short[side * side];
			for (int at = 0; at < pixels.length; at++)
				pixels[at] = (short) (i < first ? 7 : 1000 * i + at % side);
			stack.addSlice(new ShortProcessor(side, side, pixels, null));
		}
		return stack;
	}

	@ParameterizedTest
	@ValueSource(ints = {0, 1}) // slices at the beginning that are blank
	void sixteenBitsAreShownAsByImageJ(final int blank) throws IOException {
		final ImagePlus image = new ImagePlus("sixteen", ramps(18, blank));
		assertAsByImageJ(written(image, null), 18);
	}

	@Test
	void signedSixteenBitsAreShownAsByImageJ() {
		final ImagePlus image = new ImagePlus("signed", ramps(18, 0));
		image.getLocalCalibration().setSigned16BitCalibration();
		assertAsByImageJ(saved(image), 18);
	}

	@Test
	void colouredGreysAreShownAsByImageJ() {
		final ImageStack stack = new ImageStack(SIDE, SIDE);
		for (int i = 0; i < 35; i++) {
			final byte[] pixels = new byte[SIDE * SIDE];
			for (int at = 0; at < pixels.length; at++)
				pixels[at] = (byte) (i + at % SIDE);
			stack.addSlice(new ByteProcessor(SIDE, SIDE, pixels));
		}
		final ImagePlus image = new ImagePlus("orange", stack);
		image.setLut(LUT.createLutFromColor(Color.ORANGE));
		image.setDisplayRange(20, 200);
		assertAsByImageJ(saved(image), 35);
	}

	@ParameterizedTest
	@ValueSource(strings = {"channels=2\nslices=9\n", "channels=2\nslices=9\nhyperstack=true\n", "channels=2\nslices=9\nhyperstack=true\nmode=color\n", "channels=2\nslices=9\nhyperstack=true\nmode=composite\n", "slices=3\nframes=6\nhyperstack=true\n", "slices=3\nframes=6\nhyperstack=true\norder=zct\n"})
	void whatAFileSaysOfItsSlicesIsDoneAsByImageJ(final String words) throws IOException {
		final Path file = written(new ImagePlus("words", ramps(18, 0)), "ImageJ=1.54p\nimages=18\n" + words);
		assertAsByImageJ(file, words.contains("composite") ? 9 : 18);
	}

	@ParameterizedTest
	@ValueSource(strings = {"none", "LZW"})
	void aTiffOfAnotherProgramIsShownAsByImageJ(final String compression) throws IOException {
		assertAsByImageJ(pages("pages", BufferedImage.TYPE_USHORT_GRAY, compression), 18);
	}

	@Test
	void pagesInColourAreShownAsByImageJ() throws IOException {
		assertAsByImageJ(pages("colours", BufferedImage.TYPE_3BYTE_BGR, "none"), 18);
	}

	/** Written by Java, each with a directory of its own. */
	private Path pages(final String name, final int type, final String compression) throws IOException {
		final Path file = folder.resolve(name + ".tif");
		final ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
		try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
			writer.setOutput(out);
			writer.prepareWriteSequence(null);
			final ImageWriteParam param = writer.getDefaultWriteParam();
			if (!compression.equals("none")) {
				param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
				param.setCompressionType(compression);
			}
			for (int i = 0; i < 18; i++) {
				final BufferedImage image = new BufferedImage(SIDE, SIDE, type);
				for (int y = 0; y < SIDE; y++)
					for (int x = 0; x < SIDE; x++)
						for (int band = 0; band < image.getRaster().getNumBands(); band++)
							image.getRaster().setSample(x, y, band, (200 + 20 * band) * (i + 1) + x % 5);
				writer.writeToSequence(new IIOImage(image, null, null), param);
			}
			writer.endWriteSequence();
		}
		finally {
			writer.dispose();
		}
		return file;
	}

	@Test
	void aSliceThatCannotBeReadAnyMoreIsNotBlack() throws IOException {
		final Path file = written(new ImagePlus("gone", ramps(18, 0)), null);
		try (ImageFile found = ImageFile.open(file)) {
			assertEquals(SIDE, found.picture(17).width());
			try (RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
				shorter.setLength(shorter.length() / 2);
			}
			assertEquals(SIDE, found.picture(3).width());
			assertEquals("Slice 18 cannot be read any more: the file has become shorter.", assertThrows(ImageException.class, () -> found.picture(17)).getMessage());
			Files.delete(file);
			assertTrue(assertThrows(ImageException.class, () -> found.picture(3)).getMessage().startsWith("Slice 4 cannot be read any more: "));
		}
	}

	private static void assertAsByImageJ(final Path file, final int size) {
		final ImagePlus expected = new Opener().openImage(file.toString());
		final List<Integer> positions = Pictures.positions(expected);
		assertEquals(size, positions.size());
		try (ImageFile found = ImageFile.open(file)) {
			assertEquals(size, found.size());
			for (int i = 0; i < size; i++) {
				assertEquals(positions.get(i), found.slice(i));
				assertArrayEquals(Pictures.of(expected, positions.get(i)).rgb(), found.picture(i).rgb(), "picture " + i);
			}
		}
	}

	/** @param words ImageJ's description of the stack; null for none, and with it no display range */
	private Path written(final ImagePlus image, final String words) throws IOException {
		final Path file = folder.resolve(image.getTitle() + ".tif");
		final FileInfo info = image.getFileInfo();
		info.nImages = image.getStackSize();
		info.description = words == null ? "ImageJ=1.54p\nimages=" + info.nImages + "\n" : words;
		try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
			new TiffEncoder(info).write(out);
		}
		return file;
	}

	@Test
	void channelsAreMixedAsByImageJ() {
		final ImagePlus image = new ImagePlus("max", ramps(18, 0));
		image.setDimensions(2, 9, 1);
		final CompositeImage composite = new CompositeImage(image, CompositeImage.COMPOSITE);
		composite.setChannelLut(LUT.createLutFromColor(Color.YELLOW), 1); // red and green, and a second green
		composite.setC(1);
		composite.setDisplayRange(0, 1000);
		composite.setC(2);
		composite.setDisplayRange(0, 4000);
		composite.setProp("CompositeProjection", "Max");
		assertAsByImageJ(saved(composite), 9);
	}

	/** Two channels of four slices would be eight. */
	@Test
	void channelsThatAreNotAllThereAreSlicesAsInImageJ() throws IOException {
		assertAsByImageJ(written(new ImagePlus("seven", ramps(1600, 7, 0)), "ImageJ=1.54p\nimages=7\nchannels=2\nslices=4\nhyperstack=true\nmode=composite\n"), 7);
	}

	private Path saved(final ImagePlus image) {
		final Path file = folder.resolve(image.getTitle() + ".tif");
		new FileSaver(image).saveAsTiffStack(file.toString());
		return file;
	}
}
