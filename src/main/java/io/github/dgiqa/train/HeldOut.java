package io.github.dgiqa.train;

import java.util.List;

/**
 * An image that is only looked at, not learned from.
 *
 * @param crops of it; its score is their mean
 * @param score 0 to 1, higher is better
 * @param content what it shows; images of one content are of one part
 * @param series what is comparable with it: the distortion; empty where there is none
 * @param level of the distortion; empty where there is none
 */
public record HeldOut(List<Square> crops, double score, String content, String series, String level) {}
