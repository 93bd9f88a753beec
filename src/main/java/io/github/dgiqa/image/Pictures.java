package io.github.dgiqa.image;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;

import java.awt.Color;
import java.awt.Rectangle;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.util.ArrayList;
import java.util.List;

import net.imglib2.Cursor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;

/** From ImageJ's and ImgLib2's images to what a user sees on the screen. */
public final class Pictures {

	private static final int GREYS = 256;

	private Pictures() {}

	/**
	 * A 2-D image of any real, integer or ARGB type.
	 *
	 * @param low the value shown black; not looked at for ARGB
	 * @param high the value shown white, not below {@code low}; where they are the same, all above is white
	 * @throws ImageException where it is not 2-D, empty, too large, of another type, or has no finite pixel
	 */
	public static Picture of(final RandomAccessibleInterval<?> image, final double low, final double high) {
		if (image.numDimensions() != 2) throw new ImageException("An image of two dimensions is needed, this one has " + image.numDimensions() + "; choose a plane.");
		final long width = image.dimension(0);
		final long height = image.dimension(1);
		checkSize(width, height);
		final Object type = image.getAt(image.minAsLongArray());
		if (type instanceof ARGBType) return argb(cast(image), (int) width, (int) height);
		if (type instanceof RealType) return real(cast(image), (int) width, (int) height, Range.of(low, high, (RealType<?>) type));
		throw new ImageException("Pixels of the type " + type.getClass().getSimpleName() + " cannot be shown; real, integer or ARGB pixels are needed.");
	}

	@SuppressWarnings("unchecked")
	private static <T> RandomAccessibleInterval<T> cast(final RandomAccessibleInterval<?> image) {
		return (RandomAccessibleInterval<T>) image;
	}

	private static Picture argb(final RandomAccessibleInterval<ARGBType> image, final int width, final int height) {
		final int[] rgb = new int[width * height];
		final Cursor<ARGBType> cursor = Views.flatIterable(image).cursor();
		for (int i = 0; i < rgb.length; i++)
			rgb[i] = cursor.next().get();
		return Picture.rgb(width, height, rgb, List.of());
	}

	private static Picture real(final RandomAccessibleInterval<RealType<?>> image, final int width, final int height, final Range range) {
		final byte[] grey = new byte[width * height];
		final NonFinite nonFinite = new NonFinite();
		final Cursor<RealType<?>> cursor = Views.flatIterable(image).cursor();
		for (int i = 0; i < grey.length; i++) {
			final double value = cursor.next().getRealDouble();
			nonFinite.see(value);
			grey[i] = range.grey(value);
		}
		return Picture.grey(new Plane(width, height, grey), nonFinite.notes(grey.length));
	}

	/** A display range, mapped to 0..255 as ImageJ does it for pixels of 8, 16 and 32 bits. */
	private record Range(double low, double high, double scale, double rounding) {

		static Range of(final double low, final double high, final RealType<?> type) {
			if (!(low <= high) || Double.isInfinite(low) || Double.isInfinite(high))
				throw new ImageException("The display range from " + low + " to " + high + " shows nothing; two finite numbers are needed, the lower one first.");
			if (!(type instanceof IntegerType)) return new Range(low, high, (GREYS - 1) / (high - low), 0.5);
			if (type.getBitsPerPixel() > Byte.SIZE) return new Range(low, high, GREYS / (high - low + 1), 0.5);
			return new Range(low, high, GREYS / (high - low), 0);
		}

		/** NaN is black. */
		byte grey(final double value) {
			if (low == high) return (byte) (value > low ? GREYS - 1 : 0);
			return (byte) (int) Math.min(GREYS - 1, Math.max(0, value - low) * scale + rounding);
		}
	}

	/** Counts pixels that are no finite numbers. */
	private static final class NonFinite {

		private int count;

		void see(final double value) {
			if (!Double.isFinite(value)) count++;
		}

		List<String> notes(final int pixels) {
			if (count == pixels) throw new ImageException("No pixel is a finite number.");
			if (count == 0) return List.of();
			return List.of(count + (count == 1 ? " pixel is" : " pixels are") + " not finite: NaN and negative infinity count as black, infinity as white");
		}
	}

	/**
	 * What one position of an image looks like: display range, LUT, composite colours and active channels as they are,
	 * without overlays and threshold colours. The image is not changed.
	 *
	 * @param index ImageJ's stack index, from 1; of a composite that is shown as such, any of the position's channels
	 * @throws ImageException where the image has no pixels, is too large, or has no finite pixel
	 */
	public static Picture of(final ImagePlus image, final int index) {
		return of(image, index, isMerged(image), whole(image));
	}

