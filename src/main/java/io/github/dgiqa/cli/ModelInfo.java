package io.github.dgiqa.cli;

import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelRow;
import io.github.dgiqa.model.StoredModel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All that is known of a model, in two columns. */
final class ModelInfo {

	private final List<List<String>> lines = new ArrayList<>();

	private ModelInfo() {}

	/** @param name the NAME or folder under which the model was found */
	static List<List<String>> of(final String name, final StoredModel model) {
		final ModelDescription description = model.description();
		final ModelRow row = ModelRow.of(name, model);
		final ModelInfo info = new ModelInfo();
		info.add("name", model.name());
		info.add("title", description.title());
		info.add("kind", description.kind().name().toLowerCase(Locale.ROOT));
		info.add("depth model", description.depth());
		info.add("network", network(model));
		info.add("licence", row.licence());
		if (description.licence() != null) info.add("", description.licence().note());
		if (description.citation() != null) description.citation().forEach(citation -> info.add("cite", citation));
		info.add("size", row.size());
		for (final ModelDescription.WeightFile file : description.files()) {
			info.add("weights", file.name() + ", " + file.bytes() + " bytes");
			info.add("SHA-256", file.sha256());
		}
		info.add("page", description.page());
		info.download(description.download());
		info.origin(description.origin());
		info.add("place", model.where());
		info.add("state", row.state());
		return info.lines;
	}

	private static String network(final StoredModel model) {
		final String type = model.description().network().has("type") ? model.description().network().get("type").toString().replace("\"", "") : "not named";
		return type + ", " + String.format(Locale.ROOT, "%,d", model.parameters()) + " parameters";
	}

	private void download(final ModelDescription.Download download) {
		if (download == null) return;
		add("download", download.url());
		add("", download.sha256() == null ? "no SHA-256 is known beforehand" : "SHA-256 " + download.sha256());
	}

	private void origin(final ModelDescription.Origin origin) {
		if (origin == null) return;
		add("origin", origin.file() + (origin.date() == null ? "" : ", " + origin.date()));
		add("", origin.url());
		add("", origin.sha256() == null ? null : "SHA-256 " + origin.sha256());
	}

	private void add(final String heading, final String text) {
		if (text != null) lines.add(List.of(heading, text));
	}
}
