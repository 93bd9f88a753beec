package io.github.dgiqa.bench;

import ij.ImagePlus;
import ij.process.ColorProcessor;

import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Pictures;
import io.github.dgiqa.image.Plane;

import java.io.IOException;
import java.nio.file.Path;

import javax.imageio.ImageIO;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.core.source64.SplitMix64;

/** Images in colour, always the same for their size: soft areas with some noise, so that they compress as photographs do. */
final class SeededImage {

	/** A photograph of the benchmark sets. Pixels. */
	static final int WIDTH = 576;
	static final int HEIGHT = 384;

	private static final long SEED = 42;
	private static final int COARSE_WIDTH = 12;
	private static final int COARSE_HEIGHT = 8;
	private static final int NOISE_BITS = 4;
	/** Of the soft areas: with the noise it stays below 256. */
	private static final int BRIGHTEST = 240;

	private SeededImage() {}

	/** An image in memory. */
	static ImagePlus of(final int width, final int height) {
		final UniformRandomProvider random = new SplitMix64(SEED);
		final Plane[] coarse = {coarse(random), coarse(random), coarse(random)};
		final int[] pixels = new int[Math.multiplyExact(width, height)];
		for (int y = 0, i = 0; y < height; y++) {
			final byte[][] rows = new byte[coarse.length][];
			for (int c = 0; c < rows.length; c++)
				rows[c] = coarse[c].resizedRegion(width, height, 0, y, width, 1).values();
			for (int x = 0; x < width; x++, i++) {
				final long noise = random.nextLong();
				for (int c = 0; c < rows.length; c++)
					pixels[i] = pixels[i] << Byte.SIZE | (rows[c][x] & 0xff) + (int) (noise >>> Byte.SIZE * c & (1 << NOISE_BITS) - 1);
			}
		}
		return new ImagePlus("", new ColorProcessor(width, height, pixels));
	}

	private static Plane coarse(final UniformRandomProvider random) {
		final byte[] values = new byte[COARSE_WIDTH * COARSE_HEIGHT];
		for (int i = 0; i < values.length; i++)
			values[i] = (byte) random.nextInt(BRIGHTEST);
		return new Plane(COARSE_WIDTH, COARSE_HEIGHT, values);
	}

	/** A photograph in memory, as it is assessed. */
	static Picture picture() {
		return Pictures.of(of(WIDTH, HEIGHT), 1);
	}

	/** Writes a photograph as PNG. */
	static void write(final Path file) throws IOException {
		ImageIO.write(of(WIDTH, HEIGHT).getBufferedImage(), "png", file.toFile());
	}
}
