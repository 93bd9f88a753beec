package io.github.dgiqa.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Pictures as Java's codecs take and give them. */
public final class Images {

	private Images() {}

	/** The same pixels, in Java's form. */
	public static BufferedImage of(final Picture picture) {
		final BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_3BYTE_BGR);
		image.setRGB(0, 0, picture.width(), picture.height(), picture.rgb(), 0, picture.width());
		return image;
	}

	/** Of some readers or writers, the one that Java brings along: libraries of a host may bring others. */
	public static <T> T javas(final Iterator<T> plugins) {
		while (true) {
			final T plugin = plugins.next();
			if (plugin.getClass().getModule() == ImageIO.class.getModule()) return plugin;
		}
	}

	/** The first image of a file. */
	public static Picture read(final ImageReader reader, final byte[] file) {
		try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
			reader.setInput(in);
			final BufferedImage image = reader.read(0);
			final int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
			return Picture.rgb(image.getWidth(), image.getHeight(), rgb, List.of());
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e); // our own file
		}
		finally {
			reader.dispose();
		}
	}
}
