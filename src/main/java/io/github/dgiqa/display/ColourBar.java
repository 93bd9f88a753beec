package io.github.dgiqa.display;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Locale;

/** A small labelled scale of a map's colours. */
final class ColourBar {

	private static final int TICKS = 3;

	private ColourBar() {}

	/** The bar on a black ground, without words where Java has no font. @param font size of the words, pixels */
	static BufferedImage of(final MapKind kind, final int font) {
		final int width = 8 * font;
		final int height = 10 * font;
		final BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
		final Graphics2D g = image.createGraphics();
		try {
			final int left = font / 2;
			final int top = 2 * font;
			final int bottom = height - 2 * font;
			for (int y = top; y <= bottom; y++) {
				g.setColor(new Color(kind.colour(kind.max() * (bottom - y) / (bottom - top))));
				g.fillRect(left, y, 3 * font / 2, 1);
			}
			words(g, kind, font, left, top, bottom);
		}
		catch (InternalError | NoClassDefFoundError e) {
			// the colours alone
		}
		finally {
			g.dispose();
		}
		return image;
	}

	private static void words(final Graphics2D g, final MapKind kind, final int font, final int left, final int top, final int bottom) {
		g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
		g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, font));
		g.setColor(Color.WHITE);
		g.drawString(kind.title(), left, 5 * font / 4);
		for (int i = 0; i < TICKS; i++) {
			final int y = bottom - (bottom - top) * i / (TICKS - 1);
			g.drawString(String.format(Locale.ROOT, "%.1f", kind.max() * i / (TICKS - 1)), left + 2 * font, y + 2 * font / 5);
		}
		g.drawString(kind.remark(), left, bottom + 3 * font / 2);
	}
}
