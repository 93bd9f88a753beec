package io.github.dgiqa.model;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.weights.StoredTensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Where models are: the user's folder, then the program itself. A model in the user's folder hides one of the same NAME
 * in the program. The user's folder is the first of these that is named: the one chosen for this call, that of the
 * environment variable {@value #VARIABLE} or the system property {@value #PROPERTY}, ImageJ's {@code models/dgiqa}, and
 * outside of ImageJ one in the user's home. It need not exist.
 */
public final class ModelStore {

	/** NAME of the model that is used unless the user says otherwise. */
	public static final String DEFAULT_MODEL = "dgiqa-compact";

	/** Environment variable: a folder with one folder for each model. */
	public static final String VARIABLE = "DGIQA_MODELS";

	/** System property: the same. */
	public static final String PROPERTY = "dgiqa.models";

	/** The names of folders that are no models begin with this: imports that are at work, or did not end. */
	static final String HIDDEN = ".";

	private static final String IN_JAR = "models";

	/** Null where the user has none. */
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
		return of(null, imagej);
	}

	/**
	 * The store in the folder that the user chose for this call.
	 *
	 * @param chosen null for none
	 * @param imagej ImageJ's folder, or null outside of ImageJ
	 */
	public static ModelStore of(final Path chosen, final Path imagej) {
		return new ModelStore(StorePlace.OF_THIS_PROCESS.folder(chosen, imagej));
	}

	/** The models in the program alone, whatever the user has. */
	public static ModelStore ofProgram() {
		return new ModelStore(null);
	}

	/** The user's folder, which need not exist; null where there is none. */
	public Path folder() {
		return folder;
	}

	/** @throws ModelException where the user's folder is a file */
	public void checkFolder() {
		if (folder != null) StoreFolder.place(this);
	}

	/**
	 * A hidden folder in the user's, for work that can be interrupted and goes on there; what nobody went on with for a
	 * month is removed.
	 *
	 * @throws ModelException where it cannot be made
	 */
	public Path workFolder(final String name) {
		return StoreFolder.of(this).work(name);
	}

	/** Removes such a folder, whose work is done. */
	public void removeWorkFolder(final String name) {
		StoreFolder.of(this).removeWork(name);
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
		final boolean plain = path != null && path.getNameCount() == 1 && !path.isAbsolute() && !nameOrFolder.startsWith(HIDDEN);
		if (plain && isOwn(nameOrFolder)) return own(nameOrFolder);
		if (plain && isInProgram(nameOrFolder)) return inProgram(nameOrFolder);
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

	/** Whether the user's folder has a model of this NAME. */
	boolean isOwn(final String name) {
		return folder != null && isModel(folder.resolve(name));
	}

	/** The model in the user's folder. */
	StoredModel own(final String name) {
		return StoredModel.inFolder(this, folder.resolve(name));
	}

	/** Whether the program has a model of this NAME. */
	static boolean isInProgram(final String name) {
		return inJar(name) != null;
	}

	/** The model in the program, also where one of the user's hides it. */
	StoredModel inProgram(final String name) {
		return StoredModel.inJar(this, IN_JAR + "/" + name);
	}

	/**
	 * The model of a NAME in this store, whatever folders there are elsewhere.
	 *
	 * @throws ModelException where there is none, or its description cannot be used
	 */
	StoredModel named(final String name) {
		if (!names().contains(name)) throw new ModelException("There is no model " + name + ", only " + String.join(", ", names()) + ".");
		return isOwn(name) ? own(name) : inProgram(name);
	}

	/** The NAMEs of all models in this store, sorted. A folder of the user's that cannot be read has none. */
	public Set<String> names() {
		final Set<String> names = new TreeSet<>(namesInJar());
		try {
			if (folder != null && Files.isDirectory(folder)) names.addAll(modelsIn(folder));
		}
		catch (final IOException e) {
			// the program's own can be used all the same
		}
		return names;
	}

	/**
	 * The known models whose networks can be built, each under its NAME: first those that the program knows, then those
	 * that only the user has.
	 */
	Map<String, StoredModel> known() {
		final Map<String, StoredModel> known = new LinkedHashMap<>();
		final Set<String> own = names();
		for (final String name : namesInJar())
			known.put(name, usable(name).orElseGet(() -> inProgram(name)));
		own.removeAll(known.keySet());
		for (final String name : own)
			usable(name).ifPresent(model -> known.put(name, model));
		return known;
	}

	/** The known model that most of the tensors would fit, where there is one. */
	Optional<StoredModel> likely(final Map<String, StoredTensor> stored) {
		StoredModel likely = null;
		int matches = 0;
		for (final StoredModel model : usable()) {
			final Fit fit = Fit.of(model.network(), stored);
			if (!fit.isLikely() || fit.matches() <= matches) continue;
			likely = model;
			matches = fit.matches();
		}
		return Optional.ofNullable(likely);
	}

	/** The models in this store that can be used, some only with weights of the user's; sorted by NAME. */
	public List<StoredModel> usable() {
		return names().stream().map(this::usable).flatMap(Optional::stream).toList();
	}

	/** The model of a NAME in this store, where it can be used. */
	Optional<StoredModel> usable(final String name) {
		try {
			final StoredModel model = named(name);
			model.network();
			return Optional.of(model);
		}
		catch (final ModelException e) {
			return Optional.empty(); // whoever asks for it by name is told why
		}
	}

	/** What the store has, each as a row of a table; sorted by NAME. */
	public List<ModelRow> rows() {
		return names().stream().map(this::row).toList();
	}

	/**
	 * Reads the weights of a model, and compares SHA-256 and shapes with its description.
	 *
	 * @param lenient whether one that lacks weights is all right
	 */
	public Outcome verify(final String nameOrFolder, final boolean lenient) {
		try {
			final StoredModel model = find(nameOrFolder);
			if (!model.hasWeights()) return new Outcome(nameOrFolder, lenient, "it has no weights to verify" + (lenient ? "" : "; " + model.howToGetWeights()) + ".");
			model.verify();
			return new Outcome(nameOrFolder, true, "all right, SHA-256 " + model.description().files().get(0).sha256() + ".");
		}
		catch (final DgiqaException e) {
			return new Outcome(nameOrFolder, false, e.getMessage());
		}
	}

	/**
	 * Removes a model from the user's folder.
	 *
	 * @throws ModelException where it is not there, or cannot be removed
	 */
	public Outcome remove(final String name) {
		final boolean stays = names().contains(name) && isInProgram(name);
		if (!names().contains(name) || !isOwn(name))
			throw new ModelException(stays ? "The model " + name + " is part of the program and stays; only models in " + folder + " can be removed." : "There is no model " + name + " in " + folder + ", so none was removed.");
		final boolean others = StoreFolder.of(this).remove(name);
		return new Outcome(name, true, "The model " + name + " is removed from " + folder + (others ? ", where its folder has other files, which stay" : "") + (stays ? "; that of the same name in the program takes its place." : "."));
	}

	private ModelRow row(final String name) {
		try {
			return ModelRow.of(name, named(name));
		}
		catch (final ModelException e) {
			return ModelRow.damaged(name, e.getMessage());
		}
	}

	private static Path path(final String text) {
		try {
			return text.isBlank() ? null : Path.of(text);
		}
		catch (final InvalidPathException e) {
			return null;
		}
	}

	/** Whether a folder is a model: it has a model.json. */
	public static boolean isModel(final Path folder) {
		return Files.isRegularFile(folder.resolve(StoredModel.DESCRIPTION));
	}

	private static Set<String> modelsIn(final Path folder) throws IOException {
		try (Stream<Path> entries = Files.list(folder)) {
			final Set<String> names = new TreeSet<>();
			entries.filter(ModelStore::isModel).forEach(model -> names.add(model.getFileName().toString().replace("/", "")));
			names.removeIf(name -> name.startsWith(HIDDEN));
			return names;
		}
		catch (final UncheckedIOException e) {
			throw e.getCause();
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
