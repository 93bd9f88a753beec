package io.github.dgiqa.action;

import ij.IJ;

import io.github.dgiqa.engine.EngineInfo;
import io.github.dgiqa.engine.EngineInstaller;
import io.github.dgiqa.engine.EngineOffer;
import io.github.dgiqa.engine.TorchEngine;

import java.awt.Component;
import java.awt.TextArea;
import java.nio.file.Path;
import java.util.Map;

/** Engine: which PyTorch is here, and another one, with ImageJ's progress, log and Esc. */
public final class EngineRun {

	private static final String TITLE = "Engine";
	private static final String AUTO = "auto";
	private static final int COLUMNS = 80;

	private final Values values;

	private EngineRun(final Values values) {
		this.values = values;
	}

	/**
	 * Tells what there is of PyTorch, or installs it, as docs/macros.md says.
	 *
	 * @param inputs by the keys of macros
	 */
	public static void run(final Map<String, ?> inputs) {
		Guard.run(TITLE, () -> new EngineRun(new Values(inputs)).run());
	}

	/** What there is, for the dialog. */
	public static Component panel() {
		Voice.listen();
		IJ.showStatus("DGIQA: starting PyTorch...");
		final String info = Guard.text(() -> EngineInfo.gather().toString());
		IJ.showStatus("");
		final TextArea text = new TextArea(info, (int) info.lines().count() + 1, COLUMNS, TextArea.SCROLLBARS_BOTH);
		text.setEditable(false);
		return text;
	}

	private void run() {
		final boolean install = values.choice("action", "info", "install").equals("install");
		try (Work work = new Work(null)) {
			if (install) install();
			// a person has seen it in the dialog
			else if (!Guard.isWatched()) EngineInfo.gather().lines().forEach(IJ::log);
		}
	}

	private void install() {
		final Path zip = values.path("file");
		final boolean replace = values.flag("replace", false);
		if (zip != null) done(EngineInstaller.fromArchive(zip, replace, EngineRun::show));
		else {
			final String flavor = values.text("flavor", AUTO);
			IJ.showStatus("DGIQA: asking for PyTorch's size...");
			final EngineOffer offer = EngineOffer.ask(flavor.equals(AUTO) ? null : flavor, null, replace);
			if (Consent.given(values, String.join("\n", offer.terms()))) done(offer.download(EngineRun::show));
		}
	}

	private static void done(final String sentence) {
		final String next = TorchEngine.isRunning() ? "; the one that runs stays until ImageJ is started again" : "";
		IJ.log("DGIQA: " + sentence + next + ".");
		IJ.showStatus("DGIQA: " + sentence + next + ".");
	}

	/** @throws Work.Cancelled where the user pressed Esc */
	private static void show(final long done, final long all) {
		Work.showBytes("PyTorch", done, all);
	}
}
