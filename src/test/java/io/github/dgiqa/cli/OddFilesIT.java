package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.io.FileSaver;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;

import io.github.dgiqa.ProgramRun;

import java.awt.Point;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The built program on a folder of images that are damaged, odd, or no images at all. */
class OddFilesIT {

	private static final int WIDTH = 80;
	private static final int HEIGHT = 72;

	/** What must come of a file: the sizes of its slices, or words of the reason why it cannot be scored. */
	private record Expected(List<Size> slices, String reason) {}

	private record Size(int width, int height) {}

	/** Files whose pixels are the same, so that their scores must be. */
	private static final List<List<String>> ALIKE = List.of(
		List.of("control.png", "control.bmp", "control.tif", "control-lzw.tif", "control-zip.tif", "control-packbits.tif", "a-png.jpg", "a-tiff.bmp", "a-bmp.tif", "garbage-behind.png", "stack.tif",
			"two-pages.tif"),
		List.of("control.jpg", "a-jpeg.png", "garbage-behind.jpg", "thumbnail.jpg", "progressive.jpg"),
		List.of("control.gif", "garbage-behind.gif", "no-screen.gif", "animated.gif"),
		List.of("1-bit.png", "1-bit.bmp", "1-bit.tif"),
		List.of("palette.png", "palette.gif", "palette.bmp", "palette.tif"),
		List.of("transparent.png", "white.tif"));

	private final Map<String, Expected> expected = new TreeMap<>();

	@TempDir
	private Path temporary;

	private Path folder;

	@Test
	void everyFileHasItsRowAndItsReason() throws IOException {
		folder = Files.createDirectory(temporary.resolve("odd files"));
		makeControls();
		makeCutOff();
		makeNoImages();
		makeWrongExtensions();
		makePixelTypes();
		makeShapes();
		makeStacks();
		makePngs();
		makeJpegs();
		makeOtherHeaders();
		makeTiffs();
		makeNames();
		makeNotLookedAt();
		assertTrue(expected.size() >= 50, "only " + expected.size() + " files");

		final Path csv = temporary.resolve("rows.csv");
		// one thread: several would wait for each other most of the time where other programs keep the processors busy
		final ProgramRun run = ProgramRun.dgiqa("assess", "--threads", 1, "--csv", csv, folder);

		final List<Executable> checks = new ArrayList<>();
		checks.add(() -> assertEquals(1, run.status(), "exit status"));
		checks.add(() -> assertEquals("", run.out(), "standard output"));
		run.err().lines().forEach(line -> checks.add(() -> assertTrue(isOwnLine(line), "standard error: " + line)));
		checks.addAll(checks(ProgramRun.rows(csv)));
		assertAll(checks);
	}

	private static boolean isOwnLine(final String line) {
		return line.startsWith("1 other file was passed over") || line.matches("dgiqa-\\S+ with depth-\\S+, PyTorch .+|\\d+ of \\d+, (.+ left|took .+), on \\S+|\\d+ of \\d+ could not be scored; the column 'error' says why\\.");
	}

	private List<Executable> checks(final List<CSVRecord> rows) {
		final List<Executable> checks = new ArrayList<>();
		final List<String> wanted = new ArrayList<>();
		expected.forEach((name, file) -> {
			for (int slice = 1; slice <= Math.max(1, file.slices.size()); slice++)
				wanted.add(name + " " + slice);
		});
		final List<String> found = rows.stream().map(row -> name(row) + " " + row.get("slice")).toList();
		checks.add(() -> assertEquals(String.join("\n", wanted), String.join("\n", found), "rows, in their order"));
		for (final CSVRecord row : rows)
			if (expected.containsKey(name(row))) checks.add(() -> check(row, expected.get(name(row))));
		for (final List<String> names : ALIKE) {
			final List<CSVRecord> same = rows.stream().filter(row -> names.contains(name(row))).toList();
			checks.add(() -> assertTrue(same.size() >= names.size(), "rows of " + names));
			for (final CSVRecord row : same)
				checks.add(() -> assertEquals(Double.parseDouble(same.get(0).get("score")), Double.parseDouble(row.get("score")), 1e-4, "same pixels: " + name(same.get(0)) + " and " + name(row)));
		}
		return checks;
	}

