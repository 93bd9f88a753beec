package io.github.dgiqa.distort;

/**
 * CIE L*a*b* of sRGB under D65: L* is 0 to 100. Functions of StrictMath: ImageJ's ColorSpaceConverter, with which this
 * agrees, may differ in the last bit from machine to machine.
 *
 * @param l L* of each pixel
 * @param a a* of each pixel
 * @param b b* of each pixel
 */
record Lab(int width, int height, float[] l, float[] a, float[] b) {

	static final double WHITE = 100;

	/** To X, Y, Z, rows of IEC 61966-2-1. */
	private static final double[][] TO_XYZ = {{0.4124564, 0.3575761, 0.1804375}, {0.2126729, 0.7151522, 0.0721750}, {0.0193339, 0.1191920, 0.9503041}};
	private static final double[][] FROM_XYZ = {{3.2404542, -1.5371385, -0.4985314}, {-0.9692660, 1.8760108, 0.0415560}, {0.0556434, -0.2040259, 1.0572252}};
	/** X, Y, Z of white: what the rows add up to. */
	private static final double[] D65 = {0.95047, 1, 1.08883};

	private static final double DELTA = 6.0 / 29;
	private static final double GAMMA = 2.4;

	/** Of values of 8 bits: others are rounded to these. */
	static Lab of(final Channels picture) {
		final int pixels = picture.planes()[0].length;
		final Lab lab = new Lab(picture.width(), picture.height(), new float[pixels], new float[pixels], new float[pixels]);
		final double[] linear = linearLevels();
		final double[] rgb = new double[Channels.COUNT];
		for (int i = 0; i < pixels; i++) {
			for (int c = 0; c < Channels.COUNT; c++)
				rgb[c] = linear[Channels.eightBits(picture.planes()[c][i])];
			final double x = f(dot(TO_XYZ[0], rgb) / D65[0]);
			final double y = f(dot(TO_XYZ[1], rgb) / D65[1]);
			final double z = f(dot(TO_XYZ[2], rgb) / D65[2]);
			lab.l[i] = (float) (116 * y - 16);
			lab.a[i] = (float) (500 * (x - y));
			lab.b[i] = (float) (200 * (y - z));
		}
		return lab;
	}

	/** Colours that sRGB lacks are beyond 0 and 1. */
	Channels rgb() {
		final float[][] planes = new float[Channels.COUNT][l.length];
		final double[] xyz = new double[Channels.COUNT];
		for (int i = 0; i < l.length; i++) {
			final double y = (l[i] + 16) / 116;
			xyz[0] = D65[0] * inverse(y + a[i] / 500);
			xyz[1] = D65[1] * inverse(y);
			xyz[2] = D65[2] * inverse(y - b[i] / 200);
			for (int c = 0; c < Channels.COUNT; c++)
				planes[c][i] = (float) encoded(dot(FROM_XYZ[c], xyz));
		}
		return new Channels(width, height, planes);
	}

	Lab withLightness(final float[] lightness) {
		return new Lab(width, height, lightness, a, b);
	}

	Lab withColour(final float[] newA, final float[] newB) {
		return new Lab(width, height, l, newA, newB);
	}

	private static double[] linearLevels() {
		final double[] linear = new double[Channels.VALUES];
		for (int i = 0; i < Channels.VALUES; i++) {
			final double v = i / (Channels.VALUES - 1.0);
			linear[i] = v <= 0.04045 ? v / 12.92 : StrictMath.pow((v + 0.055) / 1.055, GAMMA);
		}
		return linear;
	}

	private static double encoded(final double linear) {
		if (linear <= 0.0031308) return 12.92 * linear;
		return linear >= 1 ? linear : 1.055 * StrictMath.pow(linear, 1 / GAMMA) - 0.055;
	}

	private static double f(final double t) {
		return t > DELTA * DELTA * DELTA ? StrictMath.cbrt(t) : t / (3 * DELTA * DELTA) + 4.0 / 29;
	}

	private static double inverse(final double f) {
		return f > DELTA ? f * f * f : 3 * DELTA * DELTA * (f - 4.0 / 29);
	}

	private static double dot(final double[] row, final double[] column) {
		return row[0] * column[0] + row[1] * column[1] + row[2] * column[2];
	}
}
