package io.github.dgiqa.train;

import com.google.gson.JsonObject;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.evaluate.sets.Scale;
import io.github.dgiqa.weights.Bytes;

import java.io.IOException;
import java.nio.file.Path;

/** What goes into the record of a training: figures, which as JSON have no NaN, and files. */
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

	static JsonObject json(final Scale scale) {
		final JsonObject json = new JsonObject();
		json.addProperty("low", scale.low());
		json.addProperty("high", scale.high());
		json.addProperty("higher_is_better", scale.higherIsBetter());
		return json;
	}

	/** SHA-256 of a file. @throws DgiqaException where it cannot be read */
	static String sha256(final Path file) {
		try (Bytes bytes = Bytes.of(file)) {
			return bytes.sha256();
		}
		catch (final IOException e) {
			throw new DgiqaException("The file " + file + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	static void add(final JsonObject to, final String name, final double value) {
		if (Double.isFinite(value)) to.addProperty(name, Math.round(value * DIGITS) / DIGITS);
	}
}
