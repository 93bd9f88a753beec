package io.github.dgiqa.image;

import ij.ImagePlus;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * The common kind of JPEG and PNG: three channels of 8 bits, sRGB, of JPEGs those that are {@link JpegStructure#isPlain plain}.
 * Java's readers give the same pixels as ImageJ's, a JPEG in a tenth of the time.
 */
final class ColourFile {

	private ColourFile() {}

	/**
	 * What ImageJ would make of a file.
	 *
	 * @param format JPEG or PNG
	 * @return null where it is of another kind, or there is something wrong with it: ImageJ's reader knows better
	 */
	static ImagePlus open(final Path file, final String format) {
		final ImageReader reader = javas(format);
		if (reader == null) return null;
		try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
			reader.setInput(in, true, true);
			final boolean[] warned = {false};
			reader.addIIOReadWarningListener((source, warning) -> warned[0] = true);
			final BufferedImage image = reader.read(0);
			final boolean common = image.getType() == BufferedImage.TYPE_3BYTE_BGR && image.getColorModel().getColorSpace().isCS_sRGB();
			return common && !warned[0] ? new ImagePlus(file.getFileName().toString(), processor(image, format.equals("JPEG"))) : null;
		}
		catch (IOException | RuntimeException e) {
			return null;
		}
		finally {
			reader.dispose();
		}
	}

	/** Not that of a library, which may see colours in its own way; null where this Java has none. */
	private static ImageReader javas(final String format) {
		for (final Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format); readers.hasNext();) {
			final ImageReader reader = readers.next();
			if (reader.getClass().getModule() == ImageIO.class.getModule()) return reader;
		}
		return null;
	}

	/** @param grey whether colours that are all grey become grey levels; ImageJ does that to JPEGs */
	private static ImageProcessor processor(final BufferedImage image, final boolean grey) {
		final byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
		final int[] pixels = new int[bgr.length / 3];
		for (int i = 0; i < pixels.length; i++)
			pixels[i] = 0xff << 24 | (bgr[3 * i + 2] & 0xff) << 16 | (bgr[3 * i + 1] & 0xff) << 8 | bgr[3 * i] & 0xff;
		final ColorProcessor colours = new ColorProcessor(image.getWidth(), image.getHeight(), pixels);
		return grey && colours.isGrayscale() ? colours.convertToByteProcessor(false) : colours;
	}
}