	/**
	 * As {@link #of(ImagePlus, int)}, of a part of the image.
	 *
	 * @param merged whether a composite's channels are shown together; otherwise the channel of the index is shown alone,
	 *          in its colours
	 * @param part lies within the image
	 */
	public static Picture of(final ImagePlus image, final int index, final boolean merged, final Rectangle part) {
		checkSize(image.getWidth(), image.getHeight());
		if (merged) return merged((CompositeImage) image, index, part);
		final ImageProcessor found = cut(image.getStack().getProcessor(index), part);
		if (found instanceof ColorProcessor) return Picture.rgb(found.getWidth(), found.getHeight(), (int[]) found.getPixels(), List.of());
		// a virtual stack may hand out a processor that it keeps, and ours gets a display range
		final ImageProcessor pixels = image.getStack().isVirtual() ? found.duplicate() : found;
		return single(pixels, displayRange(image, index, pixels), colours(image, index));
	}

	/** All of an image. */
	public static Rectangle whole(final ImagePlus image) {
		return new Rectangle(image.getWidth(), image.getHeight());
	}

	private static ImageProcessor cut(final ImageProcessor pixels, final Rectangle part) {
		if (part.width == pixels.getWidth() && part.height == pixels.getHeight()) return pixels;
		final double min = pixels.getMin();
		final double max = pixels.getMax();
		pixels.setRoi(part);
		final ImageProcessor cut = pixels.crop();
		pixels.resetRoi();
		if (pixels.getBitDepth() == Short.SIZE || pixels.getBitDepth() == Float.SIZE) cut.setMinAndMax(min, max); // else found anew, of the part
		return cut;
	}

	/** Whether all channels of a position are shown together. */
	public static boolean isMerged(final ImagePlus image) {
		return image instanceof CompositeImage && image.getNChannels() > 1 && ((CompositeImage) image).getMode() == IJ.COMPOSITE;
	}

	/** The stack indices of all that can be seen in an image, one of each position, in ImageJ's order. */
	public static List<Integer> positions(final ImagePlus image) {
		final List<Integer> indices = new ArrayList<>();
		final boolean merged = isMerged(image);
		for (int index = 1; index <= image.getStackSize(); index++)
			if (!merged || image.convertIndexToPosition(index)[0] == 1) indices.add(index);
		return indices;
	}

	private static Picture single(final ImageProcessor pixels, final double[] range, final IndexColorModel colours) {
		final List<String> notes = new ArrayList<>();
		final byte[] grey;
		final IndexColorModel shown;
		if (pixels.getBitDepth() == 8) {
			grey = (byte[]) pixels.getPixels();
			shown = withContrast(colours, range);
		}
		else {
			shown = colours;
			if (pixels instanceof FloatProcessor) notes.addAll(finiteRange((float[]) pixels.getPixels(), range));
			pixels.setMinAndMax(range[0], range[1]);
			grey = (byte[]) pixels.convertToByteProcessor(true).getPixels();
		}
		final int[] table = new int[GREYS];
		shown.getRGBs(table);
		if (areColourless(table)) {
			final byte[] levels = new byte[grey.length];
			for (int i = 0; i < grey.length; i++)
				levels[i] = (byte) table[grey[i] & 0xff];
			return Picture.grey(new Plane(pixels.getWidth(), pixels.getHeight(), levels), notes);
		}
		final int[] rgb = new int[grey.length];
		for (int i = 0; i < grey.length; i++)
			rgb[i] = table[grey[i] & 0xff];
		return Picture.rgb(pixels.getWidth(), pixels.getHeight(), rgb, notes);
	}

	private static boolean areColourless(final int[] colours) {
		for (final int colour : colours)
			if ((colour >> 16 & 0xff) != (colour & 0xff) || (colour >> 8 & 0xff) != (colour & 0xff)) return false;
		return true;
	}

	/**
	 * The values of one position of an image with one channel: those of 8 bits as grey levels, others as they are.
	 *
	 * @throws ImageException where it has colours or several channels
	 */
	static FloatMap values(final ImagePlus image, final int index) {
		checkSize(image.getWidth(), image.getHeight());
		final ImageProcessor pixels = image.getStack().getProcessor(index);
		final boolean inColour = pixels instanceof ColorProcessor;
		final int[] colours = inColour ? (int[]) pixels.getPixels() : pixels.getBitDepth() == Byte.SIZE ? table(image, index) : new int[0];
		if (image.getNChannels() > 1 || !areColourless(colours)) throw new ImageException("It has colours; values of one channel are needed: save it in greys.");
		final float[] values = new float[image.getWidth() * image.getHeight()];
		for (int i = 0; i < values.length; i++)
			values[i] = colours.length == 0 ? pixels.getf(i) : colours[inColour ? i : pixels.get(i)] & 0xff;
		return new FloatMap(image.getWidth(), image.getHeight(), values);
	}

	private static int[] table(final ImagePlus image, final int index) {
		final int[] table = new int[GREYS];
		colours(image, index).getRGBs(table);
		return table;
	}

