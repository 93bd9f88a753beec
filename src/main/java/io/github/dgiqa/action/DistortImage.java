package io.github.dgiqa.action;

import ij.IJ;
import ij.ImagePlus;

import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.display.NewImage;
import io.github.dgiqa.distort.Distortion;
import io.github.dgiqa.distort.Distortions;
import io.github.dgiqa.distort.Scene;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelStore;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Distort: what is seen of an image, damaged in a known way, as a new image. */
public final class DistortImage {

	private static final String TITLE = "Distort";
	private static final String ALL = "all";
	private static final String DEFAULT = "gaussian_blur";
	private static final int LEVEL = 3;
	private static final long SEED = 42;

	private DistortImage() {}

	/**
	 * Distorts, as docs/macros.md says. The image stays as it is.
	 *
	 * @param inputs by the keys of macros
	 * @return the new image, or null
	 */
	public static ImagePlus run(final Map<String, ?> inputs) {
		final Values values = new Values(inputs);
		return Guard.run(TITLE, values, null, () -> distort(values));
	}

	private static ImagePlus distort(final Values values) {
		final String name = values.text("type", DEFAULT);
		if (!Distortions.names().contains(name)) throw Values.unknown("type", name, "one of " + String.join(", ", Distortions.names()));
		final Distortion type = Distortions.find(name);
		final String level = values.text("level", "" + LEVEL);
		final List<Integer> levels = level.equals(ALL) ? IntStream.rangeClosed(1, Distortion.LEVELS).boxed().toList() : List.of((int) values.integer("level", LEVEL, 1, Distortion.LEVELS));
		final long seed = values.integer("seed", SEED, 0, Sampling.Random.MAX_SEED);
		final List<View> views = View.of(values, false);
		final ImagePlus source = Subject.lockable(values);
		final NewImage made = new NewImage(source, views.get(0).part());
		final int all = views.size() * levels.size();
		try (Work work = new Work(source)) {
			for (final View view : views) {
				final Scene scene = scene(view, values);
				for (final int strength : levels) {
					work.show("picture", made.size(), all, DeviceChoice.CPU.toString());
					made.add(view.place(), type.apply(scene, strength, seed), levels.size() == 1 ? "" : "level " + strength);
				}
			}
			IJ.showStatus("DGIQA: distorted with the seed " + seed);
		}
		catch (final Work.Cancelled e) {
			IJ.showStatus("DGIQA: cancelled after " + made.size() + " of " + all + "; what was made is kept");
		}
		if (made.size() == 0) return null;
		final int channels = values.choice("channels", "together", "each").equals("each") && source != null ? source.getNChannels() : 1;
		return made.image("-" + name + "-" + (levels.size() == 1 ? levels.get(0) : ALL), channels);
	}

	/** The depth that was measured, or that the depth model estimates. */
	private static Scene scene(final View view, final Values values) {
		final Picture picture = view.picture().get();
		final FloatMap measured = view.measured().get();
		return new Scene(picture, () -> measured == null ? estimated(picture, values) : measured);
	}

	/** On the CPU: the same on every machine that has it. */
	private static FloatMap estimated(final Picture picture, final Values values) {
		final String depth = values.text("depth", ModelChoice.AUTO);
		final Assessor.Settings settings = new Assessor.Settings(ModelStore.DEFAULT_MODEL, null, depth.equals(ModelChoice.AUTO) ? null : depth, null, null, DeviceChoice.CPU, Precision.FLOAT32, 0);
		try (Assessors.Loan loan = Assessors.borrow(settings)) {
			return loan.assessor().inverseDepth(picture);
		}
	}
}
