package io.github.dgiqa.display;

import io.github.dgiqa.assess.Assessment;

import java.util.Optional;

/**
 * One image or slice in a table of results.
 *
 * @param path the image as the user named it
 * @param slice its slice, from 1
 * @param run what the rows of a run share
 * @param device where it was computed, or would have been: cpu, gpu ...
 * @param size width and height where they are known; also of an image that failed
 * @param assessment what was found, where anything was
 * @param error why not, or what else went wrong; empty if nothing
 */
public record ResultRow(String path, int slice, Run run, String device, Optional<Size> size, Optional<Assessment> assessment, String error) {

	/**
	 * @param model NAME of the quality model
	 * @param depthModel NAME of the depth model
	 * @param sampling grid or random
	 * @param seed the seed, empty with grid
	 */
	public record Run(String model, String depthModel, String sampling, String seed) {}

	/** Pixels. */
	public record Size(int width, int height) {}

	/** Whether something went wrong. */
	public boolean failed() {
		return !error.isEmpty();
	}
}
