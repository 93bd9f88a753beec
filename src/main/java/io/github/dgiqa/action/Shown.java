package io.github.dgiqa.action;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.macro.Interpreter;

/** Shows new images. */
public final class Shown {

	private Shown() {}

	/**
	 * Shows an image; where there are no windows, it becomes the active image.
	 *
	 * @param caller the thread of the macro that the image is for
	 */
	public static void show(final ImagePlus image, final Thread caller) {
		image.show();
		final boolean windows = IJ.getInstance() != null && !Interpreter.isBatchMode();
		if (!windows && caller != Thread.currentThread()) WindowManager.setTempCurrentImage(caller, image);
	}
}
