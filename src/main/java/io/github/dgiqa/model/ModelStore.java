package io.github.dgiqa.model;

import io.github.dgiqa.DgiqaException;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Where models are: the user's folder (ImageJ's {@code models/dgiqa}, or the folder that the system property
 * {@value #PROPERTY} names), then the program itself. A model in the user's folder hides one of the same NAME in the
 * program.
 */
public final class ModelStore {

	/** NAME of the model that is used unless the user says otherwise. */
	public static final String DEFAULT_MODEL = "dgiqa-compact";

	/** System property: a folder with one folder for each model. */
	public static final String PROPERTY = "dgiqa.models";

	private static final String IN_JAR = "models";

	private final Path folder;

	private ModelStore(final Path folder) {
		this.folder = folder;
	}

	/**
	 * The store of the ImageJ in the given folder.
	 *
	 * @param imagej ImageJ's folder, or null outside of ImageJ
	 */
	public static ModelStore of(final Path imagej) {
		final String property = System.getProperty(PROPERTY);
		if (property != null) return new ModelStore(Path.of(property));
		return new ModelStore(imagej == null ? null : imagej.resolve("models").resolve("dgiqa"));
	}

	/**
	 * Finds a model.
	 *
	 * @param nameOrFolder a NAME in this store, or any folder with a model.json
	 * @throws ModelException where there is none, or its description cannot be used
	 */
	public StoredModel find(final String nameOrFolder) {
		final Path path = path(nameOrFolder);
		if (path != null && isModel(path)) return StoredModel.inFolder(this, path);
		final boolean plain = path != null && path.getNameCount() == 1 && !path.isAbsolute() && !nameOrFolder.startsWith(".");
		if (plain && folder != null && isModel(folder.resolve(nameOrFolder))) return StoredModel.inFolder(this, folder.resolve(nameOrFolder));
		if (plain && inJar(nameOrFolder) != null) return StoredModel.inJar(this, IN_JAR + "/" + nameOrFolder);
		if (path != null && Files.isDirectory(path)) throw new ModelException("The folder " + nameOrFolder + " is no model: it has no " + StoredModel.DESCRIPTION + ".");
		throw new ModelException("There is no model " + nameOrFolder + ": neither a folder of that name nor one of the known models, " + String.join(", ", names()) + ".");
	}

	/**
	 * Finds a model of a kind.
	 *
	 * @throws ModelException also where it is of another kind
	 */
	public StoredModel find(final String nameOrFolder, final ModelDescription.Kind kind) {
		final StoredModel model = find(nameOrFolder);
		final ModelDescription.Kind found = model.description().kind();
		if (found != kind)
			throw new ModelException("The model " + model.name() + " (" + model.where() + ") is for " + found.name().toLowerCase(Locale.ROOT) + "; one for " + kind.name().toLowerCase(Locale.ROOT) + " is needed here.");
		return model;
	}

	/** The NAMEs of all models in this store, sorted. */
	public Set<String> names() {
		final Set<String> names = new TreeSet<>(namesInJar());
		if (folder != null && Files.isDirectory(folder)) names.addAll(modelsIn(folder));
		return names;
	}

	/** The models in this store that can be used, some only with weights of the user's; sorted by NAME. */
	public List<StoredModel> usable() {
		final List<StoredModel> usable = new ArrayList<>();
		for (final String name : names()) {
			try {
				final StoredModel model = find(name);
				model.network();
				usable.add(model);
			}
			catch (final ModelException e) {
				// whoever asks for it by name is told why
			}
		}
		return usable;
	}

	private static Path path(final String text) {
		try {
			return text.isBlank() ? null : Path.of(text);
		}
		catch (final InvalidPathException e) {
			return null;
		}
	}

	private static boolean isModel(final Path folder) {
		return Files.isRegularFile(folder.resolve(StoredModel.DESCRIPTION));
	}

	private static Set<String> modelsIn(final Path folder) {
		try (Stream<Path> entries = Files.list(folder)) {
			final Set<String> names = new TreeSet<>();
			entries.filter(ModelStore::isModel).forEach(model -> names.add(model.getFileName().toString().replace("/", "")));
			return names;
		}
		catch (final IOException e) {
			throw new ModelException("The folder of models " + folder + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	/** The description of a model in the program, or null. */
	private static URL inJar(final String name) {
		return ModelStore.class.getResource("/" + IN_JAR + "/" + name + "/" + StoredModel.DESCRIPTION);
	}

	private static Set<String> namesInJar() {
		final URL url = inJar(DEFAULT_MODEL);
		if (url == null) return Set.of();
		try {
			final URI uri = url.toURI();
			if (!uri.getScheme().equals("jar")) return modelsIn(Path.of(uri).getParent().getParent());
			try (FileSystem jar = FileSystems.newFileSystem(Path.of(URI.create(uri.getSchemeSpecificPart().replaceFirst("!/.*", ""))))) {
				return modelsIn(jar.getPath("/" + IN_JAR));
			}
		}
		catch (URISyntaxException | IOException e) {
			throw new ModelException("The models in the program cannot be listed: " + DgiqaException.sentence(e) + ".", e);
		}
	}
}
