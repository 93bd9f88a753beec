package io.github.dgiqa.model;

/**
 * What came of something that was done to a model.
 *
 * @param name NAME of the model, or where it was looked for
 * @param ok whether it came out well
 * @param sentence for people
 */
public record Outcome(String name, boolean ok, String sentence) {}
