package io.github.dgiqa.action;

import ij.IJ;

import io.github.dgiqa.model.ModelDownload;
import io.github.dgiqa.model.ModelImport;
import io.github.dgiqa.model.ModelImport.Wishes;
import io.github.dgiqa.model.ModelRow;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.Outcome;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Models: the store with ImageJ's progress, log and Esc. */
public final class ModelsRun {

	private static final String TITLE = "Models";

	private final Values values;
	private final ModelStore store = Assessors.store();

	private ModelsRun(final Values values) {
		this.values = values;
	}

	/**
	 * Lists, imports, downloads, verifies or removes models, as docs/macros.md says.
	 *
	 * @param inputs by the keys of macros
	 */
	public static void run(final Map<String, ?> inputs) {
		Guard.run(TITLE, () -> new ModelsRun(new Values(inputs)).run());
	}

	private void run() {
		try (Work work = new Work(null)) {
			switch (values.choice("action", "list", "import", "download", "verify", "remove")) {
				case "import" -> tell(ModelImport.run(store, needed("file"), wishes(), Work::showBytes));
				case "download" -> download();
				case "verify" -> verify();
				case "remove" -> tell(List.of(remove()));
				default -> list();
			}
		}
	}

	/** A person has seen the table in the dialog. */
	private void list() {
		final List<ModelRow> rows = store.rows();
		if (Guard.isWatched()) IJ.showStatus("DGIQA: " + rows.size() + " models");
		else rows.forEach(row -> IJ.log(String.join("; ", row.cells())));
	}

	private void download() {
		final ModelDownload download = ModelDownload.of(store, named(), null, wishes());
		if (!Consent.given(values, download.offer())) return;
		tell(List.of(download.run(Work::showBytes)));
	}

	private void verify() {
		final String model = values.text("model");
		for (final String name : model.isEmpty() ? store.names() : List.of(model)) {
			Work.checkEscape();
			IJ.showStatus("DGIQA: verifying " + name);
			final Outcome outcome = store.verify(name, model.isEmpty());
			IJ.log(outcome.name() + ": " + outcome.sentence());
		}
	}

	private Outcome remove() {
		forget();
		return store.remove(named());
	}

	/** Unloads models, so that none is used that is about to go. */
	static void forget() {
		Assessors.release();
		System.gc(); // a file can be mapped into memory until then, and Windows deletes none that is
	}

	private static void tell(final List<Outcome> outcomes) {
		for (final Outcome outcome : outcomes) {
			IJ.log(TITLE + ": " + outcome.sentence());
			IJ.showStatus("DGIQA: " + outcome.sentence());
		}
	}

	private Wishes wishes() {
		final boolean replace = values.flag("replace", false);
		if (replace) forget();
		return new Wishes(values.text("name").isEmpty() ? null : values.text("name"), replace);
	}

	private Path needed(final String key) {
		final Path path = values.path(key);
		if (path == null) throw Values.unknown(key, "", "the name of a weight file, or of a folder or zip with models");
		return path;
	}

	private String named() {
		if (values.text("model").isEmpty()) throw Values.unknown("model", "", "the name of a model");
		return values.text("model");
	}
}
