package io.github.dgiqa.image;

import ij.IJ;
import ij.ImagePlus;
import ij.io.FileInfo;
import ij.io.FileOpener;
import ij.io.Opener;
import ij.io.TiffDecoder;
import ij.plugin.FileInfoVirtualStack;

import io.github.dgiqa.DgiqaException;

import java.io.EOFException;
import java.io.File;
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
import java.util.function.Supplier;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** An image file, opened by ImageJ's own readers: PNG, JPEG, GIF, BMP or TIFF, one image or a stack. */
public final class ImageFile implements AutoCloseable {

	private static final Set<String> EXTENSIONS = Set.of("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff");

	/** Bytes of heap for each pixel that opening and showing an image takes at its peak, beyond its raw pixels. */
	private static final int BYTES_PER_PIXEL = 12;
	private static final int START_BYTES = 132;
	/** Bytes of a stack that is read at once; of a larger one, each slice is read when it is needed, where that makes no difference. */
	private static final long WHOLE_STACK = 32 << 20;
	private static final int EIGHT_BITS = 8;
	/** Bytes of a BMP that say what its pixels are. */
	private static final int BMP_HEADER = 34;
	/** Lengths of the second header of a BMP; the first is OS/2's. */
	private static final Set<Integer> BMP_HEADERS = Set.of(12, 40, 52, 56, 64, 108, 124);
	private static final Set<Integer> BMP_BITS = Set.of(1, 4, 8, 16, 24, 32);
	/** Where a BMP with a header longer than OS/2's has the number of its palette's colours, four bytes each. */
	private static final int BMP_COLOURS = 46;
	/** Uncompressed, as is 0. */
	private static final int BMP_BIT_FIELDS = 3;

	private enum Format {
		PNG, JPEG, GIF, BMP, TIFF
	}

	/** One of the pictures of a file: an image and a position in it. */
	private record View(ImagePlus image, int index) {}

	private final List<View> views = new ArrayList<>();
	private final boolean numbered;
	/** Images that hold their file open. */
	private List<ImagePlus> open = List.of();
	/** Null where all pixels are in memory. */
	private final TiffSlices onDisk;

	private ImageFile(final List<ImagePlus> images, final TiffSlices onDisk) {
		this.onDisk = onDisk;
		for (final ImagePlus image : images)
			for (final int index : Pictures.positions(image))
				views.add(new View(image, index));
		numbered = images.size() > 1;
	}

	/** Whether a file's name is that of an image. */
	public static boolean hasImageExtension(final Path file) {
		return isImageName(file.getFileName().toString());
	}

