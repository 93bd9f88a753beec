package io.github.dgiqa.action;

import ij.ImagePlus;
import ij.gui.Plot;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.display.QualityPlot;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Plot Quality over Stack. */
public final class PlotStack {

	private static final String TITLE = "Plot Quality over Stack";

	private PlotStack() {}

	/**
	 * Scores every position of a stack and plots the scores, as docs/macros.md says.
	 *
	 * @param inputs by the keys of macros
	 * @return the plot as an image, or null
	 */
	public static ImagePlus run(final Map<String, ?> inputs) {
		final Values values = new Values(inputs);
		final Plot plot = Guard.run(TITLE, values, null, () -> plot(values));
		return plot == null ? null : plot.getImagePlus();
	}

	private static Plot plot(final Values values) {
		final boolean results = values.flag("results", true);
		final ImagePlus image = Subject.lockable(values);
		if (image == null) throw new DgiqaException("A plot needs an image; data has no slices.");
		final Scoring scoring = AssessImage.scoreStack(TITLE, values, results);
		return scoring.assessments().isEmpty() ? null : plot(image, scoring.scored(), values.choice("channels", "together", "each").equals("each") ? image.getNChannels() : 1);
	}

	private static Plot plot(final ImagePlus image, final List<Scoring.Scored> scored, final int channels) {
		final boolean alongZ = image.getNSlices() > 1 && image.getNFrames() == 1;
		final boolean alongT = image.getNFrames() > 1 && image.getNSlices() == 1;
		final boolean simple = scored.get(0).view().place().z() + scored.get(0).view().place().frame() == 0;
		final String axis = simple ? "slice" : alongZ ? "Z" : alongT ? "T" : "position (Z, then T)";
		final int positions = (scored.size() + channels - 1) / channels;
		final double[] numbers = new double[positions];
		for (int i = 0; i < positions; i++)
			numbers[i] = i + 1;
		final QualityPlot plot = new QualityPlot("Quality of " + image.getTitle(), axis, numbers);
		for (int channel = 0; channel < channels; channel++) {
			final double[] scores = new double[positions];
			final double[] spread = new double[positions];
			Arrays.fill(scores, Double.NaN);
			Arrays.fill(spread, Double.NaN);
			for (int i = channel; i < scored.size(); i += channels) {
				if (scored.get(i).assessment() == null) continue;
				scores[i / channels] = scored.get(i).assessment().score();
				spread[i / channels] = scored.get(i).assessment().spread().deviation();
			}
			plot.add(channels == 1 ? "" : "channel " + (channel + 1), scores, spread);
		}
		final List<Scoring.Scored> ranked = BestSlices.ranked(scored);
		mark(true, ranked.get(0), scored, channels, plot);
		if (ranked.size() > 1) mark(false, ranked.get(ranked.size() - 1), scored, channels, plot);
		return plot.plot();
	}

	private static void mark(final boolean best, final Scoring.Scored one, final List<Scoring.Scored> scored, final int channels, final QualityPlot plot) {
		plot.mark(best, scored.indexOf(one) / channels, one.assessment().score());
	}
}
