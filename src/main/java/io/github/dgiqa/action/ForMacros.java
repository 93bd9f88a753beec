package io.github.dgiqa.action;

import ij.IJ;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.Version;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.TorchEngine;

import java.util.Map;

/** What macros ask for by {@code call}: texts. */
public final class ForMacros {

	private static final String NONE = "NaN";

	private ForMacros() {}

	/** The score of the active image's current slice by the default model, or NaN and the reason in the status bar. */
	public static String score() {
		Voice.listen();
		final Values defaults = new Values(Map.of());
		try {
			final Scoring scoring = Scoring.run(defaults, false, scored -> {});
			if (scoring.scored().isEmpty()) return NONE; // cancelled
			final Scoring.Scored scored = scoring.scored().get(0);
			if (scored.assessment() != null) return Double.toString(scored.assessment().score());
			IJ.showStatus("DGIQA: " + scored.error());
		}
		catch (RuntimeException | LinkageError | OutOfMemoryError e) {
			IJ.showStatus("DGIQA: " + Guard.sentence(e));
		}
		return NONE;
	}

	/** The program's version. */
	public static String version() {
		return Version.get();
	}

	/** The device that auto means, or nothing and the reason in the status bar. */
	public static String device() {
		Voice.listen();
		try {
			return TorchEngine.start(DeviceChoice.AUTO, 0).deviceName();
		}
		catch (final DgiqaException e) {
			IJ.showStatus("DGIQA: " + e.getMessage());
			return "";
		}
	}
}
