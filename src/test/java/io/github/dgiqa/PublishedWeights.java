package io.github.dgiqa;

import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.weights.Fill;
import io.github.dgiqa.weights.WeightWriter.Form;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Weight files of the published networks under the closed-form fill. */
public final class PublishedWeights {

	private PublishedWeights() {}

	/** The file of a model in a folder, made if it is not there. */
	public static Path file(final Path folder, final String model, final Form form) {
		final Path file = folder.resolve(model + "." + form.name().toLowerCase(Locale.ROOT));
		if (Files.exists(file)) return file;
		try {
			Files.createDirectories(folder);
			Fill.write(ModelStore.of(null).find(model).network().stateDict(), file, form);
			return file;
		}
		catch (final IOException e) {
			throw new AssertionError(e);
		}
	}
}
