package io.github.dgiqa.report;

import io.github.dgiqa.assess.Assessment;
import io.github.dgiqa.display.MapImage;
import io.github.dgiqa.display.MapKind;
import io.github.dgiqa.image.Images;
import io.github.dgiqa.image.Picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * The small pictures of a report, JPEG: KIND/000/000123.jpg, at most 1000 in a folder. Rows name theirs by the number,
 * from 1.
 */
final class Illustrations {

	/** Long side of a thumbnail. */
	static final int THUMBNAIL = 160;

	private static final String THUMBNAILS = "thumbnail";
	private static final String PICTURES = "picture";
	private static final int IN_FOLDER = 1000;
	private static final float QUALITY = 0.85f;

	/** Those of a row. @param maps whether maps are among them */
	record Written(int number, boolean maps) {}

	private final Path folder;
	private int last;

	Illustrations(final Path folder) {
		this.folder = folder;
	}

	/** Notes that a number is taken. */
	void use(final int number) {
		last = Math.max(last, number);
	}

	/**
	 * Writes those of a picture.
	 *
	 * @param assessment whose maps are drawn too, where it has any; null for none
	 * @return which they are
	 * @throws IOException where that is not possible; none is left then
	 */
	Written write(final Picture picture, final Assessment assessment) throws IOException {
		final Map<String, byte[]> files = new LinkedHashMap<>();
		files.put(THUMBNAILS, jpeg(Images.of(picture.reduced(THUMBNAIL))));
		files.put(PICTURES, jpeg(Images.of(picture)));
		if (assessment != null && assessment.hasMaps()) addMaps(picture, assessment, files);
		final int number = last + 1;
		try {
			for (final Map.Entry<String, byte[]> file : files.entrySet()) {
				final Path at = file(file.getKey(), number);
				Files.createDirectories(at.getParent());
				Files.write(at, file.getValue());
			}
		}
		catch (final IOException e) {
			delete(number);
			throw e;
		}
		last = number;
		return new Written(number, files.containsKey(MapKind.DEPTH.key()));
	}

	/** All of them, or none. */
	private static void addMaps(final Picture picture, final Assessment assessment, final Map<String, byte[]> files) throws IOException {
		final Map<String, byte[]> maps = new LinkedHashMap<>();
		try {
			for (final MapKind kind : MapKind.values())
				maps.put(kind.key(), jpeg(MapImage.overlay(picture, assessment, kind)));
		}
		catch (final OutOfMemoryError e) {
			return; // the row counts
		}
		files.putAll(maps);
	}

	/** Deletes those of a number, as far as that is possible. */
	void delete(final int number) {
		delete(THUMBNAILS, number);
		delete(PICTURES, number);
		for (final MapKind kind : MapKind.values())
			delete(kind.key(), number);
	}

	private void delete(final String kind, final int number) {
		try {
			Files.deleteIfExists(file(kind, number));
		}
		catch (final IOException e) {
			// no row names it
		}
	}

	private Path file(final String kind, final int number) {
		return folder.resolve(kind).resolve(String.format(Locale.ROOT, "%03d", number / IN_FOLDER)).resolve(String.format(Locale.ROOT, "%06d.jpg", number));
	}

	private static byte[] jpeg(final BufferedImage image) throws IOException {
		final ImageWriter writer = Images.javas(ImageIO.getImageWritersByFormatName("jpeg"));
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
			final ImageWriteParam parameters = writer.getDefaultWriteParam();
			parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
			parameters.setCompressionQuality(QUALITY);
			writer.setOutput(out);
			writer.write(null, new IIOImage(image, null, null), parameters);
		}
		finally {
			writer.dispose();
		}
		return bytes.toByteArray();
	}
}
