package io.github.dgiqa.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import ij.IJ;
import ij.ImagePlus;
import ij.io.FileSaver;
import ij.io.Opener;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

	@ParameterizedTest
	@ValueSource(strings = {"PNG", "JPEG"})
	void anImageInSeveralPassesHasThePixelsThatImageJReads(final String format) throws IOException {
		final ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
		final ImageWriteParam param = writer.getDefaultWriteParam();
		param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
		final Path file = folder.resolve("passes." + format);
		try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
			writer.setOutput(out);
			writer.write(null, new IIOImage(ImageIO.read(COFFEE.toFile()).getSubimage(20, 10, 203, 151), null, null), param);
		}
		finally {
			writer.dispose();
		}
		assertAsByImageJ(file, format);
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

	@Test
	void aJpegWithAColourProfileIsLeftToImageJ() throws IOException {
		final byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
		final Path file = withSegment(0xe2, "ICC_PROFILE\0\1\1", profile);
		assertFalse(JpegStructure.of(file).isPlain());
		final int[] expected = (int[]) new Opener().openImage(file.toString()).getProcessor().getPixels();
		assertFalse(Arrays.equals(expected, (int[]) ColourFile.open(file, "JPEG").getProcessor().getPixels()), "Java's reader applies the profile");
		try (ImageFile found = ImageFile.open(file)) {
			assertArrayEquals(expected, Arrays.stream(found.picture(0).rgb()).map(rgb -> 0xff << 24 | rgb).toArray());
		}
	}

	/** A TIFF header and two directories, each with one entry: the tag, a number of two bytes, 1 of them, the value. */
	private static byte[] exif(final int tag, final int value, final int thumbnails) {
		return ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN).put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8) //
				.putShort((short) 1).putShort((short) tag).putShort((short) 3).putInt(1).putInt(value).putInt(26) //
				.putShort((short) 1).putShort((short) tag).putShort((short) 3).putInt(1).putInt(thumbnails).putInt(0).array();
	}

	@ParameterizedTest
	@CsvSource({"0x112,1,1,true", "0x112,6,6,false", "0x112,1,6,false", "0x112,6,1,false", "0x100,6,6,true"}) // orientation: upright, turned right; the width
	void aPhotographOfATurnedCameraIsLeftToImageJ(final int tag, final int value, final int thumbnails, final boolean plain) throws IOException {
		assertEquals(plain, JpegStructure.of(withSegment(0xe1, "Exif\0\0", exif(tag, value, thumbnails))).isPlain());
	}

	@Test
	void anExifThatCannotBeUnderstoodIsLeftToImageJ() throws IOException {
		assertFalse(JpegStructure.of(withSegment(0xe1, "Exif\0\0", new byte[] {'M', 'M', 0, 42, 0, 0, 1, 0})).isPlain());
		assertFalse(JpegStructure.of(withSegment(0xe1, "Exif\0\0", new byte[0])).isPlain());
	}

	@ParameterizedTest
	@CsvSource({"0,false", "1,true", "2,false"})
	void aJpegOfPhotoshopIsPlainWhereItsColoursAreAsInPhotographs(final int transform, final boolean plain) throws IOException {
		assertEquals(plain, JpegStructure.of(withSegment(0xee, "Adobe", new byte[] {0, 100, 0, 0, 0, 0, (byte) transform})).isPlain());
	}

	@Test
	void aJpegThatDoesNotSayWhatItsColoursAreIsLeftToImageJ() throws IOException {
		final byte[] jpeg = Files.readAllBytes(jpeg());
		assertEquals("JFIF", new String(jpeg, 6, 4, StandardCharsets.US_ASCII));
		jpeg[6] = 'X';
		assertFalse(JpegStructure.of(Files.write(folder.resolve("silent.jpg"), jpeg)).isPlain());
	}

	private Path jpeg() {
		final Path file = folder.resolve("coffee.jpg");
		new FileSaver(IJ.openImage(COFFEE.toString())).saveAsJpeg(file.toString());
		return file;
	}

	/** Coffee as a JPEG with another segment before the first. */
	private Path withSegment(final int marker, final String name, final byte[] data) throws IOException {
		final byte[] jpeg = Files.readAllBytes(jpeg());
		final ByteArrayOutputStream out = new ByteArrayOutputStream();
		final int length = 2 + name.length() + data.length;
		out.write(jpeg, 0, 2);
		out.writeBytes(new byte[] {(byte) 0xff, (byte) marker, (byte) (length >> 8), (byte) length});
		out.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
		out.writeBytes(data);
		out.write(jpeg, 2, jpeg.length - 2);
		return Files.write(folder.resolve("segment.jpg"), out.toByteArray());
	}

	private static ImagePlus assertAsByImageJ(final Path file, final String format) {
		assertAsByImageJ(file, ColourFile.open(file, format, 0)); // as if it were large
		return assertAsByImageJ(file, ColourFile.open(file, format));
	}

	private static ImagePlus assertAsByImageJ(final Path file, final ImagePlus found) {
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
