package io.github.dgiqa.image;

import ij.IJ;
import ij.ImagePlus;
import ij.io.FileInfo;
import ij.io.FileOpener;
import ij.io.Opener;
import ij.io.TiffDecoder;
import ij.plugin.FileInfoVirtualStack;

import io.github.dgiqa.DgiqaException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** An image file, opened by ImageJ's own readers: PNG, JPEG, GIF, BMP or TIFF, one image or a stack. */
public final class ImageFile {

	private static final Set<String> EXTENSIONS = Set.of("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff");

	/** Bytes of heap for each pixel that opening and showing an image takes at its peak, beyond its raw pixels. */
	private static final int BYTES_PER_PIXEL = 12;
	private static final int START_BYTES = 132;
	private static final int EIGHT_BITS = 8;

	private enum Format {
		PNG, JPEG, GIF, BMP, TIFF
	}

	/** One of the pictures of a file: an image and a position in it. */
	private record View(ImagePlus image, int index) {}

	private final List<View> views = new ArrayList<>();
	private final boolean numbered;

	private ImageFile(final List<ImagePlus> images) {
		for (final ImagePlus image : images)
			for (final int index : Pictures.positions(image))
				views.add(new View(image, index));
		numbered = images.size() > 1;
	}

	/** Whether a file's name is that of an image. */
	public static boolean hasImageExtension(final Path file) {
		final String name = file.getFileName().toString();
		return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) && name.contains(".");
	}

	/**
	 * Opens a file, whatever its extension.
	 *
	 * @throws ImageException where it cannot be read: one sentence without the file's name
	 */
	public static ImageFile open(final Path file) {
		try {
			final ImageFile opened = new ImageFile(images(file.toAbsolutePath()));
			if (opened.views.isEmpty()) throw new ImageException("It holds no image.");
			return opened;
		}
		catch (final IOException e) {
			throw new ImageException("The file cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	/** The number of pictures: slices of a stack, or positions where several channels are shown together. */
	public int size() {
		return views.size();
	}

	/** Whether the file has more than one picture. */
	public boolean isStack() {
		return views.size() > 1;
	}

	/** The slice of picture i (from 0) in ImageJ's stack order, from 1; in a file of images of different sizes, the number of the image. */
	public int slice(final int i) {
		return numbered ? i + 1 : views.get(i).index;
	}

	/**
	 * Picture i, from 0.
	 *
	 * @throws ImageException where it cannot be shown
	 */
	public Picture picture(final int i) {
		return Pictures.of(views.get(i).image, views.get(i).index);
	}

	private static List<ImagePlus> images(final Path file) throws IOException {
		final byte[] start;
		try (InputStream in = Files.newInputStream(file)) {
			start = in.readNBytes(START_BYTES);
		}
		if (start.length == 0) throw new ImageException("The file is empty.");
		final Format format = format(start);
		if (format == null) throw new ImageException("The file is none of PNG, JPEG, GIF, BMP and TIFF: it " + looks(start) + ".");
		if (format == Format.TIFF) return tiff(file);
		checkDimensions(file, format);
		if (format == Format.JPEG && isCutOff(Files.readAllBytes(file))) throw new ImageException("The JPEG is cut off: its end is missing.");
		return List.of(byImageJ(file, format.name(), false));
	}

	private static Format format(final byte[] start) {
		if (startsWith(start, 0x89, 'P', 'N', 'G')) return Format.PNG;
		if (startsWith(start, 0xff, 0xd8, 0xff)) return Format.JPEG;
		if (startsWith(start, 'G', 'I', 'F', '8')) return Format.GIF;
		if (startsWith(start, 'B', 'M')) return Format.BMP;
		if (startsWith(start, 'I', 'I') && start.length > 3 && start[3] == 0 || startsWith(start, 'M', 'M', 0)) return Format.TIFF;
		return null;
	}

	private static boolean startsWith(final byte[] bytes, final int... expected) {
		if (bytes.length < expected.length) return false;
		for (int i = 0; i < expected.length; i++)
			if ((bytes[i] & 0xff) != expected[i]) return false;
		return true;
	}

	private static String looks(final byte[] start) {
		boolean zeros = true;
		boolean text = true;
		for (final byte b : start) {
			zeros &= b == 0;
			text &= b >= ' ' && b < 127 || b == '\t' || b == '\n' || b == '\r';
		}
		if (zeros) return "begins with zeros";
		if (!text) return "begins with other bytes than any of these";
		final String words = new String(start, StandardCharsets.US_ASCII).strip().toLowerCase(Locale.ROOT);
		return words.startsWith("<!doctype html") || words.startsWith("<html") ? "looks like a web page" : "looks like text";
	}

	/** Refuses what its header says does not fit, before anything is allocated for it. */
	private static void checkDimensions(final Path file, final Format format) throws IOException {
		final Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.name());
		final ImageReader reader = readers.next(); // every Java has these four
		try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
			reader.setInput(in, true, true);
			checkMemory(reader.getWidth(0), reader.getHeight(0), 1, 0);
		}
		catch (IOException | RuntimeException e) {
			if (e instanceof ImageException) throw e;
			throw new ImageException("The " + format + " is cut off or damaged: " + DgiqaException.sentence(e) + ".", e);
		}
		finally {
			reader.dispose();
		}
	}

	private static void checkMemory(final long width, final long height, final long images, final long bytesPerPixel) {
		if (width < 1 || height < 1) throw new ImageException("The image has no pixels: its header says " + width + " x " + height + ".");
		if (width > Picture.MOST_PIXELS / height) throw new ImageException("The image is too large: its header says " + width + " x " + height + " pixels.");
		final double needed = (double) width * height * (images * bytesPerPixel + BYTES_PER_PIXEL);
		if (needed > Runtime.getRuntime().maxMemory())
			throw new ImageException(String.format(Locale.ROOT, "The image is too large for Java's memory: its header says %d x %d pixels, which take about %.1f GB, and there are %.1f GB; give Java more (option -Xmx).", width, height, needed / 1e9, Runtime.getRuntime().maxMemory() / 1e9));
	}

	/** Whether there is no end-of-image marker behind the start of the first scan. */
	private static boolean isCutOff(final byte[] jpeg) {
		int at = 2;
		while (at + 4 <= jpeg.length && (jpeg[at] & 0xff) == 0xff) {
			final int marker = jpeg[at + 1] & 0xff;
			if (marker == 0xff) { // fill byte
				at++;
				continue;
			}
			at += 2 + ((jpeg[at + 2] & 0xff) << 8 | jpeg[at + 3] & 0xff);
			if (marker == 0xda) break;
		}
		for (int i = jpeg.length - 2; i >= at; i--)
			if ((jpeg[i] & 0xff) == 0xff && (jpeg[i + 1] & 0xff) == 0xd9) return false;
		return true;
	}

	private static List<ImagePlus> tiff(final Path file) throws IOException {
		final String problem = TiffStructure.problem(file);
		if (problem != null) throw new ImageException("The TIFF cannot be read: " + problem + ".");
		final FileInfo[] infos;
		try {
			infos = new TiffDecoder(directory(file), file.getFileName().toString()).getTiffInfo();
		}
		catch (IOException | RuntimeException e) {
			throw new ImageException("The TIFF cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
		if (infos == null) throw new ImageException("The TIFF cannot be read: it has no usable directory.");
		for (final FileInfo info : infos)
			checkStrips(info, Files.size(file));
		final boolean sameSize = Arrays.stream(infos).allMatch(i -> i.width == infos[0].width && i.height == infos[0].height && i.fileType == infos[0].fileType);
		if (!sameSize) {
			// ImageJ would open a window for each
			final List<ImagePlus> images = new ArrayList<>();
			for (final FileInfo info : infos)
				images.add(usable(new FileOpener(info).openImage(), "TIFF"));
			return images;
		}
		final long slices = Math.max(infos.length, infos[0].nImages);
		final long stackBytes = slices * infos[0].width * infos[0].height * infos[0].getBytesPerPixel();
		return List.of(byImageJ(file, "TIFF", slices > 1 && stackBytes > Runtime.getRuntime().maxMemory() / 3));
	}

	private static void checkStrips(final FileInfo info, final long length) {
		checkMemory(info.width, info.height, 1, info.getBytesPerPixel());
		if (info.stripOffsets == null) throw new ImageException("The TIFF cannot be read: it does not say where its pixels are.");
		long end = 0;
		for (int i = 0; i < info.stripOffsets.length; i++) {
			final long bytes = info.stripLengths != null && i < info.stripLengths.length ? Integer.toUnsignedLong(info.stripLengths[i]) : 1;
			end = Math.max(end, Integer.toUnsignedLong(info.stripOffsets[i]) + bytes);
		}
		if (info.compression <= FileInfo.COMPRESSION_NONE) {
			final long perImage = info.fileType == FileInfo.BITMAP ? (info.width + EIGHT_BITS - 1L) / EIGHT_BITS * info.height : (long) (info.width * (double) info.height * info.getBytesPerPixel());
			final boolean oneStrip = info.stripOffsets.length == 1;
			if (oneStrip || info.nImages > 1) end = Math.max(end, info.getOffset() + perImage * Math.max(1, info.nImages));
		}
		if (end > length) throw new ImageException("The TIFF is cut off: its pixels need " + end + " bytes, the file has " + length + ".");
	}

	private static String directory(final Path file) {
		return file.getParent() + java.io.File.separator;
	}

	private static ImagePlus byImageJ(final Path file, final String format, final boolean virtual) {
		IJ.getErrorMessage(); // forgets an earlier one
		IJ.redirectErrorMessages(true); // no dialogs
		try {
			final ImagePlus image;
			if (virtual) image = FileInfoVirtualStack.openVirtual(file.toString());
			else {
				final Opener opener = new Opener();
				opener.setSilentMode(true);
				image = opener.openImage(directory(file), file.getFileName().toString());
			}
			return usable(image, format);
		}
		catch (final RuntimeException e) {
			if (e instanceof ImageException) throw e;
			throw new ImageException("ImageJ cannot read the " + format + ": " + DgiqaException.sentence(e) + ".", e);
		}
		finally {
			IJ.redirectErrorMessages(false);
		}
	}

	private static ImagePlus usable(final ImagePlus image, final String format) {
		if (image != null && image.getProcessor() != null && image.getWidth() > 0) return image;
		final String reason = IJ.getErrorMessage();
		throw new ImageException("ImageJ cannot read the " + format + ": " + (reason == null ? "it is damaged or of a kind that ImageJ does not know" : reason.strip().lines().findFirst().orElse("")) + ".");
	}
}
