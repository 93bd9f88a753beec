package io.github.dgiqa.evaluate.sets;

import java.nio.file.Path;
import java.util.List;

/**
 * What a file of human scores says; the images are not looked for yet.
 *
 * @param source the file
 * @param scale what its numbers mean
 * @param opinions in the file's order, without files
 */
record Scores(Path source, Scale scale, List<Opinion> opinions) {}
