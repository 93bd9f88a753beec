package io.github.dgiqa.spark;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.model.ModelDescription.Kind;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.apache.spark.SparkFiles;

/**
 * A model as an executor finds it: in the program, or in an archive that Spark brings once to each executor.
 *
 * @param name its NAME where the program has its description; null where the archive has
 * @param archive folder that Spark unpacks; null where nothing needs to be brought
 * @param weights path in there of weights of the user's; null where it has its own
 */
record ShippedModel(String name, String archive, String weights, Kind kind) implements Serializable {

	private static final int HASH_DIGITS = 16;
	private static final String WEIGHTS = "weights";

	/** Packs a model, where that is needed. @param folder where its archive goes */
	static ShippedModel of(final StoredModel model, final Path folder) {
		final Kind kind = model.description().kind();
		final String name = model.isInProgram() ? model.description().name() : null;
		final Path weights = model.ownWeights().orElse(null);
		if (name != null && weights == null) return new ShippedModel(name, null, null, kind);
		final String archive = "dgiqa-" + kind.name().toLowerCase(Locale.ROOT) + "-" + model.sha256().substring(0, HASH_DIGITS);
		final String weightsName = weights == null ? null : WEIGHTS + "/" + weights.getFileName();
		try {
			pack(folder.resolve(archive + ".zip"), model.files(), weights, weightsName);
		}
		catch (final IOException e) {
			throw new DgiqaException("The model " + model.name() + " cannot be packed for the executors: " + DgiqaException.sentence(e) + ".", e);
		}
		return new ShippedModel(name, archive, weightsName, kind);
	}

	private static void pack(final Path zip, final List<Path> files, final Path weights, final String weightsName) throws IOException {
		try (OutputStream out = Files.newOutputStream(zip); ZipOutputStream entries = new ZipOutputStream(out)) {
			entries.setLevel(Deflater.NO_COMPRESSION); // weights do not get smaller
			for (final Path file : files)
				add(entries, file.getFileName().toString(), file);
			if (weights != null) add(entries, weightsName, weights);
		}
	}

	private static void add(final ZipOutputStream entries, final String name, final Path file) throws IOException {
		entries.putNextEntry(new ZipEntry(name));
		Files.copy(file, entries);
		entries.closeEntry();
	}

	/** What Spark is told to bring; null where that is nothing. @param folder where the archive is */
	String toBring(final Path folder) {
		return archive == null ? null : folder.resolve(archive + ".zip").toUri() + "#" + archive;
	}

	/** The model on this machine, whatever models its user has. */
	StoredModel here() {
		final Path folder = archive == null ? null : Path.of(SparkFiles.get(archive));
		final StoredModel model = ModelStore.ofProgram().find(name == null ? folder.toString() : name, kind);
		return model.with(weights == null ? null : folder.resolve(weights));
	}
}
