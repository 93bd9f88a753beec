package io.github.dgiqa.image;

import java.awt.Point;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferInt;
import java.awt.image.DirectColorModel;
import java.awt.image.Raster;
import java.awt.image.SinglePixelPackedSampleModel;
import java.awt.image.WritableRaster;

/**
 * The destination of one of Java's readers that are ImageJ's pixels, so that there need not be a second image. Readers put
 * rows of three bytes for each pixel there ({@link #setRect}), red, green and blue, or one pixel after the other
 * ({@link #setPixel(int, int, int[])}); other methods would leave pixels transparent.
 */
final class ColourRows extends WritableRaster {

	private static final int OPAQUE = 0xff << 24;
	private static final int[] MASKS = {0xff0000, 0xff00, 0xff};
	private static final int BITS = 24;

	private final int[] pixels;
	private final byte[] line;

	private ColourRows(final int width, final int height, final int[] pixels) {
		super(new SinglePixelPackedSampleModel(DataBuffer.TYPE_INT, width, height, MASKS), new DataBufferInt(pixels, pixels.length), new Point());
		this.pixels = pixels;
		line = new byte[MASKS.length * width];
	}

	/** As the destination of a reader. @param pixels width * height, filled when the image is read: 0xffRRGGBB, row by row */
	static BufferedImage image(final int width, final int height, final int[] pixels) {
		return new BufferedImage(new DirectColorModel(BITS, MASKS[0], MASKS[1], MASKS[2]), new ColourRows(width, height, pixels), false, null);
	}

	@Override
	public void setRect(final int dx, final int dy, final Raster rows) {
		for (int row = 0; row < rows.getHeight(); row++) {
			rows.getDataElements(rows.getMinX(), rows.getMinY() + row, rows.getWidth(), 1, line);
			int at = (rows.getMinY() + dy + row) * width + rows.getMinX() + dx;
			for (int i = 0; i < MASKS.length * rows.getWidth(); i += MASKS.length)
				pixels[at++] = OPAQUE | (line[i] & 0xff) << 16 | (line[i + 1] & 0xff) << 8 | line[i + 2] & 0xff;
		}
	}

	@Override
	public void setPixel(final int x, final int y, final int[] colour) {
		pixels[y * width + x] = OPAQUE | colour[0] << 16 | colour[1] << 8 | colour[2];
	}
}
