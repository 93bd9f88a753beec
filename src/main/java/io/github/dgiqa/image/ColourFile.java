package io.github.dgiqa.image;

import ij.ImagePlus;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;

import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
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
		return open(file, format, Picture.LARGE);
	}

	/** The same. @param fastAtMost pixels of a PNG; of a larger one there is no second image in memory, but its reader goes pixel by pixel */
	static ImagePlus open(final Path file, final String format, final long fastAtMost) {
		final ImageReader reader = javas(format);
		if (reader == null) return null;
		try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
			reader.setInput(in, true, true);
			final boolean[] warned = {false};
			reader.addIIOReadWarningListener((source, warning) -> warned[0] = true);
			if (!isCommon(reader.getImageTypes(0).next())) return null;
			final boolean isJpeg = format.equals("JPEG");
			final ColorProcessor colours = read(reader, isJpeg ? 0 : fastAtMost);
			return warned[0] ? null : new ImagePlus(file.getFileName().toString(), isJpeg ? shown(colours) : colours);
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

	/** Whether a reader has three bytes of sRGB for each pixel. */
	private static boolean isCommon(final ImageTypeSpecifier type) {
		return type.getBufferedImageType() == BufferedImage.TYPE_3BYTE_BGR && type.getColorModel().getColorSpace().isCS_sRGB();
	}

	private static ColorProcessor read(final ImageReader reader, final long fastAtMost) throws IOException {
		final int width = reader.getWidth(0);
		final int height = reader.getHeight(0);
		final int[] pixels = new int[width * height];
		final BufferedImage rows = ColourRows.image(width, height, pixels);
		if (pixels.length > fastAtMost) {
			final ImageReadParam param = reader.getDefaultReadParam();
			param.setDestination(rows);
			reader.read(0, param);
		}
		else rows.getRaster().setRect(reader.read(0).getRaster());
		return new ColorProcessor(width, height, pixels);
	}

	/** Of a JPEG, ImageJ makes colours that are all grey to grey levels. */
	private static ImageProcessor shown(final ColorProcessor colours) {
		return colours.isGrayscale() ? colours.convertToByteProcessor(false) : colours;
	}
}
