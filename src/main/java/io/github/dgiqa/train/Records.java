package io.github.dgiqa.train;

import com.google.gson.JsonObject;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.evaluate.sets.Scale;
import io.github.dgiqa.weights.Bytes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

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

	/** By the file's name, then by its folder. */
	static final Comparator<Path> BY_NAME = Comparator.comparing((final Path file) -> file.getFileName().toString()).thenComparing(Path::toString);

	/** SHA-256 of names and sizes of files, in this order. @throws DgiqaException where one cannot be read */
	static String sha256(final List<Path> files) {
		final StringBuilder all = new StringBuilder();
		try {
			for (final Path file : files)
				all.append(file.getFileName()).append(' ').append(Files.size(file)).append('\n');
			return Bytes.of("names", all.toString().getBytes(StandardCharsets.UTF_8)).sha256();
		}
		catch (final IOException e) {
			throw new DgiqaException("A photograph cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
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
