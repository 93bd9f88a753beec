package io.github.dgiqa.image;

import java.nio.FloatBuffer;
import java.util.List;

/** From 8-bit planes to a network's input: (value / 255 - mean) / std of each channel, planes one after the other. */
public final class Normaliser {

	private final float[] mean;
	private final float[] std;
	private final float[][] table = new float[3][256];

	/**
	 * @param mean mean of red, green, blue on the scale 0..1
	 * @param std deviation of red, green, blue
	 */
	public Normaliser(final float[] mean, final float[] std) {
		this.mean = mean.clone();
		this.std = std.clone();
		for (int c = 0; c < 3; c++)
			for (int v = 0; v < 256; v++)
				table[c][v] = normalise(c, v);
	}

	private float normalise(final int channel, final float value) {
		return (value / 255 - mean[channel]) / std[channel];
	}

	/** Puts the square with its corner at (x,y) of three planes. */
	public void putSquare(final List<Plane> planes, final int x, final int y, final int side, final FloatBuffer to) {
		final float[] line = new float[side];
		for (int c = 0; c < 3; c++) {
			final byte[] values = planes.get(c).values();
			for (int row = y; row < y + side; row++) {
				putRow(values, row * planes.get(c).width() + x, table[c], line);
				to.put(line);
			}
		}
	}

	private static void putRow(final byte[] values, final int from, final float[] levels, final float[] to) {
		for (int i = 0; i < to.length; i++)
			to[i] = levels[values[from + i] & 0xff];
	}

	/** Puts three planes as pixels, one after the other: red, green, blue of each. @param from index of the first */
	public void putPixels(final List<Plane> planes, final float[] to, final int from) {
		for (int c = 0; c < 3; c++) {
			final byte[] values = planes.get(c).values();
			for (int i = 0; i < values.length; i++)
				to[from + 3 * i + c] = table[c][values[i] & 0xff];
		}
	}

	/** Puts one channel of values 0..255. */
	public void putChannel(final int channel, final float[] values, final FloatBuffer to) {
		final float[] normalised = new float[values.length];
		for (int i = 0; i < values.length; i++)
			normalised[i] = normalise(channel, values[i]);
		to.put(normalised);
	}

	/** As {@link #putPixels(List, float[], int)}, of three channels of values 0..255. */
	public void putChannels(final List<float[]> channels, final float[] to, final int from) {
		for (int c = 0; c < 3; c++) {
			final float[] values = channels.get(c);
			for (int i = 0; i < values.length; i++)
				to[from + 3 * i + c] = normalise(c, values[i]);
		}
	}
}