	private String name(final CSVRecord row) {
		return folder.relativize(Path.of(row.get("path"))).toString();
	}

	private void check(final CSVRecord row, final Expected file) {
		final String what = name(row) + " slice " + row.get("slice") + ": " + row.get("error");
		final String error = row.get("error");
		if (file.reason == null) {
			assertEquals("", error, what);
			final double score = Double.parseDouble(row.get("score"));
			assertTrue(score > 0 && score < 1, what + "score " + score);
			final Size size = file.slices.get(Math.min(Integer.parseInt(row.get("slice")), file.slices.size()) - 1);
			assertEquals(size.width + " x " + size.height, row.get("width") + " x " + row.get("height"), what);
			return;
		}
		assertEquals("", row.get("score"), what);
		assertTrue(error.matches("\\p{Lu}[^\\r\\n]{10,250}[^.!]\\."), "one sentence: " + what);
		assertFalse(error.matches(".*(\\w+\\.\\w+\\.\\w+|[A-Z]\\w*(Exception|Error)\\b|\\bat \\w+\\().*"), "words of a programmer: " + what);
		assertTrue(error.matches("(?i).*(" + file.reason + ").*"), "says /" + file.reason + "/: " + what);
	}

	// ---- files ----

	private void makeControls() throws IOException {
		scored("control.png", png(photo()));
		scored("control.jpg", jpeg(photo()));
		scored("control.jpeg", jpeg(photo()));
		scored("control.gif", encoded(photo(), "gif"));
		scored("control.bmp", encoded(photo(), "bmp"));
		scored("control.tif", tiff(photo(), null));
		scored("control.tiff", tiff(photo(), null));
		scored("control-lzw.tif", tiff(photo(), "LZW"));
		scored("control-zip.tif", tiff(photo(), "Deflate"));
		scored("control-packbits.tif", tiff(photo(), "PackBits"));
		scored("CAPITALS.PNG", png(photo()));
	}

	private void makeCutOff() throws IOException {
		final Map<String, byte[]> whole = Map.of("a.png", png(photo()), "a.jpg", jpeg(photo()), "a-progressive.jpg", progressiveJpeg(), "a.gif", encoded(photo(), "gif"), "a.bmp", encoded(photo(), "bmp"),
			"a.tif", tiff(photo(), null), "a-lzw.tif", tiff(photo(), "LZW"), "a-zip.tif", tiff(photo(), "Deflate"));
		for (final Map.Entry<String, byte[]> file : whole.entrySet()) {
			final byte[] bytes = file.getValue();
			final String damage = "cut off|damaged|truncated";
			failed("cut-10-bytes-" + file.getKey(), Arrays.copyOf(bytes, 10), damage);
			failed("cut-50-percent-" + file.getKey(), Arrays.copyOf(bytes, bytes.length / 2), damage);
			failed("cut-90-percent-" + file.getKey(), Arrays.copyOf(bytes, bytes.length * 9 / 10), damage);
		}
		// those above have their directory in front of the pixels
		final byte[] last = handMade(Map.of());
		failed("directory-last-cut-50-percent.tif", Arrays.copyOf(last, last.length / 2), "cut off|damaged");
	}

	private void makeNoImages() throws IOException {
		for (final String extension : List.of("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff")) {
			failed("empty." + extension, new byte[0], "empty");
			failed("zeros." + extension, new byte[1000], "zeros");
		}
		final byte[] text = "Dear reader, this is a letter and no picture.\n".repeat(20).getBytes(StandardCharsets.US_ASCII);
		failed("text.png", text, "text");
		failed("text.jpg", text, "text");
		failed("text.tif", text, "text");
		failed("text-umlauts.png", "Grüße, dies ist ein Brief für Jürgen.\n".repeat(20).getBytes(StandardCharsets.UTF_8), "text");
		failed("text-like-a-bmp.bmp", "BM is how this letter begins.\n".repeat(20).getBytes(StandardCharsets.US_ASCII), "damaged|BMP");
		failed("page.jpg", "<!DOCTYPE html>\n<html><head><title>404</title></head><body>Not found</body></html>\n".getBytes(StandardCharsets.US_ASCII), "web page");
		failed("document.png", "%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n".getBytes(StandardCharsets.ISO_8859_1), "none of");
	}

