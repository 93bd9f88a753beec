package io.github.dgiqa.action;

import ij.IJ;

/** Release Memory. */
public final class Memory {

	private Memory() {}

	/** Unloads the models, and says what came of it in the status bar. */
	public static void release() {
		final int busy = Assessors.release();
		System.gc();
		IJ.showStatus(busy == 0 ? "DGIQA: models unloaded, memory released" : "DGIQA: a command is still at work; its models are unloaded when it is done");
	}
}
