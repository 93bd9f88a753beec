package io.github.dgiqa.action;

import ij.IJ;
import ij.ImagePlus;
import ij.process.LUT;

import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.display.NewImage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes a new image of the values of each view of an image. */
final class ImageMaker {

	/** The values of a view at its size, row by row. */
	interface Maker {

		float[] values(View view, Assessor assessor);
	}

	private ImageMaker() {}

	/**
	 * Makes the image; a view that fails is a slice of NaN, and the user is told. Esc leaves what is there.
	 *
	 * @param title of messages
	 * @param suffix what the title of the new image adds
	 * @param max the value with the last colour; NaN for all that is there
	 * @return null where there is nothing
	 */
	static ImagePlus make(final String title, final Values values, final ModelChoice choice, final String suffix, final LUT lut, final double max, final Maker maker) {
		final List<View> views = View.of(values, false);
		final ImagePlus source = Subject.lockable(values);
		final NewImage made = new NewImage(source, views.get(0).part());
		final List<String> errors = new ArrayList<>();
		try (Work work = new Work(source); Assessors.Loan loan = Assessors.borrow(choice.settings())) {
			for (final View view : views) {
				work.show("slice", made.size(), views.size(), loan.assessor().deviceName());
				made.add(view.place(), values(view, loan.assessor(), maker, errors));
				Assessors.tidy();
			}
			IJ.showStatus("DGIQA: done, on " + loan.assessor().deviceName());
		}
		catch (final Work.Cancelled e) {
			IJ.showStatus("DGIQA: cancelled after " + made.size() + " of " + views.size() + "; what was computed is kept");
		}
		if (!errors.isEmpty()) Guard.fail(title, values, errors.get(0) + (errors.size() > 1 ? " (and " + (errors.size() - 1) + " more slices)" : ""));
		if (made.size() == errors.size()) return null;
		final int channels = values.choice("channels", "together", "each").equals("each") && source != null ? source.getNChannels() : 1;
		return made.image(suffix, channels, lut, max);
	}

	private static float[] values(final View view, final Assessor assessor, final Maker maker, final List<String> errors) {
		try {
			return maker.values(view, assessor);
		}
		catch (final Work.Cancelled e) {
			throw e;
		}
		catch (RuntimeException | OutOfMemoryError e) {
			errors.add(view.place().label() + ", slice " + view.place().slice() + ": " + Guard.sentence(e));
			final float[] nothing = new float[view.part().width * view.part().height];
			Arrays.fill(nothing, Float.NaN);
			return nothing;
		}
	}
}
