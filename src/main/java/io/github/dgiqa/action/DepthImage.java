package io.github.dgiqa.action;

import ij.ImagePlus;

import io.github.dgiqa.display.MapKind;
import io.github.dgiqa.image.Picture;

import java.util.Map;

/** Estimate Depth: inverse depth as a new image. */
public final class DepthImage {

	private static final String TITLE = "Estimate Depth";

	private DepthImage() {}

	/**
	 * Estimates inverse depth, as docs/macros.md says: the depth model's own numbers.
	 *
	 * @param inputs by the keys of macros
	 * @return the new image, or null
	 */
	public static ImagePlus run(final Map<String, ?> inputs) {
		final Values values = new Values(inputs);
		return Guard.run(TITLE, values, null, () -> ImageMaker.make(TITLE, values, ModelChoice.of(values), "-depth", MapKind.DEPTH.lut(), Double.NaN, (view, assessor) -> {
			final Picture picture = view.picture().get();
			return assessor.inverseDepth(picture).values();
		}));
	}
}
