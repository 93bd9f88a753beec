package io.github.dgiqa.action;

import ij.ImagePlus;
import ij.WindowManager;

import io.github.dgiqa.DgiqaException;

import net.imglib2.RandomAccessibleInterval;

/** The image that a command is about. */
final class Subject {

	private Subject() {}

	/**
	 * The image that the user gave, or the active one.
	 *
	 * @throws DgiqaException where there is none, or it has no pixels
	 */
	static ImagePlus image(final Values values) {
		final ImagePlus image = find(values);
		if (image == null) throw new DgiqaException("No image is open: open one, or name one with the key image.");
		// what Fiji makes of a file that it cannot read
		if (image.getProcessor() == null) throw new DgiqaException("The image has no pixels: its file is missing, or could not be read.");
		return image;
	}

	/** The image that is locked while the command works; null where a script gave data. */
	static ImagePlus lockable(final Values values) {
		return values.get("data", RandomAccessibleInterval.class) == null ? image(values) : null;
	}

	/** What to call it in a row. */
	static String label(final Values values) {
		if (values.has("folder")) return values.text("folder");
		if (values.has("resamples")) return values.text("csv");
		if (values.get("data", RandomAccessibleInterval.class) != null) return View.DATA;
		final ImagePlus image = find(values);
		return image == null ? "no image" : image.getTitle() == null ? "" : image.getTitle();
	}

	private static ImagePlus find(final Values values) {
		final ImagePlus given = values.get("image", ImagePlus.class);
		if (given != null) return given;
		final String title = values.text("image");
		return title.isEmpty() ? WindowManager.getCurrentImage() : WindowManager.getImage(title);
	}
}
