package io.github.dgiqa.distort;

import io.github.dgiqa.image.Images;
import io.github.dgiqa.image.Picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.plugins.jpeg.JPEGQTable;
import javax.imageio.stream.ImageOutputStream;

import org.w3c.dom.NodeList;

/**
 * jpeg: baseline JPEG by Java's own codec, colours at half the resolution, with the standard's tables scaled to the
 * quality as the Independent JPEG Group's library does it. That library or libjpeg-turbo is what every Java uses; their
 * integer transforms agree to the last bit.
 */
final class Jpeg implements Codec {

	private static final String FORMAT = "javax_imageio_jpeg_image_1.0";
	private static final double[] QUALITY = Published.strengths("jpeg");

	@Override
	public String name() {
		return "jpeg";
	}

	@Override
	public String extension() {
		return "jpg";
	}

	@Override
	public byte[] encode(final Picture picture, final int level) {
		final ImageWriter writer = Images.javas(ImageIO.getImageWritersByFormatName("jpeg"));
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
			final BufferedImage image = Images.of(picture);
			final IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
			setTables(metadata, (int) QUALITY[level - 1]);
			writer.setOutput(out);
			writer.write(new IIOImage(image, null, metadata));
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e); // in memory
		}
		finally {
			writer.dispose();
		}
		return bytes.toByteArray();
	}

	private static void setTables(final IIOMetadata metadata, final int quality) throws IIOInvalidTreeException {
		final IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(FORMAT);
		final NodeList tables = root.getElementsByTagName("dqtable");
		for (int i = 0; i < tables.getLength(); i++) {
			final IIOMetadataNode node = (IIOMetadataNode) tables.item(i);
			final JPEGQTable standard = node.getAttribute("qtableId").equals("0") ? JPEGQTable.K1Luminance : JPEGQTable.K2Chrominance;
			node.setUserObject(new JPEGQTable(scaled(standard.getTable(), quality)));
		}
		metadata.setFromTree(FORMAT, root);
	}

	private static int[] scaled(final int[] table, final int quality) {
		final int percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
		final int[] scaled = new int[table.length];
		for (int i = 0; i < scaled.length; i++)
			scaled[i] = Math.max(1, Math.min(255, (table[i] * percent + 50) / 100));
		return scaled;
	}

	@Override
	public Picture decode(final byte[] file) {
		return Images.read(Images.javas(ImageIO.getImageReadersByFormatName("jpeg")), file);
	}
}
