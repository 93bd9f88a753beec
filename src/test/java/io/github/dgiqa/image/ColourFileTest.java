package io.github.dgiqa.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import ij.IJ;
import ij.ImagePlus;
import ij.io.FileSaver;
import ij.io.Opener;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColourFileTest {

	private static final Path COFFEE = Path.of("samples/coffee.png");

	@TempDir
	private Path folder;

	@Test
	void aPngHasThePixelsThatImageJReads() {
		assertAsByImageJ(COFFEE, "PNG");
	}

	@ParameterizedTest
	@ValueSource(ints = {20, 75, 100}) // of full quality, ImageJ's writer keeps all colours
	void aJpegHasThePixelsThatImageJReads(final int quality) {
		final Path file = folder.resolve("coffee.jpg");
		final int before = FileSaver.getJpegQuality();
		FileSaver.setJpegQuality(quality);
		try {
			final ImagePlus odd = IJ.openImage(COFFEE.toString());
			odd.setRoi(3, 5, 333, 257);
			new FileSaver(odd.crop()).saveAsJpeg(file.toString());
		}
		finally {
			FileSaver.setJpegQuality(before);
		}
		assertAsByImageJ(file, "JPEG");
	}

	@Test
	void coloursThatAreAllGreyStayColoursInAPng() throws IOException {
		final ImagePlus found = assertAsByImageJ(grey("png"), "PNG");
		assertEquals(24, found.getBitDepth());
		assertEquals(0x070707, found.getProcessor().get(0, 0) & 0xffffff);
		assertEquals(0xcfcfcf, found.getProcessor().get(39, 9) & 0xffffff);
	}

	@Test
	void coloursThatAreAllGreyBecomeGreyLevelsInAJpeg() throws IOException {
		assertEquals(8, assertAsByImageJ(grey("jpg"), "JPEG").getBitDepth());
	}

	/** Brighter from left to right: 7 to 207. */
	private Path grey(final String format) throws IOException {
		final BufferedImage image = new BufferedImage(40, 10, BufferedImage.TYPE_3BYTE_BGR);
		for (int y = 0; y < 10; y++)
			for (int x = 0; x < 40; x++)
				image.setRGB(x, y, 0x010101 * (7 + 200 * x / 39));
		final Path file = folder.resolve("grey." + format);
		ImageIO.write(image, format, file.toFile());
		return file;
	}

	@ParameterizedTest
	@ValueSource(ints = {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_BYTE_INDEXED, BufferedImage.TYPE_USHORT_GRAY})
	void otherKindsAreLeftToImageJ(final int type) throws IOException {
		final Path file = folder.resolve("other.png");
		ImageIO.write(new BufferedImage(8, 8, type), "png", file.toFile());
		assertNull(ColourFile.open(file, "PNG"));
	}

	@Test
	void aFileThatIsCutOffIsLeftToImageJ() throws IOException {
		final byte[] whole = Files.readAllBytes(COFFEE);
		final Path file = Files.write(folder.resolve("cut.png"), Arrays.copyOf(whole, whole.length / 2));
		assertNull(ColourFile.open(file, "PNG"));
	}

	@Test
	void aJpegWithDamagedDataIsLeftToImageJ() throws IOException {
		final Path file = folder.resolve("damaged.jpg");
		new FileSaver(IJ.openImage(COFFEE.toString())).saveAsJpeg(file.toString());
		final byte[] bytes = Files.readAllBytes(file);
		bytes[bytes.length / 2] = (byte) 0xff;
		bytes[bytes.length / 2 + 1] = (byte) 0xd9; // the end, in the middle of the data
		Files.write(file, bytes);
		assertNull(ColourFile.open(file, "JPEG"));
	}

	private static ImagePlus assertAsByImageJ(final Path file, final String format) {
		final ImagePlus found = ColourFile.open(file, format);
		assertNotNull(found);
		final ImagePlus expected = new Opener().openImage(file.toString());
		assertEquals(expected.getBitDepth(), found.getBitDepth());
		assertEquals(expected.getWidth(), found.getWidth());
		assertEquals(expected.getTitle(), found.getTitle());
		if (expected.getBitDepth() == 24) assertArrayEquals((int[]) expected.getProcessor().getPixels(), (int[]) found.getProcessor().getPixels());
		else assertArrayEquals((byte[]) expected.getProcessor().getPixels(), (byte[]) found.getProcessor().getPixels());
		return found;
	}
}
