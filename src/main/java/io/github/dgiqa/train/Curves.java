package io.github.dgiqa.train;

import ij.gui.Plot;

import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import javax.imageio.ImageIO;

/** The picture of a training run: its loss, and how it does on the held-out part. */
final class Curves {

	private static final int WIDTH = 640;
	private static final int HEIGHT = 400;
	private static final int LOSS = 1;
	private static final int SRCC = 5;
	private static final int PLCC = 6;
	private static final Color LOSS_COLOUR = new Color(0xbc3754);
	private static final Color SRCC_COLOUR = new Color(0x3b528b);
	private static final Color PLCC_COLOUR = new Color(0x21918c);

	private Curves() {}

	/** PNG. @param rows of the log, without its header */
	static byte[] png(final List<String> rows) throws IOException {
		final double[][] loss = column(rows, LOSS);
		final double most = Arrays.stream(loss[1]).max().orElse(1);
		final double scale = most > 0 ? 1 / most : 1;
		final Plot plot = new Plot("", "step", "SRCC, PLCC of the held-out part; loss / " + String.format(Locale.ROOT, "%.3g", most));
		plot.setFont(Font.PLAIN, 12);
		plot.setSize(WIDTH, HEIGHT);
		plot.setLimits(0, Math.max(1, rows.isEmpty() ? 1 : last(rows)), 0, 1);
		line(plot, loss[0], Arrays.stream(loss[1]).map(value -> value * scale).toArray(), LOSS_COLOUR);
		final double[][] srcc = column(rows, SRCC);
		line(plot, srcc[0], srcc[1], SRCC_COLOUR);
		final double[][] plcc = column(rows, PLCC);
		line(plot, plcc[0], plcc[1], PLCC_COLOUR);
		plot.setColor(Color.BLACK);
		plot.setLineWidth(1);
		plot.addLegend("loss\nSRCC\nPLCC", "bottom-right");
		final ByteArrayOutputStream png = new ByteArrayOutputStream();
		ImageIO.write(plot.getProcessor().getBufferedImage(), "png", png);
		return png.toByteArray();
	}

	private static void line(final Plot plot, final double[] x, final double[] y, final Color colour) {
		plot.setColor(colour);
		plot.setLineWidth(2);
		plot.addPoints(x, y, Plot.LINE);
	}

	private static double last(final List<String> rows) {
		return Double.parseDouble(rows.get(rows.size() - 1).split(",", -1)[0]);
	}

	/** Steps and values, where there are values. */
	private static double[][] column(final List<String> rows, final int column) {
		final List<String[]> filled = rows.stream().map(row -> row.split(",", -1)).filter(cells -> !cells[column].isEmpty() && !cells[column].equals("NaN")).toList();
		return new double[][] {filled.stream().mapToDouble(cells -> Double.parseDouble(cells[0])).toArray(), filled.stream().mapToDouble(cells -> Double.parseDouble(cells[column])).toArray()};
	}
}
