package io.github.dgiqa.action;

import ij.IJ;

import io.github.dgiqa.engine.Notices;

/** ImageJ's log and status bar for what the engine has to say while a command works. */
public final class Voice {

	private static final String PREFIX = "DGIQA: ";

	private Voice() {}

	/** From now on the user is told. */
	public static void listen() {
		Notices.to(sentence -> {
			IJ.log(PREFIX + sentence);
			IJ.showStatus(PREFIX + sentence);
		});
	}
}
