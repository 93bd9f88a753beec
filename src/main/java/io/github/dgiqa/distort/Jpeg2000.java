package io.github.dgiqa.distort;

import com.sun.media.imageio.plugins.jpeg2000.J2KImageWriteParam;
import com.sun.media.imageioimpl.plugins.jpeg2000.J2KImageReaderSpi;
import com.sun.media.imageioimpl.plugins.jpeg2000.J2KImageWriterSpi;

import io.github.dgiqa.image.ImageException;
import io.github.dgiqa.image.Images;
import io.github.dgiqa.image.Picture;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * jpeg2000: JPEG 2000 (wavelet 9/7) by JJ2000, as Bio-Formats has it. The level says how many times smaller than 24 bits
 * a pixel the file is.
 */
final class Jpeg2000 implements Codec {

	private static final double[] RATIO = Published.strengths("jpeg2000");
	private static final double BITS = 24;

	@Override
	public String name() {
		return "jpeg2000";
	}

	@Override
	public String extension() {
		return "jp2";
	}

	@Override
	public byte[] encode(final Picture picture, final int level) {
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
			final ImageWriter writer = new J2KImageWriterSpi().createWriterInstance(null);
			final J2KImageWriteParam parameters = (J2KImageWriteParam) writer.getDefaultWriteParam();
			parameters.setLossless(false);
			parameters.setFilter(J2KImageWriteParam.FILTER_97);
			parameters.setEncodingRate(BITS / RATIO[level - 1]);
			writer.setOutput(out);
			writer.write(null, new IIOImage(Images.of(picture), null, null), parameters);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e); // in memory
		}
		catch (final IllegalArgumentException e) { // the header alone is larger than that
			throw new ImageException("A picture of " + picture.width() + " x " + picture.height() + " pixels cannot be made " + (int) RATIO[level - 1] + " times smaller by JPEG 2000; a larger one is needed.", e);
		}
		return bytes.toByteArray();
	}

	@Override
	public Picture decode(final byte[] file) {
		try {
			return Images.read(new J2KImageReaderSpi().createReaderInstance(null), file);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}
}
