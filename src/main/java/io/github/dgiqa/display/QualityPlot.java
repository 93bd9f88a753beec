package io.github.dgiqa.display;

import ij.gui.Plot;

import java.awt.Color;
import java.awt.Font;
import java.util.Arrays;
import java.util.Locale;

/** Scores and their spread against the position in a stack, with the best and the worst marked. */
public final class QualityPlot {

	private static final Color[] COLOURS = {new Color(0x3b528b), new Color(0xbc3754), new Color(0x21918c), new Color(0x7e03a8), new Color(0xf98e09), new Color(0x444444)};
	private static final Color BEST = new Color(0x008800);
	private static final Color WORST = new Color(0xcc0000);

	private final Plot plot;
	private final double[] positions;
	private int lines;
	private String legend = "";

	/**
	 * @param title of the plot
	 * @param axis what a position is: slice, Z, T ...
	 * @param positions numbers of the positions, from 1
	 */
	public QualityPlot(final String title, final String axis, final double[] positions) {
		this.positions = positions;
		plot = new Plot(title, axis, "score, bars: standard deviation of the crops");
		plot.setFont(Font.PLAIN, 12);
	}

	/**
	 * Adds a line.
	 *
	 * @param name of the line; empty where there is only one
	 * @param scores one for each position; NaN where there is none
	 * @param spread standard deviations
	 */
	public void add(final String name, final double[] scores, final double[] spread) {
		final Color colour = COLOURS[lines++ % COLOURS.length];
		plot.setColor(colour, colour);
		plot.setLineWidth(1);
		plot.addPoints(positions, scores, Plot.CONNECTED_CIRCLES);
		plot.addErrorBars(Arrays.stream(spread).map(sd -> Double.isNaN(sd) ? 0 : sd).toArray());
		legend += (name.isEmpty() ? "score" : name) + "\n";
	}

	/** Marks the best and the worst score. @param index of the position, from 0 */
	public void mark(final boolean best, final int index, final double score) {
		plot.setColor(best ? BEST : WORST, null);
		plot.setLineWidth(3);
		plot.addPoints(new double[] {positions[index]}, new double[] {score}, best ? Plot.TRIANGLE : Plot.X);
		legend += String.format(Locale.ROOT, "%s: %.0f (%.4f)\n", best ? "best" : "worst", positions[index], score);
	}

	/** The finished plot. */
	public Plot plot() {
		final double first = positions[0];
		final double last = positions[positions.length - 1];
		final double margin = Math.max(0.5, (last - first) / 20);
		plot.setLimits(first - margin, last + margin, 0, 1);
		plot.setColor(Color.BLACK);
		plot.setLineWidth(1);
		plot.addLegend(legend.strip(), "auto");
		return plot;
	}
}
