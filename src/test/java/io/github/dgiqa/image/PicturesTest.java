package io.github.dgiqa.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.VirtualStack;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;
import ij.process.ShortProcessor;

import java.awt.Color;
import java.awt.image.IndexColorModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.logic.BitType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.view.Views;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PicturesTest {

	private static final int WIDTH = 40;
	private static final int HEIGHT = 30;

	@Test
	void unsignedByte() {
		assertGrey(Pictures.of(ArrayImgs.unsignedBytes(new byte[] {0, 1, 127, (byte) 128, (byte) 254, (byte) 255}, 3, 2), 0, 255), 0, 1, 127, 128, 254, 255);
		// 255 / 51: five steps a level
		assertGrey(Pictures.of(ArrayImgs.unsignedBytes(new byte[] {0, 50, 60, 80, 101, (byte) 200}, 6, 1), 50, 101), 0, 0, 50, 150, 255, 255);
	}

	/** 256 steps over high - low + 1 levels, rounded: 5/4 to 1, 6/4 to 2. */
	@Test
	void unsignedShort() {
		assertGrey(Pictures.of(ArrayImgs.unsignedShorts(new short[] {0, 5, 6, 512, 1023, (short) 65535}, 6, 1), 0, 1023), 0, 1, 2, 128, 255, 255);
		assertGrey(Pictures.of(ArrayImgs.unsignedShorts(new short[] {999, 1000, 1100, 1255, 1256}, 5, 1), 1000, 1255), 0, 0, 100, 255, 255);
		assertGrey(Pictures.of(ArrayImgs.unsignedShorts(new short[] {0, (short) 32768, (short) 65535}, 3, 1), 0, 65535), 0, 128, 255);
	}

	@Test
	void realNumbers() {
		assertGrey(Pictures.of(ArrayImgs.floats(new float[] {-1, 0, 0.5f, 1, 2}, 5, 1), 0, 1), 0, 0, 128, 255, 255);
		assertGrey(Pictures.of(ArrayImgs.doubles(new double[] {-2, -1, 0, 1, 1e300}, 5, 1), -1, 1), 0, 0, 128, 255, 255);
	}

	@Test
	void otherIntegers() {
		final long base = 1_000_000_000_000L;
		assertGrey(Pictures.of(ArrayImgs.longs(new long[] {base - 1, base, base + 6, base + 512, Long.MAX_VALUE}, 5, 1), base, base + 1023), 0, 0, 2, 128, 255);
		final RandomAccessibleInterval<BitType> bits = ArrayImgs.bits(2, 1);
		bits.getAt(1, 0).set(true);
		assertGrey(Pictures.of(bits, 0, 1), 0, 255);
	}

	@Test
	void colours() {
		final Picture picture = Pictures.of(ArrayImgs.argbs(new int[] {0xff102030, 0x00ffffff, 0x80ff8001, 0xff000000}, 2, 2), Double.NaN, Double.NaN);
		assertArrayEquals(new int[] {0x102030, 0xffffff, 0xff8001, 0}, rgb(picture));
		assertEquals(List.of(), picture.notes());
	}

	@Test
	void constantRange() {
		assertGrey(Pictures.of(ArrayImgs.floats(new float[] {4, 5, 6}, 3, 1), 5, 5), 0, 0, 255);
	}

	@Test
	void viewsAreReadInTheirOwnOrder() {
		final RandomAccessibleInterval<UnsignedByteType> image = ArrayImgs.unsignedBytes(new byte[] {1, 2, 3, 4, 5, 6}, 3, 2);
		assertGrey(Pictures.of(Views.translate(image, -7, 1_000_000_000_000L), 0, 255), 1, 2, 3, 4, 5, 6);
		final Picture swapped = Pictures.of(Views.permute(image, 0, 1), 0, 255);
		assertEquals(2, swapped.width());
		assertEquals(3, swapped.height());
		assertGrey(swapped, 1, 4, 2, 5, 3, 6);
		assertGrey(Pictures.of(Views.interval(image, new long[] {1, 0}, new long[] {2, 1}), 0, 255), 2, 3, 5, 6);
	}

	@Test
	void notFinite() {
		final Picture picture = Pictures.of(ArrayImgs.floats(new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1}, 4, 1), 0, 1);
		assertGrey(picture, 0, 255, 0, 255);
		assertEquals(List.of("3 pixels are not finite: NaN and negative infinity count as black, infinity as white"), picture.notes());
		assertThrows(ImageException.class, () -> Pictures.of(ArrayImgs.doubles(new double[] {Double.NaN, Double.NaN}, 2, 1), 0, 1));
		assertThrows(ImageException.class, () -> Pictures.of(new ImagePlus("", new FloatProcessor(2, 1, new float[] {Float.NaN, Float.NaN})), 1));
	}

	@Test
	void refused() {
		assertThrows(ImageException.class, () -> Pictures.of(ArrayImgs.unsignedBytes(3), 0, 255));
		assertThrows(ImageException.class, () -> Pictures.of(ArrayImgs.unsignedBytes(3, 2, 1), 0, 255));
		assertThrows(ImageException.class, () -> Pictures.of(ArrayImgs.complexFloats(3, 2), 0, 255));
		assertThrows(ImageException.class, () -> Pictures.of(ArrayImgs.floats(3, 2), 1, 0));
		assertThrows(ImageException.class, () -> Pictures.of(ArrayImgs.floats(3, 2), Double.NaN, 1));
		assertThrows(ImageException.class, () -> Pictures.of(ArrayImgs.floats(3, 2), 0, Double.POSITIVE_INFINITY));
	}

	/** Images whose look ImageJ can be asked for. */
	static Stream<Arguments> images() {
		final Map<String, Supplier<ImagePlus>> images = new LinkedHashMap<>();
		images.put("8 bits", () -> new ImagePlus("", bytes(1)));
		images.put("8 bits, display range", () -> ranged(new ImagePlus("", bytes(1)), 60, 140));
		images.put("8 bits, LUT", () -> coloured(new ImagePlus("", bytes(1))));
		images.put("8 bits, LUT and display range", () -> ranged(coloured(new ImagePlus("", bytes(1))), 60, 140));
		images.put("8 bits, inverted LUT", () -> inverted(new ImagePlus("", bytes(1))));
		images.put("8 bits, inverted LUT and display range", () -> ranged(inverted(new ImagePlus("", bytes(1))), 60, 140));
		images.put("16 bits", () -> new ImagePlus("", shorts(1)));
		images.put("16 bits, narrow display range", () -> ranged(new ImagePlus("", shorts(1)), 1000, 1100));
		images.put("16 bits, wide display range", () -> ranged(new ImagePlus("", shorts(1)), 0, 65535));
		images.put("16 bits, one level", () -> ranged(new ImagePlus("", shorts(1)), 1000, 1000));
		images.put("16 bits, LUT", () -> coloured(ranged(new ImagePlus("", shorts(1)), 1000, 1100)));
		images.put("16 bits, inverted LUT", () -> inverted(new ImagePlus("", shorts(1))));
		images.put("32 bits", () -> new ImagePlus("", floats(1)));
		images.put("32 bits, display range", () -> ranged(new ImagePlus("", floats(1)), -0.3, 0.45));
		images.put("32 bits, LUT", () -> coloured(ranged(new ImagePlus("", floats(1)), -0.3, 0.45)));
		images.put("32 bits, not all finite", () -> ranged(new ImagePlus("", withNonFinite(floats(1))), -0.5, 0.5));
		images.put("RGB", () -> new ImagePlus("", colourful()));
		images.put("stack of 8 bits", () -> ranged(stack(bytes(1), bytes(2), bytes(3)), 20, 200));
		images.put("stack of 16 bits", () -> ranged(stack(shorts(1), shorts(2), shorts(3)), 1000, 2000));
		images.put("virtual stack", () -> new ImagePlus("", new Virtual(false)));
		images.put("virtual stack, display range", () -> ranged(new ImagePlus("", new Virtual(false)), 1000, 2000));
		images.put("virtual stack that keeps its processors", () -> ranged(new ImagePlus("", new Virtual(true)), 1000, 2000));
		for (final int mode : new int[] {IJ.COMPOSITE, IJ.COLOR, IJ.GRAYSCALE}) {
			images.put("composite of 8 bits, mode " + mode, () -> composite(mode, bytes(1), bytes(2), bytes(3)));
			images.put("composite of 8 bits with ranges, mode " + mode, () -> channelRanges(composite(mode, bytes(1), bytes(2), bytes(3)), 30, 130));
			images.put("composite of 16 bits, mode " + mode, () -> channelRanges(composite(mode, shorts(1), shorts(2), shorts(3)), 1000, 2500));
			images.put("composite of 32 bits, mode " + mode, () -> channelRanges(composite(mode, floats(1), floats(2), floats(3)), -0.5, 0.25));
			images.put("composite of 8 bits with LUTs, mode " + mode, () -> {
				final CompositeImage image = composite(mode, bytes(1), bytes(2), bytes(3));
				image.setChannelLut(new LUT(LUT.createLutFromColor(Color.ORANGE), 0, 200), 1);
				image.setChannelLut(new LUT(LUT.createLutFromColor(Color.PINK), 0, 255), 2);
				image.setMode(mode);
				return image;
			});
			images.put("composite of 8 bits with LUTs without range, mode " + mode, () -> withoutRanges(composite(mode, bytes(1), bytes(2), bytes(3))));
			images.put("composite of 16 bits with LUTs without range, mode " + mode, () -> withoutRanges(composite(mode, shorts(1), shorts(2), shorts(3))));
		}
		for (final String projection : List.of("Max", "Min", "Invert"))
			images.put("composite, projection " + projection, () -> {
				final CompositeImage image = composite(IJ.COMPOSITE, bytes(1), bytes(2), bytes(3));
				image.setProp("CompositeProjection", projection);
				return image;
			});
		for (int off = 0; off < 3; off++) {
			final int channel = off;
			images.put("composite without channel " + (off + 1), () -> {
				final CompositeImage image = composite(IJ.COMPOSITE, bytes(1), bytes(2), bytes(3));
				image.getActiveChannels()[channel] = false;
				return image;
			});
		}
		return images.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
	}

	/** ImageJ shows them with the image's LUT at first and with the channel's after a change of the slice. */
	static Stream<Arguments> compositesOfOneChannel() {
		final Map<String, Supplier<ImagePlus>> images = new LinkedHashMap<>();
		images.put("composite of one channel", () -> oneChannel(coloured(stack(bytes(1), bytes(2)))));
		images.put("composite of one channel, display range", () -> ranged(oneChannel(coloured(stack(bytes(1), bytes(2)))), 60, 140));
		images.put("composite of one channel of 16 bits, display range", () -> ranged(oneChannel(coloured(stack(shorts(1), shorts(2)))), 1000, 2000));
		return images.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource({"images", "compositesOfOneChannel"})
	void looksAsInImageJ(final String name, final Supplier<ImagePlus> images) {
		final ImagePlus shown = images.get();
		final ImagePlus user = images.get();
		final List<Integer> positions = Pictures.positions(user);
		for (final int index : positions) {
			shown.setSlice(index);
			final int[] expected = screen(shown);
			user.setSlice(index);
			assertUnchanged(user, () -> assertArrayEquals(expected, rgb(Pictures.of(user, index)), "slice " + index));
		}
	}

	/** A position that is not on the screen: of the image as it would look if the user went there. */
	@ParameterizedTest(name = "{0}")
	@MethodSource("images")
	void looksTheSameFromElsewhere(final String name, final Supplier<ImagePlus> images) {
		final ImagePlus shown = images.get();
		final ImagePlus user = images.get();
		for (final int index : Pictures.positions(user)) {
			shown.setSlice(index);
			final int[] expected = screen(shown);
			assertUnchanged(user, () -> assertArrayEquals(expected, rgb(Pictures.of(user, index)), "slice " + index));
		}
	}

	/** The number of positions: one of each composite, else one of each slice. */
	@Test
	void positions() {
		assertEquals(List.of(1), Pictures.positions(new ImagePlus("", bytes(1))));
		assertEquals(List.of(1, 2, 3), Pictures.positions(stack(bytes(1), bytes(2), bytes(3))));
		assertEquals(List.of(1), Pictures.positions(composite(IJ.COMPOSITE, bytes(1), bytes(2), bytes(3))));
		assertEquals(List.of(1, 2, 3), Pictures.positions(composite(IJ.COLOR, bytes(1), bytes(2), bytes(3))));
		assertEquals(List.of(1, 3), Pictures.positions(hyperstack()));
	}

	@Test
	void compositeOfSeveralSlices() {
		final CompositeImage user = hyperstack();
		final ImagePlus second = composite(IJ.COMPOSITE, bytes(3), bytes(4));
		final int[] expected = screen(second);
		assertUnchanged(user, () -> {
			assertArrayEquals(expected, rgb(Pictures.of(user, 3)));
			assertArrayEquals(expected, rgb(Pictures.of(user, 4))); // any channel of the position
		});
	}

	/** By hand: 256 steps over 1000..1255, so the level is the value's distance from 1000. */
	@Test
	void sixteenBitsByHand() {
		final ImagePlus image = ranged(new ImagePlus("", new ShortProcessor(5, 1, new short[] {0, 1000, 1100, 1255, (short) 65535}, null)), 1000, 1255);
		assertGrey(Pictures.of(image, 1), 0, 0, 100, 255, 255);
	}

	@Test
	void flattened() {
		for (final ImagePlus image : List.of(ranged(new ImagePlus("", shorts(1)), 1000, 1100), ranged(new ImagePlus("", floats(1)), -0.3, 0.45))) {
			final int[] expected = rgb(image.duplicate().flatten().getProcessor());
			assertArrayEquals(expected, rgb(Pictures.of(image, 1)));
		}
	}

	@Test
	void greyStaysOnePlane() {
		final Picture picture = Pictures.of(inverted(new ImagePlus("", bytes(1))), 1);
		assertSame(picture.red(), picture.green());
		assertSame(picture.red(), picture.blue());
	}

	@Test
	void notFiniteInImageJ() {
		final float[] values = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, 1};
		final ImagePlus image = ranged(new ImagePlus("", new FloatProcessor(5, 1, values)), 0, 1);
		assertUnchanged(image, () -> {
			final Picture picture = Pictures.of(image, 1);
			assertGrey(picture, 0, 255, 0, 0, 255);
			assertEquals(List.of("3 pixels are not finite: NaN and negative infinity count as black, infinity as white"), picture.notes());
		});
	}

	/** ImageJ's automatic range of such an image is infinite, and would show nothing. */
	@Test
	void displayRangeThatIsNotFinite() {
		final ImagePlus image = ranged(new ImagePlus("", new FloatProcessor(4, 1, new float[] {0, 2, 4, Float.POSITIVE_INFINITY})), 0, Double.POSITIVE_INFINITY);
		final Picture picture = Pictures.of(image, 1);
		assertGrey(picture, 0, 128, 255, 255); // 0 to 4
		assertEquals(2, picture.notes().size());
	}

	@ParameterizedTest
	@MethodSource("plain")
	void thresholdColoursAreOff(final Supplier<ImagePlus> images) {
		final int[] expected = rgb(Pictures.of(images.get(), 1));
		for (final int colours : new int[] {ImageProcessor.RED_LUT, ImageProcessor.BLACK_AND_WHITE_LUT, ImageProcessor.OVER_UNDER_LUT}) {
			final ImagePlus user = images.get();
			final double min = user.getDisplayRangeMin();
			final double max = user.getDisplayRangeMax();
			user.getProcessor().setThreshold(min + (max - min) / 3, min + (max - min) / 2, colours);
			assertUnchanged(user, () -> assertArrayEquals(expected, rgb(Pictures.of(user, 1))));
		}
	}

	@ParameterizedTest
	@MethodSource("plain")
	void overlayAndRoiAreOff(final Supplier<ImagePlus> images) {
		final int[] expected = rgb(Pictures.of(images.get(), 1));
		final ImagePlus user = images.get();
		final Roi filled = new Roi(2, 2, 10, 10);
		filled.setFillColor(Color.YELLOW);
		user.setOverlay(new Overlay(filled));
		user.setRoi(new Roi(5, 6, 7, 8));
		assertUnchanged(user, () -> assertArrayEquals(expected, rgb(Pictures.of(user, 1))));
	}

	static Stream<Supplier<ImagePlus>> plain() {
		return Stream.of(
			() -> new ImagePlus("", bytes(1)),
			() -> ranged(coloured(new ImagePlus("", bytes(1))), 60, 140),
			() -> ranged(new ImagePlus("", shorts(1)), 1000, 3000),
			() -> coloured(ranged(new ImagePlus("", floats(1)), -0.3, 0.45)));
	}

	// What the user sees of an image and could lose

	private static void assertUnchanged(final ImagePlus image, final Runnable work) {
		final int[] look = screen(image); // a composite sets itself up when it is first shown
		final ImageProcessor processor = image.getProcessor();
		final Roi roi = image.getRoi();
		final Overlay overlay = image.getOverlay();
		final List<Object> before = state(image);
		work.run();
		assertSame(processor, image.getProcessor());
		assertSame(roi, image.getRoi());
		assertSame(overlay, image.getOverlay());
		assertEquals(before, state(image));
		assertArrayEquals(look, screen(image));
	}

	/** What ImageJ's own window would show. */
	private static int[] screen(final ImagePlus image) {
		image.updateAndDraw();
		image.updateImage();
		return rgb(new ColorProcessor(image.getImage()));
	}

	private static List<Object> state(final ImagePlus image) {
		final List<Object> state = new ArrayList<>();
		final ImageProcessor shown = image.getProcessor();
		state.add(List.of(image.getCurrentSlice(), image.getC(), image.getZ(), image.getT(), image.getStackSize(), image.changes));
		state.add(List.of(image.getDisplayRangeMin(), image.getDisplayRangeMax(), shown.getMin(), shown.getMax(), shown.getMinThreshold(), shown.getMaxThreshold()));
		state.add(colours(shown.getColorModel()));
		state.add(colours(shown.getCurrentColorModel()));
		state.add(String.valueOf(image.getRoi()));
		state.add(image.getOverlay() == null ? 0 : image.getOverlay().size());
		for (int i = 1; i <= image.getStackSize(); i++)
			state.add(pixels(image.getStack().getPixels(i)));
		if (image instanceof CompositeImage) {
			final CompositeImage composite = (CompositeImage) image;
			state.add(composite.getMode());
			state.add(Arrays.toString(composite.getActiveChannels()));
			for (final LUT lut : composite.getLuts()) {
				state.add(colours(lut));
				state.add(List.of(lut.min, lut.max));
			}
		}
		return state;
	}

	private static String colours(final Object model) {
		if (!(model instanceof IndexColorModel)) return "none";
		final int[] table = new int[256];
		((IndexColorModel) model).getRGBs(table);
		return Arrays.toString(table);
	}

	private static String pixels(final Object array) {
		if (array instanceof byte[]) return Arrays.toString((byte[]) array);
		if (array instanceof short[]) return Arrays.toString((short[]) array);
		if (array instanceof float[]) return Arrays.toString((float[]) array);
		return Arrays.toString((int[]) array);
	}

	// Images

	private static ByteProcessor bytes(final int seed) {
		final byte[] values = new byte[WIDTH * HEIGHT];
		for (int i = 0; i < values.length; i++)
			values[i] = (byte) (i * (2 * seed + 1) / 3);
		return new ByteProcessor(WIDTH, HEIGHT, values);
	}

	private static ShortProcessor shorts(final int seed) {
		final short[] values = new short[WIDTH * HEIGHT];
		for (int i = 0; i < values.length; i++)
			values[i] = (short) (800 + i * (2 * seed - 1));
		return new ShortProcessor(WIDTH, HEIGHT, values, null);
	}

	private static FloatProcessor floats(final int seed) {
		final float[] values = new float[WIDTH * HEIGHT];
		for (int i = 0; i < values.length; i++)
			values[i] = (float) Math.sin(i * 0.01 * seed);
		return new FloatProcessor(WIDTH, HEIGHT, values);
	}

	private static FloatProcessor withNonFinite(final FloatProcessor floats) {
		floats.setf(0, Float.NaN);
		floats.setf(7, Float.POSITIVE_INFINITY);
		floats.setf(9, Float.NEGATIVE_INFINITY);
		return floats;
	}

	private static ColorProcessor colourful() {
		final int[] values = new int[WIDTH * HEIGHT];
		for (int i = 0; i < values.length; i++)
			values[i] = 0xff000000 | i * 7919;
		return new ColorProcessor(WIDTH, HEIGHT, values);
	}

	private static ImagePlus stack(final ImageProcessor... slices) {
		final ImageStack stack = new ImageStack(WIDTH, HEIGHT);
		for (final ImageProcessor slice : slices)
			stack.addSlice(slice);
		return new ImagePlus("", stack);
	}

	private static CompositeImage composite(final int mode, final ImageProcessor... channels) {
		final ImagePlus image = stack(channels);
		image.setDimensions(channels.length, 1, 1);
		final CompositeImage composite = new CompositeImage(image, IJ.COMPOSITE);
		composite.setMode(mode);
		return composite;
	}

	private static CompositeImage oneChannel(final ImagePlus stack) {
		stack.setDimensions(1, stack.getStackSize(), 1);
		return new CompositeImage(stack, IJ.COMPOSITE);
	}

	private static CompositeImage hyperstack() {
		final ImagePlus image = stack(bytes(1), bytes(2), bytes(3), bytes(4));
		image.setDimensions(2, 2, 1);
		return new CompositeImage(image, IJ.COMPOSITE);
	}

	/** Another range for every channel. */
	private static CompositeImage channelRanges(final CompositeImage image, final double min, final double max) {
		final int mode = image.getMode();
		final double step = (max - min) / 10;
		for (int c = 1; c <= image.getNChannels(); c++) {
			final LUT lut = (LUT) image.getChannelLut(c).clone();
			lut.min = min + c * step;
			lut.max = max + 2 * c * step;
			image.setChannelLut(lut, c);
		}
		image.getProcessor().setMinAndMax(image.getChannelLut(1).min, image.getChannelLut(1).max);
		image.setMode(mode);
		image.updateImage();
		return image;
	}

	/** As a script sets colours: such a LUT's range is 0 to 0. */
	private static CompositeImage withoutRanges(final CompositeImage image) {
		final int mode = image.getMode();
		image.setChannelLut(LUT.createLutFromColor(Color.ORANGE), 1);
		image.setChannelLut(LUT.createLutFromColor(Color.PINK), 2);
		image.setMode(mode);
		return image;
	}

	private static ImagePlus ranged(final ImagePlus image, final double min, final double max) {
		image.setDisplayRange(min, max);
		return image;
	}

	private static ImagePlus coloured(final ImagePlus image) {
		final byte[][] table = new byte[3][256];
		for (int i = 0; i < 256; i++) {
			table[0][i] = (byte) i;
			table[1][i] = (byte) (i * i / 255);
			table[2][i] = (byte) (255 - i);
		}
		image.setLut(new LUT(table[0], table[1], table[2]));
		return image;
	}

	private static ImagePlus inverted(final ImagePlus image) {
		image.getProcessor().invertLut();
		return image;
	}

	/** Slices that are made when they are asked for. */
	private static final class Virtual extends VirtualStack {

		private final ImageProcessor[] kept = new ImageProcessor[3];
		private final boolean keeps;

		Virtual(final boolean keeps) {
			super(WIDTH, HEIGHT, 3, "16-bit");
			this.keeps = keeps;
		}

		@Override
		public ImageProcessor getProcessor(final int n) {
			if (!keeps) return shorts(n);
			if (kept[n - 1] == null) kept[n - 1] = shorts(n);
			return kept[n - 1];
		}

		@Override
		public Object getPixels(final int n) {
			return getProcessor(n).getPixels();
		}
	}

	// Comparison

	private static void assertGrey(final Picture picture, final int... expected) {
		final int[] colours = new int[expected.length];
		for (int i = 0; i < colours.length; i++)
			colours[i] = expected[i] * 0x010101;
		assertArrayEquals(colours, rgb(picture));
		assertSame(picture.red(), picture.blue());
		assertEquals(expected.length, picture.width() * picture.height());
	}

	private static int[] rgb(final Picture picture) {
		final int[] rgb = new int[picture.width() * picture.height()];
		for (int i = 0; i < rgb.length; i++)
			rgb[i] = picture.rgb(i);
		return rgb;
	}

	private static int[] rgb(final ImageProcessor colours) {
		final int[] rgb = ((int[]) colours.getPixels()).clone();
		for (int i = 0; i < rgb.length; i++)
			rgb[i] &= 0xffffff;
		return rgb;
	}

	/** The same pixels and display range, once through ImgLib2 and once as ImageJ shows them. */
	@ParameterizedTest
	@CsvSource({"0,255", "50,150", "10,11", "3,200", "100,101"})
	void imgLib2LooksAsImageJ(final int low, final int high) {
		final byte[] bytes = new byte[256];
		final short[] shorts = new short[256];
		final float[] floats = new float[256];
		for (int i = 0; i < 256; i++) {
			bytes[i] = (byte) i;
			shorts[i] = (short) i;
			floats[i] = i;
		}
		check(Pictures.of(ArrayImgs.unsignedBytes(bytes, 16, 16), low, high), new ByteProcessor(16, 16, bytes), low, high);
		check(Pictures.of(ArrayImgs.unsignedShorts(shorts, 16, 16), low, high), new ShortProcessor(16, 16, shorts, null), low, high);
		check(Pictures.of(ArrayImgs.floats(floats, 16, 16), low, high), new FloatProcessor(16, 16, floats), low, high);
	}

	private static void check(final Picture found, final ImageProcessor pixels, final int low, final int high) {
		pixels.setMinAndMax(low, high);
		final int[] shown = (int[]) pixels.convertToRGB().getPixels();
		for (int i = 0; i < shown.length; i++)
			assertEquals(shown[i] & 0xff, found.red().values()[i] & 0xff, pixels.getBitDepth() + " bits, value " + i);
	}
}
