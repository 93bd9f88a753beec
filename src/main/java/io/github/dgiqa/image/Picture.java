package io.github.dgiqa.image;

import java.util.Arrays;
import java.util.List;

/**
 * An image as it looks on the screen: three channels of 8 bits.
 *
 * @param red one of three planes of the same size; in a grey image the three are the same object
 * @param notes what the result has to say about how the picture came to be
 */
public record Picture(Plane red, Plane green, Plane blue, List<String> notes) {

	/** Most pixels of a picture: an array holds no more. */
	public static final long MOST_PIXELS = Integer.MAX_VALUE - 8L;

	/** Pixels, beyond which there should not be two in memory. */
	static final long LARGE = 16_000_000;

	public Picture {
		notes = List.copyOf(notes);
	}

	public static Picture grey(final Plane plane, final List<String> notes) {
		return new Picture(plane, plane, plane, notes);
	}

	/** @param rgb width * height values 0xRRGGBB, row by row; other bits are not looked at */
	public static Picture rgb(final int width, final int height, final int[] rgb, final List<String> notes) {
		final byte[][] planes = new byte[3][rgb.length];
		for (int i = 0; i < rgb.length; i++) {
			planes[0][i] = (byte) (rgb[i] >> 16);
			planes[1][i] = (byte) (rgb[i] >> 8);
			planes[2][i] = (byte) rgb[i];
		}
		return new Picture(new Plane(width, height, planes[0]), new Plane(width, height, planes[1]), new Plane(width, height, planes[2]), notes);
	}

	/** Whether it takes so much memory that there should not be another one at the same time. */
	public boolean isLarge() {
		return (long) width() * height() > LARGE;
	}

	public int width() {
		return red.width();
	}

	public int height() {
		return red.height();
	}

	/** The three planes: red, green, blue. */
	public List<Plane> planes() {
		return List.of(red, green, blue);
	}

	/** The same with no side longer than the given one, antialiased; itself where none is. Without its notes. */
	public Picture reduced(final int longest) {
		final double scale = (double) longest / Math.max(width(), height());
		if (scale >= 1) return this;
		final int newWidth = Math.max(1, (int) Math.round(width() * scale));
		final int newHeight = Math.max(1, (int) Math.round(height() * scale));
		final List<Plane> reduced = Plane.each(planes(), plane -> plane.reduced(newWidth, newHeight));
		return new Picture(reduced.get(0), reduced.get(1), reduced.get(2), List.of());
	}

	/** 0xRRGGBB of all pixels, row by row. */
	public int[] rgb() {
		final int[] rgb = new int[red.values().length];
		Arrays.setAll(rgb, this::rgb);
		return rgb;
	}

	/** 0xRRGGBB of a pixel, by its index in row order. */
	public int rgb(final int index) {
		return (red.values()[index] & 0xff) << 16 | (green.values()[index] & 0xff) << 8 | blue.values()[index] & 0xff;
	}
}
