package io.github.dgiqa.display;

import io.github.dgiqa.assess.Assessment;
import io.github.dgiqa.assess.CoveredMap;
import io.github.dgiqa.image.Picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

import javax.imageio.ImageIO;

/** A map in colours over the picture in grey, with a labelled colour bar beside it. The picture keeps its size and lies in the upper left corner. */
public final class MapImage {

	private static final double OPACITY = 0.6;
	private static final int MIDDLE_GREY = 0x808080;
	private static final int TICKS = 5;
	private static final int LEAST_HEIGHT = 160;
	private static final int LEAST_FONT = 12;

	private MapImage() {}

	/** The picture with one of its assessment's maps. */
	public static BufferedImage of(final Picture picture, final Assessment assessment, final MapKind kind) {
		final int width = picture.width();
		final int height = Math.max(picture.height(), LEAST_HEIGHT);
		final int font = Math.max(LEAST_FONT, Math.min(picture.height(), picture.width()) / 32);
		final BufferedImage image = new BufferedImage(width + 9 * font, height, BufferedImage.TYPE_INT_RGB);
		final Graphics2D g = image.createGraphics();
		try {
			g.setColor(Color.WHITE);
			g.fillRect(0, 0, image.getWidth(), image.getHeight());
			drawBar(g, kind, width + font, height, font);
		}
		finally {
			g.dispose();
		}
		paint(image, picture, assessment, kind);
		return image;
	}

	/** The same without the colour bar: as large as the picture, which may be a reduced one. */
	public static BufferedImage overlay(final Picture picture, final Assessment assessment, final MapKind kind) {
		final BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
		paint(image, picture, assessment, kind);
		return image;
	}

	/** 0xRRGGBB of a value, as it looks over a grey picture. */
	public static int colour(final MapKind kind, final double value) {
		return ColourMap.mix(MIDDLE_GREY, kind.colour(value), OPACITY);
	}

	private static void paint(final BufferedImage image, final Picture picture, final Assessment assessment, final MapKind kind) {
		final CoveredMap map = kind.of(assessment).resize(picture.width(), picture.height());
		for (int y = 0, i = 0; y < picture.height(); y++)
			for (int x = 0; x < picture.width(); x++, i++) {
				final int grey = grey(picture.rgb(i));
				image.setRGB(x, y, map.covered().get(i) ? ColourMap.mix(grey, kind.colour(map.map().values()[i]), OPACITY) : grey);
			}
	}

	/**
	 * Writes {@link #of} as PNG; an existing file is replaced.
	 *
	 * @throws IOException where that is not possible, also where Java has no font; no half-written file is left
	 */
	public static void write(final Picture picture, final Assessment assessment, final MapKind kind, final Path file) throws IOException {
		if (Files.isDirectory(file)) throw new IOException(file + " is a folder");
		final Path part = file.resolveSibling(file.getFileName() + ".part");
		try {
			try (OutputStream out = Files.newOutputStream(part)) {
				ImageIO.write(of(picture, assessment, kind), "png", out);
			}
			catch (InternalError | NoClassDefFoundError e) { // what Java throws where a machine has no fonts
				throw new IOException("Java finds no font for the labels; install fontconfig and a font", e);
			}
			Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
		}
		finally {
			Files.deleteIfExists(part);
		}
	}

	/** Luma of Rec. 601 in all three channels. */
	private static int grey(final int rgb) {
		final int luma = (299 * (rgb >> 16 & 0xff) + 587 * (rgb >> 8 & 0xff) + 114 * (rgb & 0xff) + 500) / 1000;
		return luma * 0x010101;
	}

	private static void drawBar(final Graphics2D g, final MapKind kind, final int left, final int height, final int font) {
		g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
		g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, font));
		g.setColor(Color.BLACK);
		g.drawString(kind.title(), left, 3 * font / 2);
		final int top = 3 * font;
		final int bottom = height - 5 * font / 2;
		final int barWidth = 3 * font / 2;
		for (int y = top; y <= bottom; y++) {
			final double value = kind.max() * (bottom - y) / (bottom - top);
			g.setColor(new Color(colour(kind, value)));
			g.fillRect(left, y, barWidth, 1);
		}
		g.setColor(Color.BLACK);
		g.drawRect(left, top, barWidth, bottom - top);
		for (int i = 0; i < TICKS; i++) {
			final int y = bottom - (bottom - top) * i / (TICKS - 1);
			g.drawLine(left + barWidth, y, left + barWidth + font / 3, y);
			g.drawString(String.format(Locale.ROOT, "%.2f", kind.max() * i / (TICKS - 1)), left + barWidth + font / 2, y + font / 3);
		}
		g.drawString(kind.remark(), left, height - font / 2);
	}
}
