package io.github.dgiqa.train;

/**
 * How a network does on the held-out part.
 *
 * @param loss mean squared error of the scores; of depth, the loss itself
 * @param srcc correlation with what was to be learned; of depth, the mean of the images' own
 * @param plcc likewise
 * @param monotone share of pairs of levels in the human order; NaN where there are none
 * @param images how many were looked at
 */
public record Figures(double loss, double srcc, double plcc, double monotone, int images) {}