	/** Whether a name, without folders, is that of an image. */
	public static boolean isImageName(final String name) {
		return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) && name.contains(".");
	}

	/** Whether a file's first bytes are those of an image; false where it cannot be read. */
	public static boolean beginsAsImage(final Path file) {
		try (InputStream in = Files.newInputStream(file)) {
			return beginsAsImage(in);
		}
		catch (final IOException e) {
			return false;
		}
	}

	/** Whether the first bytes are those of an image. @param in stays open */
	public static boolean beginsAsImage(final InputStream in) throws IOException {
		return format(in.readNBytes(START_BYTES)) != null;
	}

	/**
	 * Opens a file, whatever its extension.
	 *
	 * @throws ImageException where it cannot be read: one sentence without the file's name
	 */
	public static ImageFile open(final Path file) {
		try {
			final ImageFile opened = opened(file.toAbsolutePath());
			if (opened.views.isEmpty()) throw new ImageException("It holds no image.");
			return opened;
		}
		catch (final IOException e) {
			throw new ImageException("The file cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	/** What another reader made of a file: its images, all with pixels; they may hold the file open. */
	static ImageFile of(final List<ImagePlus> images) {
		final ImageFile file = new ImageFile(images, null);
		file.open = images;
		return file;
	}

	/** Lets the file go where it is still open. */
	@Override
	public void close() {
		open.forEach(ImagePlus::close);
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
	 * @throws ImageException where it cannot be shown, or not be read any more
	 */
	public Picture picture(final int i) {
		require(views.get(i));
		return Pictures.of(views.get(i).image, views.get(i).index);
	}

	private void require(final View view) {
		if (onDisk == null) return;
		// channels that are shown together follow each other
		final int channels = Pictures.isMerged(view.image) ? view.image.getNChannels() : 1;
		for (int c = 0; c < channels; c++)
			onDisk.require(view.index + c);
	}

	/**
	 * The values of picture i, from 0, with all bits that the file has: those of 8 bits as grey levels, those of 16 and 32
	 * bits as they are, whatever the display range.
	 *
	 * @throws ImageException where it has colours
	 */
	public FloatMap map(final int i) {
		require(views.get(i));
		return Pictures.values(views.get(i).image, views.get(i).index);
	}

	private static ImageFile opened(final Path file) throws IOException {
		final byte[] start = start(file);
		if (start.length == 0) throw new ImageException("The file is empty.");
		final Format format = format(start);
		if (format == null) throw new ImageException("The file is none of PNG, JPEG, GIF, BMP and TIFF: it " + looks(start) + ".");
		if (format == Format.TIFF) return tiff(file);
		if (format == Format.BMP) checkBmp(start, Files.size(file));
		else checkDimensions(file, format);
		if (format == Format.GIF) checkScreen(start);
		final JpegStructure jpeg = format == Format.JPEG ? JpegStructure.of(file) : null;
		final String problem = jpeg == null ? problem(file, format) : jpeg.problem();
		if (problem != null) throw new ImageException("The " + format + " cannot be read: " + problem + ".");
		final boolean mayBeCommon = jpeg == null ? format == Format.PNG : jpeg.isPlain();
		final ImagePlus common = mayBeCommon ? ColourFile.open(file, format.name()) : null;
		return new ImageFile(List.of(common == null ? byImageJ(format.name(), () -> whole(file)) : common), null);
	}

	private static byte[] start(final Path file) throws IOException {
		try (InputStream in = Files.newInputStream(file)) {
			return in.readNBytes(START_BYTES);
		}
	}

	private static String problem(final Path file, final Format format) throws IOException {
		switch (format) {
			case PNG:
				return PngStructure.problem(file);
			case GIF:
				return GifStructure.problem(file);
			default:
				return null; // looked at already
		}
	}

	private static Format format(final byte[] start) {
		if (startsWith(start, 0x89, 'P', 'N', 'G')) return Format.PNG;
		if (startsWith(start, 0xff, 0xd8, 0xff)) return Format.JPEG;
		if (startsWith(start, 'G', 'I', 'F', '8')) return Format.GIF;
		if (startsWith(start, 'B', 'M') && (start.length < BMP_HEADER || BMP_HEADERS.contains(number(start, 14, 4)))) return Format.BMP;
		if (startsWith(start, 'I', 'I') && start.length > 3 && start[3] == 0 || startsWith(start, 'M', 'M', 0)) return Format.TIFF;
		return null;
	}

	private static boolean startsWith(final byte[] bytes, final int... expected) {
		if (bytes.length < expected.length) return false;
		for (int i = 0; i < expected.length; i++)
			if ((bytes[i] & 0xff) != expected[i]) return false;
		return true;
	}

	/** Little-endian. */
	private static int number(final byte[] bytes, final int at, final int length) {
		int number = 0;
		for (int i = 0; i < length; i++)
			number |= (bytes[at + i] & 0xff) << i * Byte.SIZE;
		return number;
	}

	private static String looks(final byte[] start) {
		boolean zeros = true;
		boolean text = true;
		int foreign = 0; // umlauts and the like, in whatever encoding
		for (final byte b : start) {
			zeros &= b == 0;
			text &= b < 0 || b >= ' ' && b < 127 || b == '\t' || b == '\n' || b == '\r';
			if (b < 0) foreign++;
		}
		if (zeros) return "begins with zeros";
		if (!text || foreign > start.length / 2) return "begins with other bytes than any of these";
		final String words = new String(start, StandardCharsets.US_ASCII).strip().toLowerCase(Locale.ROOT);
		return words.startsWith("<!doctype html") || words.startsWith("<html") ? "looks like a web page" : "looks like text";
	}

	/** Refuses what its header says does not fit, before anything is allocated for it. */
	private static void checkDimensions(final Path file, final Format format) throws IOException {
		final Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.name());
		final ImageReader reader = readers.next(); // every Java has these four
		try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
			reader.setInput(in, true, true);
			checkMemory(reader.getWidth(0), reader.getHeight(0), 0);
		}
		catch (IOException | RuntimeException e) {
			if (e instanceof ImageException) throw e;
			throw new ImageException("The " + format + " is cut off or damaged" + reason(e) + ".", e);
		}
		finally {
			reader.dispose();
		}
	}

	private static void checkBmp(final byte[] start, final long length) {
		if (start.length < BMP_HEADER) throw new ImageException("The BMP is cut off in its header.");
		final boolean os2 = number(start, 14, 4) == 12;
		final long width = os2 ? number(start, 18, 2) : number(start, 18, 4);
		final long height = Math.abs((long) (os2 ? number(start, 20, 2) : number(start, 22, 4))); // negative: from top to bottom
		checkMemory(width, height, 0);
		final int bits = number(start, os2 ? 24 : 28, 2);
		if (!BMP_BITS.contains(bits)) throw new ImageException("The BMP cannot be read: it says that its pixels have " + bits + " bits.");
		if (!os2) checkPalette(start, length);
		final int compression = os2 ? 0 : number(start, 30, 4);
		if (compression != 0 && compression != BMP_BIT_FIELDS) return;
		final long bitsPerLine = width * bits;
		checkEnd("BMP", number(start, 10, 4) + (bitsPerLine + 31) / 32 * 4 * height, length);
	}

	/** ImageJ's reader would make room for all colours, up to four billion, and read them one by one behind the file's end. */
	private static void checkPalette(final byte[] start, final long length) {
		if (start.length < BMP_COLOURS + Integer.BYTES) throw new ImageException("The BMP is cut off in its header.");
		final long colours = Integer.toUnsignedLong(number(start, BMP_COLOURS, Integer.BYTES));
		final long end = BMP_COLOURS + 2 * Integer.BYTES + colours * Integer.BYTES;
		if (end > length) throw new ImageException("The BMP cannot be read: it says that its palette has " + colours + " colours, which need " + end + " bytes, and the file has " + length + ".");
	}

	private static void checkEnd(final String format, final long end, final long length) {
		if (end > length) throw new ImageException("The " + format + " is cut off: its pixels need " + end + " bytes, the file has " + length + ".");
	}

	/** ImageJ makes all frames as large as the GIF's screen; without one it takes the first frame's size. */
	private static void checkScreen(final byte[] start) {
		final int width = number(start, 6, 2);
		final int height = number(start, 8, 2);
		if (width > 0 && height > 0) checkMemory(width, height, 0);
	}

	private static void checkMemory(final long width, final long height, final long bytesPerPixel) {
		if (width < 1 || height < 1) throw new ImageException("The image has no pixels: its header says " + width + " x " + height + ".");
		if (width > Picture.MOST_PIXELS / height) throw new ImageException("The image is too large: its header says " + width + " x " + height + " pixels.");
		final double needed = (double) width * height * (bytesPerPixel + BYTES_PER_PIXEL);
		if (needed > Runtime.getRuntime().maxMemory())
			throw new ImageException(String.format(Locale.ROOT, "The image is too large for Java's memory: its header says %d x %d pixels, which take about %.1f GB, and there are %.1f GB; give Java more (option -Xmx).", width, height, needed / 1e9, Runtime.getRuntime().maxMemory() / 1e9));
	}

	private static ImageFile tiff(final Path file) throws IOException {
		final String problem = TiffStructure.problem(file);
		if (problem != null) throw new ImageException("The TIFF cannot be read: " + problem + ".");
		final FileInfo[] infos;
		try {
			infos = new TiffDecoder(directory(file), file.getFileName().toString()).getTiffInfo();
		}
		catch (IOException | RuntimeException e) {
			throw new ImageException("The TIFF cannot be read" + reason(e) + ".", e);
		}
		if (infos == null) throw new ImageException("The TIFF cannot be read: it has no usable directory.");
		final long length = Files.size(file);
		for (final FileInfo info : infos)
			checkStrips(info, length);
		final boolean sameSize = Arrays.stream(infos).allMatch(i -> i.width == infos[0].width && i.height == infos[0].height && i.fileType == infos[0].fileType);
		if (!sameSize) {
			// ImageJ would open a window for each
			final List<ImagePlus> images = new ArrayList<>();
			for (final FileInfo info : infos)
				images.add(byImageJ("TIFF", () -> new FileOpener(info).openImage()));
			return new ImageFile(images, null);
		}
		final ImageFile stack = sliceBySlice(file, infos);
		return stack == null ? new ImageFile(List.of(byImageJ("TIFF", () -> whole(file))), null) : stack;
	}

	/** Null where all is to be read at once. */
	private static ImageFile sliceBySlice(final Path file, final FileInfo[] infos) {
		final int slices = Math.max(infos.length, infos[0].nImages);
		final long bytes = (long) slices * infos[0].width * infos[0].height * infos[0].getBytesPerPixel();
		final boolean isTooLarge = bytes > Runtime.getRuntime().maxMemory() / 3;
		final TiffSlices onDisk = new TiffSlices(infos);
		if (slices == 1 || !isTooLarge && (bytes <= WHOLE_STACK || !onDisk.arePlain())) return null;
		final ImagePlus stack = byImageJ("TIFF", () -> FileInfoVirtualStack.openVirtual(file.toString()));
		if (infos[0].properties != null) stack.setProperties(infos[0].properties); // how channels are mixed, for one
		// to show a stack whose first slice is blank, ImageJ looks at all of them
		final boolean isBlank = stack.getDisplayRangeMin() == stack.getDisplayRangeMax();
		return isBlank && !isTooLarge ? null : new ImageFile(List.of(stack), onDisk);
	}

	private static void checkStrips(final FileInfo info, final long length) {
		checkMemory(info.width, info.height, info.getBytesPerPixel());
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
		checkEnd("TIFF", end, length);
	}

	private static String directory(final Path file) {
		return file.getParent() + File.separator;
	}

	private static ImagePlus whole(final Path file) {
		final Opener opener = new Opener();
		opener.setSilentMode(true);
		return opener.openImage(directory(file), file.getFileName().toString());
	}

	/** What one of ImageJ's readers makes of a file: an image with pixels, or a sentence. */
	private static ImagePlus byImageJ(final String format, final Supplier<ImagePlus> reader) {
		IJ.getErrorMessage(); // forgets an earlier one
		IJ.redirectErrorMessages(true); // no dialogs
		try {
			return usable(reader.get(), format);
		}
		catch (final RuntimeException e) {
			if (e instanceof ImageException) throw e;
			throw unreadable(format, reason(e), e);
		}
		finally {
			IJ.redirectErrorMessages(false);
		}
	}

	private static ImagePlus usable(final ImagePlus image, final String format) {
		if (image != null && image.getProcessor() != null && image.getWidth() > 0) return image;
		final String reason = IJ.getErrorMessage();
		throw unreadable(format, reason == null ? "" : reason(reason.strip().lines().findFirst().orElse("")), null);
	}

	private static ImageException unreadable(final String format, final String reason, final Throwable cause) {
		return new ImageException("ImageJ cannot read the " + format + ", which is damaged or of a kind that it does not know" + reason + ".", cause);
	}

	/** What to add to a sentence: the words of an error in the file, none where a reader went astray in it. */
	private static String reason(final Throwable error) {
		if (error instanceof EOFException) return ": its end is missing";
		return error instanceof RuntimeException || error.getMessage() == null ? "" : reason(DgiqaException.sentence(error));
	}

	/** Without names of classes in front and a full stop behind. */
	private static String reason(final String words) {
		final String plain = words.replaceAll("^(([\\w$]+\\.)+\\w+: )+|[.!\\s]+$", "");
		return plain.isEmpty() ? "" : ": " + plain;
	}
}
