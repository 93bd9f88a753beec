package io.github.dgiqa.train;

/**
 * What a network learns from.
 *
 * @param square the crop
 * @param score 0 to 1, higher is better
 * @param group examples of one step with the same number are compared with each other
 * @param kind number of the distortion, from 0; -1 where that is not to be learned
 */
public record Example(Square square, float score, int group, int kind) {}
