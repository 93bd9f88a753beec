package io.github.dgiqa.evaluate;

import ij.gui.Plot;

import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

import javax.imageio.ImageIO;

/** A model's scores against human scores, with the logistic mapping. */
final class ScatterPlot {

	private static final int WIDTH = 480;
	private static final int HEIGHT = 360;
	private static final int STEPS = 200;
	private static final int DOT_SIZE = 3;
	private static final Color POINTS = new Color(0x3b528b);
	private static final Color CURVE = new Color(0xbc3754);

	private ScatterPlot() {}

	/** PNG. */
	static byte[] png(final Figures figures) throws IOException {
		final Scored scored = figures.scored();
		final double[] human = scored.opinions().stream().mapToDouble(opinion -> opinion.score()).toArray();
		final Plot plot = new Plot("", scored.model(), "human score of " + scored.set().name() + ", " + scored.set().scale().direction());
		plot.setFont(Font.PLAIN, 12);
		plot.setSize(WIDTH, HEIGHT);
		final double low = Arrays.stream(scored.scores()).min().orElse(0);
		final double high = Arrays.stream(scored.scores()).max().orElse(1);
		final double margin = high > low ? (high - low) / 50 : 0.5;
		plot.setLimits(low - margin, high + margin, scored.set().scale().low(), scored.set().scale().high());
		plot.setColor(POINTS);
		plot.setLineWidth(DOT_SIZE);
		plot.addPoints(scored.scores(), human, Plot.DOT);
		figures.agreement().fit().ifPresent(fit -> {
			final double[] x = new double[STEPS + 1];
			final double[] y = new double[x.length];
			for (int i = 0; i < x.length; i++) {
				x[i] = low + (high - low) * i / STEPS;
				y[i] = scored.set().oriented(fit.map(x[i]));
			}
			plot.setColor(CURVE);
			plot.setLineWidth(2);
			plot.addPoints(x, y, Plot.LINE);
		});
		plot.setColor(Color.BLACK);
		plot.setLineWidth(1);
		final ByteArrayOutputStream png = new ByteArrayOutputStream();
		ImageIO.write(plot.getProcessor().getBufferedImage(), "png", png);
		return png.toByteArray();
	}
}
