package io.github.dgiqa.evaluate.sets;

import java.nio.file.Path;

/**
 * What people thought of one image.
 *
 * @param image the image's name as the set has it
 * @param file where the image is; null while it is not known
 * @param score mean of the human scores, on the set's scale
 * @param reference the image that it was made from; empty where there is none
 * @param distortion what was done to it; empty where that is not known
 * @param level how strongly, as the set says it; empty where that is not known
 */
public record Opinion(String image, Path file, double score, String reference, String distortion, String level) {

	/** Of an image that was not made from another. */
	static Opinion of(final String image, final double score) {
		return new Opinion(image, null, score, "", "", "");
	}

	/** What the image shows: images that were made from the same one show the same. */
	public String content() {
		return reference.isEmpty() ? image : reference;
	}

	Opinion at(final Path there) {
		return new Opinion(image, there, score, reference, distortion, level);
	}
}
