package io.github.dgiqa.action;

import ij.ImagePlus;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessment;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.assess.CoveredMap;
import io.github.dgiqa.display.MapKind;

import java.util.Map;

/** Quality Map: local quality as a new image. */
public final class QualityImage {

	private static final String TITLE = "Quality Map";

	private QualityImage() {}

	/**
	 * Maps local quality, as docs/macros.md says: 0 to 1, NaN where no crop was taken.
	 *
	 * @param inputs by the keys of macros
	 * @return the new image, or null
	 */
	public static ImagePlus run(final Map<String, ?> inputs) {
		final Values values = new Values(inputs);
		return Guard.run(TITLE, values, null, () -> {
			final ModelChoice choice = ModelChoice.of(values);
			return ImageMaker.make(TITLE, values, choice, "-quality", MapKind.QUALITY.lut(), MapKind.QUALITY.max(), (view, assessor) -> quality(view, assessor, choice));
		});
	}

	private static float[] quality(final View view, final Assessor assessor, final ModelChoice choice) {
		final Assessment assessment = Scoring.assess(view, assessor, choice);
		if (!assessment.hasMaps()) throw new DgiqaException("There is no map of so long an image: " + String.join("; ", assessment.notes()) + ".");
		final CoveredMap map = assessment.qualityMap().resize(view.part().width, view.part().height);
		final float[] quality = map.map().values().clone();
		for (int i = map.covered().nextClearBit(0); i < quality.length; i = map.covered().nextClearBit(i + 1))
			quality[i] = Float.NaN;
		return quality;
	}
}
