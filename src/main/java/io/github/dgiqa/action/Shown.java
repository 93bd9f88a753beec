package io.github.dgiqa.action;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.macro.Interpreter;

import java.awt.GraphicsEnvironment;

/** Shows new images. */
public final class Shown {

	private Shown() {}

	/**
	 * Shows an image; where there are no windows, it becomes the active image.
	 *
	 * @param caller the thread of the macro that the image is for
	 */
	public static void show(final ImagePlus image, final Thread caller) {
		final boolean listed = Interpreter.isBatchMode() || IJ.isMacro() && IJ.getInstance() == null;
		if (listed || !GraphicsEnvironment.isHeadless()) image.show();
		if (listed || GraphicsEnvironment.isHeadless()) WindowManager.setTempCurrentImage(caller, image);
	}
}