	/** ImageJ shows the display range of 8-bit pixels through their colours. */
	private static IndexColorModel withContrast(final IndexColorModel colours, final double[] range) {
		final ByteProcessor any = new ByteProcessor(1, 1);
		any.setColorModel(colours);
		any.setMinAndMax(range[0], range[1]);
		return (IndexColorModel) any.getCurrentColorModel();
	}

	/** Makes the range that of the finite pixels where it is not finite itself; returns notes. */
	private static List<String> finiteRange(final float[] values, final double[] range) {
		final NonFinite nonFinite = new NonFinite();
		double min = Double.POSITIVE_INFINITY;
		double max = Double.NEGATIVE_INFINITY;
		for (final float value : values) {
			nonFinite.see(value);
			if (!Float.isFinite(value)) continue;
			min = Math.min(min, value);
			max = Math.max(max, value);
		}
		final List<String> notes = new ArrayList<>(nonFinite.notes(values.length));
		if (!Double.isFinite(range[0]) || !Double.isFinite(range[1])) {
			range[0] = min;
			range[1] = max;
			notes.add("the display range is not finite; that of the finite pixels was used");
		}
		return notes;
	}

	private static double[] displayRange(final ImagePlus image, final int index, final ImageProcessor pixels) {
		if (image instanceof CompositeImage) return displayRange(((CompositeImage) image).getChannelLut(channel(image, index)), pixels);
		return new double[] {image.getDisplayRangeMin(), image.getDisplayRangeMax()};
	}

	/** To ImageJ, 0 to 0 says that the LUT brings no range. */
	private static double[] displayRange(final LUT lut, final ImageProcessor pixels) {
		if (lut.min == 0 && lut.max == 0) return new double[] {pixels.getMin(), pixels.getMax()};
		return new double[] {lut.min, lut.max};
	}

	private static IndexColorModel colours(final ImagePlus image, final int index) {
		if (image instanceof CompositeImage) {
			final CompositeImage composite = (CompositeImage) image;
			final boolean oneOfSeveral = composite.getMode() == IJ.COMPOSITE && composite.getNChannels() > 1;
			if (composite.getMode() == IJ.COLOR || oneOfSeveral) return composite.getChannelLut(channel(image, index));
			if (composite.getMode() == IJ.GRAYSCALE) return LUT.createLutFromColor(Color.WHITE);
			// a single channel: ImageJ shows it with the colours of the image
		}
		// without the colours of a threshold
		final ColorModel model = image.getProcessor().getColorModel();
		return model instanceof IndexColorModel ? (IndexColorModel) model : LUT.createLutFromColor(Color.WHITE);
	}

	private static int channel(final ImagePlus image, final int index) {
		return image.convertIndexToPosition(index)[0];
	}

	private static Picture merged(final CompositeImage image, final int index, final Rectangle part) {
		final int[] position = image.convertIndexToPosition(index);
		final int channels = image.getNChannels();
		final ImageStack planes = new ImageStack(part.width, part.height);
		final List<String> notes = new ArrayList<>();
		final LUT[] luts = new LUT[channels];
		for (int c = 1; c <= channels; c++) {
			final ImageProcessor pixels = cut(image.getStack().getProcessor(image.getStackIndex(c, position[1], position[2])), part);
			luts[c - 1] = (LUT) image.getChannelLut(c).clone();
			final double[] range = displayRange(luts[c - 1], pixels);
			if (pixels instanceof FloatProcessor) notes.addAll(finiteRange((float[]) pixels.getPixels(), range));
			luts[c - 1].min = range[0];
			luts[c - 1].max = range[1];
			planes.addSlice(pixels);
		}
		// ImageJ's own mixing of the channels, on an image of only this position
		final ImagePlus plain = new ImagePlus("", planes);
		plain.setDimensions(channels, 1, 1);
		final CompositeImage one = new CompositeImage(plain, IJ.COMPOSITE);
		one.setLuts(luts);
		one.getProcessor().setMinAndMax(luts[0].min, luts[0].max);
		System.arraycopy(image.getActiveChannels(), 0, one.getActiveChannels(), 0, image.getActiveChannels().length);
		one.setProp("CompositeProjection", image.getProp("CompositeProjection"));
		one.updateImage();
		final ColorProcessor mixed = new ColorProcessor(one.getImage());
		return Picture.rgb(mixed.getWidth(), mixed.getHeight(), (int[]) mixed.getPixels(), notes.stream().distinct().toList());
	}

	private static void checkSize(final long width, final long height) {
		if (width < 1 || height < 1) throw new ImageException("The image has no pixels.");
		if (width * height > Picture.MOST_PIXELS) throw new ImageException("The image has " + width + " x " + height + " pixels; at most " + Picture.MOST_PIXELS + " are possible.");
	}
}
