package io.github.dgiqa.display;

import ij.process.LUT;

/** Colours for values from 0 to 1; lightness grows with the value, so that the maps can be read in grey and by the colour-blind. */
public enum ColourMap {

	/** For quality. */
	VIRIDIS(0x440154, 0x3b528b, 0x21918c, 0x5ec962, 0xfde725),
	/** For attention. */
	INFERNO(0x000004, 0x57106e, 0xbc3754, 0xf98e09, 0xfcffa4),
	/** For depth. */
	PLASMA(0x0d0887, 0x7e03a8, 0xcc4778, 0xf89540, 0xf0f921);

	private static final int COLOURS = 256;

	private final int[] table = new int[COLOURS];

	ColourMap(final int... anchors) {
		for (int i = 0; i < COLOURS; i++) {
			final double at = i * (anchors.length - 1) / (COLOURS - 1.0);
			final int k = Math.min((int) at, anchors.length - 2);
			table[i] = mix(anchors[k], anchors[k + 1], at - k);
		}
	}

	/** 0xRRGGBB of the 256 levels from 0 to 1, for ImageJ. */
	LUT lut() {
		final byte[][] channels = new byte[3][COLOURS];
		for (int i = 0; i < COLOURS; i++)
			for (int c = 0; c < channels.length; c++)
				channels[c][i] = (byte) (table[i] >> 16 - 8 * c);
		return new LUT(channels[0], channels[1], channels[2]);
	}

	/** The level of a value, 0 to 255; those beyond 0 and 1 have the level of the end. */
	static int level(final double value) {
		return (int) Math.round(Math.max(0, Math.min(1, value)) * (COLOURS - 1));
	}

	/** 0xRRGGBB of a value; those beyond 0 and 1 have the colour of the end. */
	public int colour(final double value) {
		return table[level(value)];
	}

	/** The mixture of two colours 0xRRGGBB, with the given share of the second. */
	static int mix(final int a, final int b, final double share) {
		int mixed = 0;
		for (int shift = 0; shift <= 16; shift += 8) {
			final int from = a >> shift & 0xff;
			final int to = b >> shift & 0xff;
			mixed |= (int) Math.round(from + (to - from) * share) << shift;
		}
		return mixed;
	}
}