	private void makeWrongExtensions() throws IOException {
		scored("a-png.jpg", png(photo()));
		scored("a-jpeg.png", jpeg(photo()));
		scored("a-tiff.bmp", tiff(photo(), null));
		scored("a-bmp.tif", encoded(photo(), "bmp"));
		scored("a-gif.jpg", encoded(photo(), "gif"));
		scored("a-png.tif", png(photo()));
	}

	private void makePixelTypes() throws IOException {
		final BufferedImage binary = photo(BufferedImage.TYPE_BYTE_BINARY);
		scored("1-bit.png", png(binary));
		scored("1-bit.tif", tiff(binary, null));
		scored("1-bit.bmp", encoded(binary, "bmp"));
		scored("palette.png", png(photo(BufferedImage.TYPE_BYTE_INDEXED)));
		scored("palette.gif", encoded(photo(BufferedImage.TYPE_BYTE_INDEXED), "gif"));
		scored("palette.bmp", encoded(photo(BufferedImage.TYPE_BYTE_INDEXED), "bmp"));
		scored("palette.tif", tiff(photo(BufferedImage.TYPE_BYTE_INDEXED), null));
		scored("grey.png", png(photo(BufferedImage.TYPE_BYTE_GRAY)));
		scored("grey.jpg", jpeg(photo(BufferedImage.TYPE_BYTE_GRAY)));
		scored("16-bit-grey.png", png(photo(BufferedImage.TYPE_USHORT_GRAY)));
		scored("16-bit-colour.png", png(deepColour()));
		scored("alpha.png", png(translucent(128)));
		scored("transparent.png", png(translucent(0)));
		scored("grey-alpha.png", png(greyAlpha()));

		final short[] narrow = new short[WIDTH * HEIGHT];
		final float[] some = new float[WIDTH * HEIGHT];
		for (int i = 0; i < narrow.length; i++) {
			narrow[i] = (short) (1000 + i % 13);
			some[i] = i % WIDTH * 0.01f;
		}
		scored("16-bit-narrow.tif", imageJ(new ShortProcessor(WIDTH, HEIGHT, narrow, null)));
		scored("float.tif", imageJ(new FloatProcessor(WIDTH, HEIGHT, some.clone())));
		some[5] = Float.NaN;
		some[500] = Float.POSITIVE_INFINITY;
		some[1000] = Float.NEGATIVE_INFINITY;
		scored("float-not-finite.tif", imageJ(new FloatProcessor(WIDTH, HEIGHT, some.clone())));
		Arrays.fill(some, Float.NaN);
		failed("float-nan.tif", imageJ(new FloatProcessor(WIDTH, HEIGHT, some)), "finite");
		scored("float-constant.tif", imageJ(new FloatProcessor(WIDTH, HEIGHT)));
		scored("16-bit-constant.tif", imageJ(new ShortProcessor(WIDTH, HEIGHT)));
		scored("black.png", png(new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB)));
		final ColorProcessor white = new ColorProcessor(WIDTH, HEIGHT);
		white.invert();
		scored("white.tif", imageJ(white));
	}

	private void makeShapes() throws IOException {
		scored("one-pixel.png", png(photo(1, 1, BufferedImage.TYPE_INT_RGB)), new Size(1, 1));
		scored("one-pixel.gif", encoded(photo(1, 1, BufferedImage.TYPE_INT_RGB), "gif"), new Size(1, 1));
		scored("narrow.png", png(photo(1, 300, BufferedImage.TYPE_INT_RGB)), new Size(1, 300));
		scored("long.png", png(photo(5000, 5, BufferedImage.TYPE_INT_RGB)), new Size(5000, 5));
	}

	private void makeStacks() throws IOException {
		final ImageStack stack = new ImageStack(WIDTH, HEIGHT);
		for (int i = 0; i < 3; i++)
			stack.addSlice(new ColorProcessor(photo()));
		final Path file = temporary.resolve("stack.tif");
		new FileSaver(new ImagePlus("stack", stack)).saveAsTiffStack(file.toString());
		final Size size = new Size(WIDTH, HEIGHT);
		final byte[] bytes = Files.readAllBytes(file);
		scored("stack.tif", bytes, size, size, size);
		failed("stack-cut-50-percent.tif", Arrays.copyOf(bytes, bytes.length / 2), "cut off|damaged");
		scored("two-sizes.tif", sequence("tiff", photo(), photo(40, 50, BufferedImage.TYPE_INT_RGB)), size, new Size(40, 50));
		scored("two-pages.tif", sequence("tiff", photo(), photo()), size, size);
		final byte[] animation = sequence("gif", photo(), photo());
		scored("animated.gif", animation, size, size);
		// not one frame only, as if that were all
		failed("animated-cut-75-percent.gif", Arrays.copyOf(animation, animation.length * 3 / 4), "cut off|damaged");
	}

	private void makePngs() throws IOException {
		final byte[] png = png(photo());
		final int data = indexOf(png, "IDAT");
		final int dataLength = ByteBuffer.wrap(png).getInt(data - 4);
		final byte[] sum = png.clone();
		sum[data + 4 + dataLength] ^= 1;
		failed("crc.png", sum, "damaged|check sum|checksum");
		final byte[] flipped = png.clone();
		flipped[data + 4 + dataLength / 2] ^= 0x10;
		failed("flipped-bit.png", flipped, "damaged|check sum|checksum");
		scored("garbage-behind.png", joined(png, new byte[500], "garbage".getBytes(StandardCharsets.US_ASCII)));
		failed("no-end.png", Arrays.copyOf(png, png.length - 12), "cut off|damaged");
		failed("no-data.png", joined(Arrays.copyOf(png, data - 4), Arrays.copyOfRange(png, png.length - 12, png.length)), "cut off|damaged|no pixels|no image data");
		failed("large.png", pngSaying(png, 100_000, 100_000), "too large");
		failed("largest.png", pngSaying(png, Integer.MAX_VALUE, Integer.MAX_VALUE), "too large");
		// fits every array, but there is nothing behind it
		failed("20000.png", pngSaying(png, 20_000, 20_000), "cut off|damaged|too large");
		failed("zero.png", pngSaying(png, 0, 0), "no pixels|damaged");
		failed("negative.png", pngSaying(png, -5, 10), "no pixels|damaged|too large");
	}

	private void makeJpegs() throws IOException {
		final byte[] jpeg = jpeg(photo());
		scored("garbage-behind.jpg", joined(jpeg, new byte[500], "garbage".getBytes(StandardCharsets.US_ASCII)));
		scored("progressive.jpg", progressiveJpeg());
		final byte[] thumbnail = joined("Exif\0\0".getBytes(StandardCharsets.US_ASCII), jpeg(photo(16, 16, BufferedImage.TYPE_INT_RGB)));
		final byte[] segment = joined(new byte[] {(byte) 0xff, (byte) 0xe1, (byte) (thumbnail.length + 2 >> 8), (byte) (thumbnail.length + 2)}, thumbnail);
		final byte[] withThumbnail = joined(Arrays.copyOf(jpeg, 2), segment, Arrays.copyOfRange(jpeg, 2, jpeg.length));
		scored("thumbnail.jpg", withThumbnail);
		// its only end marker is the thumbnail's
		failed("thumbnail-cut.jpg", Arrays.copyOf(withThumbnail, withThumbnail.length * 8 / 10), "cut off|damaged");
		final int frame = indexOf(jpeg, "\u00ff\u00c0");
		final byte[] large = jpeg.clone();
		ByteBuffer.wrap(large).putShort(frame + 5, (short) 65500).putShort(frame + 7, (short) 65500);
		failed("large.jpg", large, "too large");
		failed("header-only.jpg", Arrays.copyOf(jpeg, frame + 19), "cut off|damaged");
		failed("cmyk.jpg", cmykJpeg(), "CMYK|four|4 ");
	}

	private void makeOtherHeaders() throws IOException {
		final byte[] bmp = encoded(photo(), "bmp");
		failed("huge.bmp", bmpSaying(bmp, Integer.MAX_VALUE, Integer.MAX_VALUE), "too large");
		failed("negative-width.bmp", bmpSaying(bmp, -WIDTH, HEIGHT), "no pixels|damaged");
		failed("taller.bmp", bmpSaying(bmp, WIDTH, HEIGHT * 10), "cut off|damaged");
		scored("top-down.bmp", bmpSaying(bmp, WIDTH, -HEIGHT));
		failed("lowest-height.bmp", bmpSaying(bmp, WIDTH, Integer.MIN_VALUE), "too large|no pixels|damaged");
		final byte[] gif = encoded(photo(), "gif");
		final byte[] noScreen = gif.clone();
		Arrays.fill(noScreen, 6, 10, (byte) 0);
		scored("no-screen.gif", noScreen); // as browsers do, with its frame's size
		final byte[] hugeScreen = gif.clone();
		Arrays.fill(hugeScreen, 6, 10, (byte) 0xff);
		failed("huge-screen.gif", hugeScreen, "too large|damaged");
		scored("garbage-behind.gif", joined(gif, new byte[500]));
	}

	private void makeTiffs() throws IOException {
		failed("wide.tif", handMade(Map.of(256, Integer.MAX_VALUE)), "too large");
		failed("wide-and-high.tif", handMade(Map.of(256, Integer.MAX_VALUE, 257, Integer.MAX_VALUE)), "too large");
		failed("no-width.tif", handMade(Map.of(256, 0)), "no pixels|width");
		failed("strips-behind-end.tif", handMade(Map.of(273, 1_000_000)), "cut off|damaged");
		failed("strip-too-long.tif", handMade(Map.of(257, HEIGHT * 3)), "cut off|damaged");
		failed("no-strips.tif", handMade(Map.of(273, -1)), "where its pixels are");
		failed("no-entries.tif", new byte[] {'I', 'I', 42, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0}, "TIFF");
		scored("hand-made.tif", handMade(Map.of()));
		final byte[] circle = handMade(Map.of());
		ByteBuffer.wrap(circle).order(ByteOrder.LITTLE_ENDIAN).putInt(circle.length - 4, ByteBuffer.wrap(circle).order(ByteOrder.LITTLE_ENDIAN).getInt(4));
		failed("circle.tif", circle, "circle");
		failed("big.tif", new byte[] {'I', 'I', 43, 0, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, "BigTIFF");
		failed("jpeg-inside.tif", tiff(photo(), "JPEG"), "JPEG"); // ImageJ would show the compressed bytes
		failed("float-predictor.tif", handMade(Map.of(258, 32, 259, 8, 317, 3, 339, 3)), "predictor");
		failed("tiled.tif", tiledTiff(), "tile");
		failed("unknown-compression.tif", handMade(Map.of(259, 12345)), "compress");
		failed("7-bits.tif", handMade(Map.of(258, 7)), "bit");
	}

	private void makeNames() throws IOException {
		for (final String name : List.of("a name with spaces.png", "comma, comma.png", "quote\"quote.png", "Käse.png", "semi;colon.png", "'single'.png", "two.dots.png", "per%cent%20.png", "日本.png"))
			if (canBeNamed(name)) scored(name, png(photo()));
	}

	private boolean canBeNamed(final String name) {
		try {
			Files.delete(Files.createFile(temporary.resolve(name)));
			return true;
		}
		catch (final IOException | java.nio.file.InvalidPathException e) {
			return false; // Windows has no quotes in names, and a POSIX locale no umlauts
		}
	}

	private void makeNotLookedAt() throws IOException {
		Files.write(folder.resolve(".hidden.png"), png(photo()));
		if (Files.getFileStore(folder).supportsFileAttributeView("dos") && java.io.File.separatorChar == '\\') Files.setAttribute(folder.resolve(".hidden.png"), "dos:hidden", true);
		Files.writeString(folder.resolve("notes.txt"), "Nothing to see here.");
		Files.write(Files.createDirectory(folder.resolve("sub-folder")).resolve("inside.png"), png(photo()));
		Files.createDirectory(folder.resolve("x.png"));
	}

	private void scored(final String name, final byte[] bytes, final Size... slices) throws IOException {
		put(name, bytes, new Expected(slices.length == 0 ? List.of(new Size(WIDTH, HEIGHT)) : List.of(slices), null));
	}

	private void failed(final String name, final byte[] bytes, final String reason) throws IOException {
		put(name, bytes, new Expected(List.of(), reason));
	}

	private void put(final String name, final byte[] bytes, final Expected outcome) throws IOException {
		assertFalse(expected.containsKey(name), name + " is made twice");
		Files.write(folder.resolve(name), bytes);
		expected.put(name, outcome);
	}

	// ---- pixels and bytes ----

	private static BufferedImage photo() {
		return photo(BufferedImage.TYPE_INT_RGB);
	}

	private static BufferedImage photo(final int type) {
		return photo(WIDTH, HEIGHT, type);
	}

	private static BufferedImage photo(final int width, final int height, final int type) {
		final BufferedImage image = new BufferedImage(width, height, type);
		for (int y = 0; y < height; y++)
			for (int x = 0; x < width; x++)
				image.setRGB(x, y, 0xff000000 | (x * 3 & 0xff) << 16 | (y * 3 & 0xff) << 8 | (x * x + y * 31) * 7 & 0xff);
		return image;
	}

	private static BufferedImage translucent(final int alpha) {
		final BufferedImage image = photo(BufferedImage.TYPE_INT_ARGB);
		for (int y = 0; y < HEIGHT; y++)
			for (int x = 0; x < WIDTH; x++)
				image.setRGB(x, y, image.getRGB(x, y) & 0xffffff | alpha << 24);
		return image;
	}

	private static BufferedImage greyAlpha() {
		return filled(ColorSpace.CS_GRAY, true, DataBuffer.TYPE_BYTE);
	}

	private static BufferedImage deepColour() {
		return filled(ColorSpace.CS_sRGB, false, DataBuffer.TYPE_USHORT);
	}

	private static BufferedImage filled(final int space, final boolean alpha, final int type) {
		final ColorModel model = new ComponentColorModel(ColorSpace.getInstance(space), alpha, false, alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE, type);
		final WritableRaster raster = model.createCompatibleWritableRaster(WIDTH, HEIGHT);
		for (int y = 0; y < HEIGHT; y++)
			for (int x = 0; x < WIDTH; x++)
				for (int band = 0; band < raster.getNumBands(); band++)
					raster.setSample(x, y, band, type == DataBuffer.TYPE_BYTE ? x * (band + 1) + y : (x * (band + 1) + y) * 200);
		return new BufferedImage(model, raster, false, null);
	}

	private static byte[] png(final BufferedImage image) throws IOException {
		return encoded(image, "png");
	}

	private static byte[] jpeg(final BufferedImage image) throws IOException {
		return encoded(image, "jpeg");
	}

	private static byte[] encoded(final BufferedImage image, final String format) throws IOException {
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		assertTrue(ImageIO.write(image, format, bytes), format);
		return bytes.toByteArray();
	}

	private static byte[] tiff(final BufferedImage image, final String compression) throws IOException {
		final ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
		final ImageWriteParam parameters = writer.getDefaultWriteParam();
		parameters.setCompressionMode(compression == null ? ImageWriteParam.MODE_DISABLED : ImageWriteParam.MODE_EXPLICIT);
		if (compression != null) parameters.setCompressionType(compression);
		return written(writer, new IIOImage(image, null, null), parameters);
	}

	private static byte[] progressiveJpeg() throws IOException {
		final ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
		final ImageWriteParam parameters = writer.getDefaultWriteParam();
		parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
		return written(writer, new IIOImage(photo(), null, null), parameters);
	}

	/** Four bands without a word about their meaning, then the segment of Adobe's that makes them inverted CMYK. */
	private static byte[] cmykJpeg() throws IOException {
		final WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, WIDTH, HEIGHT, 4, new Point());
		for (int y = 0; y < HEIGHT; y++)
			for (int x = 0; x < WIDTH; x++)
				for (int band = 0; band < 4; band++)
					raster.setSample(x, y, band, band == 3 ? 255 : x * (band + 1) + y & 0xff);
		final ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
		final byte[] plain = written(writer, new IIOImage(raster, null, null), writer.getDefaultWriteParam());
		final byte[] adobe = {(byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
		return joined(Arrays.copyOf(plain, 2), adobe, Arrays.copyOfRange(plain, 2, plain.length));
	}

	private static byte[] written(final ImageWriter writer, final IIOImage image, final ImageWriteParam parameters) throws IOException {
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
			writer.setOutput(out);
			writer.write(null, image, parameters);
		}
		finally {
			writer.dispose();
		}
		return bytes.toByteArray();
	}

	private static byte[] sequence(final String format, final BufferedImage... images) throws IOException {
		final ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
			writer.setOutput(out);
			writer.prepareWriteSequence(null);
			for (final BufferedImage image : images)
				writer.writeToSequence(new IIOImage(image, null, null), writer.getDefaultWriteParam());
			writer.endWriteSequence();
		}
		finally {
			writer.dispose();
		}
		return bytes.toByteArray();
	}

	private static byte[] tiledTiff() throws IOException {
		final ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
		final ImageWriteParam parameters = writer.getDefaultWriteParam();
		parameters.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
		parameters.setTiling(32, 32, 0, 0);
		return written(writer, new IIOImage(photo(), null, null), parameters);
	}

	private byte[] imageJ(final ImageProcessor pixels) throws IOException {
		final Path file = temporary.resolve("imagej.tif");
		assertTrue(new FileSaver(new ImagePlus("imagej", pixels)).saveAsTiff(file.toString()));
		return Files.readAllBytes(file);
	}

	private static byte[] pngSaying(final byte[] png, final int width, final int height) {
		final ByteBuffer changed = ByteBuffer.wrap(png.clone());
		changed.putInt(16, width).putInt(20, height);
		final CRC32 sum = new CRC32();
		sum.update(changed.array(), 12, 17);
		return changed.putInt(29, (int) sum.getValue()).array();
	}

	private static byte[] bmpSaying(final byte[] bmp, final int width, final int height) {
		return ByteBuffer.wrap(bmp.clone()).order(ByteOrder.LITTLE_ENDIAN).putInt(18, width).putInt(22, height).array();
	}

	/** An 8-bit grey TIFF of one strip, the directory last. @param changes values of tags; -1 leaves the tag out */
	private static byte[] handMade(final Map<Integer, Integer> changes) {
		final Map<Integer, Integer> tags = new TreeMap<>(Map.of(256, WIDTH, 257, HEIGHT, 258, 8, 259, 1, 262, 1, 273, 8, 277, 1, 278, HEIGHT, 279, WIDTH * HEIGHT));
		tags.putAll(changes);
		tags.values().removeIf(value -> value == -1);
		final ByteBuffer bytes = ByteBuffer.allocate(8 + WIDTH * HEIGHT + 2 + 12 * tags.size() + 4).order(ByteOrder.LITTLE_ENDIAN);
		bytes.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8 + WIDTH * HEIGHT);
		bytes.put(greys());
		bytes.putShort((short) tags.size());
		tags.forEach((tag, value) -> bytes.putShort((short) (int) tag).putShort((short) 4).putInt(1).putInt(value));
		return bytes.putInt(0).array();
	}

	private static byte[] greys() {
		final byte[] greys = new byte[WIDTH * HEIGHT];
		for (int i = 0; i < greys.length; i++)
			greys[i] = (byte) (i % WIDTH * 2 + i / WIDTH);
		return greys;
	}

	private static int indexOf(final byte[] bytes, final String latin) {
		final int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(latin);
		assertTrue(at >= 0, latin);
		return at;
	}

	private static byte[] joined(final byte[]... parts) {
		final ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (final byte[] part : parts)
			all.writeBytes(part);
		return all.toByteArray();
	}
}
