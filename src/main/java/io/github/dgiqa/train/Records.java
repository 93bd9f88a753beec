package io.github.dgiqa.train;

import com.google.gson.JsonObject;

/** Figures as JSON, which has no NaN. */
final class Records {

	private static final double DIGITS = 1e4;

	private Records() {}

	static JsonObject json(final Figures figures) {
		final JsonObject json = new JsonObject();
		json.addProperty("images", figures.images());
		add(json, "loss", figures.loss());
		add(json, "srcc", figures.srcc());
		add(json, "plcc", figures.plcc());
		add(json, "monotone", figures.monotone());
		return json;
	}

	static void add(final JsonObject to, final String name, final double value) {
		if (Double.isFinite(value)) to.addProperty(name, Math.round(value * DIGITS) / DIGITS);
	}
}
