package io.github.dgiqa.model;

import java.util.List;
import java.util.Locale;

/**
 * A model as a row of a table, in words for people.
 *
 * @param name its NAME
 * @param size of its weights; of those it lacks, about how large they are
 * @param licence of its weights
 * @param origin whence its weights came; of those it lacks, where they can be got
 * @param state "ready", "ready (in the program)", "needs weights", or "damaged: " and the reason
 */
public record ModelRow(String name, String size, String licence, String origin, String state) {

	/** The headings of the columns. */
	public static final List<String> HEADINGS = List.of("NAME", "SIZE", "LICENCE", "ORIGIN", "STATE");

	private static final String NONE = "-";
	private static final int HASH_DIGITS = 8;
	private static final String[] UNITS = {"bytes", "kB", "MB", "GB"};
	private static final int THOUSAND = 1000;

	/** @param name the NAME under which the model was found */
	public static ModelRow of(final String name, final StoredModel model) {
		final ModelDescription description = model.description();
		final String licence = description.licence() == null || description.licence().name() == null ? "not stated" : description.licence().name();
		return new ModelRow(name, size(model), licence, origin(model), state(model));
	}

	/** @param reason why its description cannot be read */
	static ModelRow damaged(final String name, final String reason) {
		return new ModelRow(name, NONE, NONE, NONE, "damaged: " + reason);
	}

	/** The row's cells, under {@link #HEADINGS}; the default model is marked. */
	public List<String> cells() {
		return List.of(name.equals(ModelStore.DEFAULT_MODEL) ? name + " (default)" : name, size, licence, origin, state);
	}

	/** A number of bytes for people: "412 MB". */
	public static String size(final long bytes) {
		double number = bytes;
		int unit = 0;
		for (; number >= THOUSAND && unit < UNITS.length - 1; unit++)
			number /= THOUSAND;
		return String.format(Locale.ROOT, unit == 0 || number >= 100 ? "%.0f %s" : number >= 10 ? "%.1f %s" : "%.2f %s", number, UNITS[unit]);
	}

	private static String size(final StoredModel model) {
		try {
			return (model.hasWeights() ? "" : "about ") + size(model.weightBytes());
		}
		catch (final ModelException e) {
			return NONE; // the state says why
		}
	}

	/** Whence a model's weights came, or where they can be got. */
	static String origin(final StoredModel model) {
		final ModelDescription.Origin origin = model.description().origin();
		if (origin != null && origin.url() != null) return brief(origin.url());
		if (origin != null && origin.file() != null) return origin.file() + (origin.sha256() == null ? "" : ", SHA-256 " + origin.sha256().substring(0, Math.min(HASH_DIGITS, origin.sha256().length())));
		if (model.hasWeights()) return model.isAsShipped() ? "with the program" : NONE;
		return model.description().page() == null ? NONE : brief(model.description().page());
	}

	private static String brief(final String url) {
		return url.replaceFirst("^https?://", "");
	}

	/** What can be said of a model without reading its weights. */
	private static String state(final StoredModel model) {
		return model.damage().map(damage -> "damaged: " + damage).orElse(model.hasWeights() ? model.isInProgram() ? "ready (in the program)" : "ready" : "needs weights");
	}
}
