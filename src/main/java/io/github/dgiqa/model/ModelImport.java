package io.github.dgiqa.model;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.weights.Bytes;
import io.github.dgiqa.weights.SafeTensorsWriter;
import io.github.dgiqa.weights.StoredTensor;
import io.github.dgiqa.weights.WeightFile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Brings models into the user's folder: a weight file, whose network its tensors tell; or a folder or zip with a model
 * (model.json and its weights), with several, or with one weight file. What does not fit leaves the store as it was.
 */
public final class ModelImport {

	private static final String PLAIN = "[A-Za-z0-9_-]([A-Za-z0-9._-]*[A-Za-z0-9_-])?";
	private static final int LONGEST = 100;
	/** No folder on Windows can be called so, to which a store may be carried. */
	private static final String DEVICE = "(?i)(con|nul|prn|aux|com[1-9]|lpt[1-9])(\\..*)?";
	/** What commands take for something else than the NAME of a model. */
	private static final Set<String> TAKEN = Set.of("auto", "measured");
	private static final int MOST_DESCRIPTION = 1 << 20;
	private static final int CHUNK = 1 << 20;
	private static final int NAMED_AT_MOST = 3;

	/**
	 * What the user wants.
	 *
	 * @param name the NAME in the store; null for that of the description
	 * @param replace whether a model of that NAME may be replaced
	 */
	public record Wishes(String name, boolean replace) {

		/** @throws ModelException where the name cannot be that of a folder */
		public Wishes {
			if (name != null) checkPlain(name);
		}
	}

	/**
	 * Where weights came from.
	 *
	 * @param url null where the user had them
	 * @param expected the NAME of the model that they must be of; null where they may be of any
	 */
	record Source(String url, String expected) {}

	private final ModelStore store;
	private final Wishes wishes;
	private final Source source;
	private final Watch watch;

	private ModelImport(final ModelStore store, final Wishes wishes, final Source source, final Watch watch) {
		this.store = store;
		this.wishes = wishes;
		this.source = source;
		this.watch = watch;
	}

	/**
	 * Imports a file, a folder or a zip.
	 *
	 * @return what came of each model: of one the import, of several also those that could not be imported
	 * @throws DgiqaException where one cannot be imported, or nothing is found
	 */
	public static List<Outcome> run(final ModelStore store, final Path path, final Wishes wishes, final Watch watch) {
		return new ModelImport(store, wishes, new Source(null, null), watch).run(path);
	}

	/** @throws ModelException where a new model of that kind cannot have the NAME that is wished for */
	public static void check(final ModelStore store, final Wishes wishes, final ModelDescription.Kind kind) {
		final ModelImport wished = new ModelImport(store, wishes, new Source(null, null), null);
		wished.checkKind(wishes.name(), kind, "The new model");
		wished.checkFree(wishes.name());
	}

	/** Imports a weight file that was downloaded. */
	static Outcome downloaded(final ModelStore store, final Path file, final String fileName, final Wishes wishes, final Source source, final Watch watch) {
		try {
			return new ModelImport(store, wishes, source, watch).weights(file, fileName);
		}
		catch (final IOException e) {
			throw unreadable(file, e);
		}
	}

	private static ModelException unreadable(final Path path, final IOException e) {
		return new ModelException(path + " cannot be imported: " + DgiqaException.sentence(e) + ".", e);
	}

	private List<Outcome> run(final Path path) {
		if (!Files.exists(path)) throw new ModelException(path + " is missing; name a weight file, or a folder or zip with models.");
		if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) throw new ModelException(path + " is neither a file nor a folder; name a weight file, or a folder or zip with models.");
		try (Box box = Box.open(path)) {
			return box == null ? List.of(weights(path, path.getFileName().toString())) : box(box, path);
		}
		catch (final IOException e) {
			throw unreadable(path, e);
		}
	}

	// -- a weight file --

	private Outcome weights(final Path file, final String fileName) throws IOException {
		try (Bytes bytes = Bytes.of(file)) {
			final Map<String, StoredTensor> stored = WeightFile.tensors(bytes);
			final Map.Entry<String, StoredModel> known = recognise(stored, source.expected() == null ? file.toString() : source.url());
			final StoredModel model = known.getValue();
			final String name = wishes.name() == null ? known.getKey() : wishes.name();
			checkKind(name, model.description().kind(), fileName);
			checkFree(name);
			try (StoreFolder.Stage stage = StoreFolder.of(store).stage(bytes(stored))) {
				checkNumbers(stored, fileName);
				final ModelDescription.Origin origin = new ModelDescription.Origin(fileName, source.url(), bytes.sha256(), LocalDate.now().toString());
				final ModelDescription.WeightFile written = write(stored, stage.file("weights.safetensors"), name);
				watch.at("storing " + name, written.bytes(), written.bytes());
				stage.install(name, model.json(), List.of(written), origin, () -> checkFree(name));
				return imported(name, fileName);
			}
		}
	}

	/** Writes the tensors to a new file. */
	private ModelDescription.WeightFile write(final Map<String, StoredTensor> stored, final Path to, final String name) throws IOException {
		final long expected = bytes(stored);
		final SafeTensorsWriter.Written written = SafeTensorsWriter.write(to, stored, Map.of(), () -> watch.at("storing " + name, to.toFile().length(), expected));
		return new ModelDescription.WeightFile(to.getFileName().toString(), written.bytes(), written.sha256());
	}

	/** Weights that are no numbers would give no score. */
	private void checkNumbers(final Map<String, StoredTensor> stored, final String file) throws IOException {
		long done = 0;
		final long all = bytes(stored);
		for (final Map.Entry<String, StoredTensor> entry : stored.entrySet()) {
			final long before = done;
			if (!entry.getValue().isFinite(() -> watch.at("reading " + file, before, all)))
				throw new ModelException(file + " holds a value that is no finite number (tensor " + WeightFile.shown(entry.getKey()) + "): such weights give no score; use others.");
			done += entry.getValue().bytes();
		}
	}

	/** How many bytes the elements have, in the types that the file has them in. */
	private static long bytes(final Map<String, StoredTensor> stored) {
		return stored.values().stream().mapToLong(StoredTensor::bytes).sum();
	}

	private Map.Entry<String, StoredModel> recognise(final Map<String, StoredTensor> stored, final String file) {
		final Map<String, StoredModel> known = store.known();
		final String first = source.expected() == null ? wishes.name() : source.expected();
		if (first != null && known.containsKey(first) && Fit.of(known.get(first).network(), stored).isExact()) return Map.entry(first, known.get(first));
		if (source.expected() == null) for (final Map.Entry<String, StoredModel> entry : known.entrySet())
			if (Fit.of(entry.getValue().network(), stored).isExact()) return entry;
		throw new ModelException(file + (source.expected() == null ? " fits none of the known models: " : " is not the model " + source.expected() + ": ") + guess(stored, known));
	}

	private String guess(final Map<String, StoredTensor> stored, final Map<String, StoredModel> known) {
		final StoredModel likely = store.likely(stored).orElse(null);
		if (likely != null) {
			final Fit fit = Fit.of(likely.network(), stored);
			return "it looks like " + likely.shortTitle() + ", which needs " + fit.needed() + " tensors: " + (fit.isExact() ? "all are there, but another was expected" : fit) + "; choose another file.";
		}
		final String found = stored.isEmpty() ? "it holds no tensors" : "it holds " + stored.size() + " tensors (" + String.join("; ", stored.entrySet().stream().limit(NAMED_AT_MOST).map(entry -> WeightFile.shown(entry.getKey()) + " " + entry.getValue().shape()).toList()) + (stored.size() > NAMED_AT_MOST ? "; ..." : "") + ")";
		return found + ", and those of one of these were expected: " + String.join(", ", known.values().stream().map(StoredModel::shortTitle).distinct().toList()) + "; choose another file.";
	}

	// -- models with their descriptions --

	private List<Outcome> box(final Box box, final Path path) throws IOException {
		final List<Path> models = box.models();
		if (models.isEmpty()) {
			final List<Path> weights = box.weights();
			if (weights.size() != 1) throw box.nothing(weights);
			return List.of(box.isZip() ? unpacked(box, weights.get(0)) : weights(weights.get(0), weights.get(0).getFileName().toString()));
		}
		final String origin = path.toAbsolutePath().normalize().getFileName().toString();
		if (models.size() == 1) return List.of(model(box, models.get(0), origin, false));
		if (wishes.name() != null) throw new ModelException(path + " holds " + models.size() + " models, which cannot all be called " + wishes.name() + "; import one of them, or leave the name out.");
		final List<Outcome> outcomes = new ArrayList<>();
		for (final Path model : models) {
			try {
				outcomes.add(model(box, model, origin, true));
			}
			catch (final DgiqaException e) {
				outcomes.add(new Outcome(box.name(model), false, e.getMessage()));
			}
		}
		return outcomes;
	}

	/** A weight file in a zip. */
	private Outcome unpacked(final Box box, final Path inside) throws IOException {
		final String fileName = inside.getFileName().toString();
		try (StoreFolder.Stage stage = StoreFolder.of(store).stage(Files.size(inside))) {
			final Path file = stage.file("unpacked");
			copy(box, inside, file, Files.size(inside), fileName);
			return weights(file, fileName);
		}
	}

	/** @param oneOfSeveral whether one without weights is passed over */
	private Outcome model(final Box box, final Path folder, final String origin, final boolean oneOfSeveral) throws IOException {
		final String where = box.name(folder.resolve(StoredModel.DESCRIPTION));
		final String json = json(box, folder.resolve(StoredModel.DESCRIPTION), where);
		final ModelDescription description = ModelDescription.read(new StringReader(json), where);
		final String name = wishes.name() == null ? checkPlain(description.name()) : wishes.name();
		if (description.files().isEmpty() && oneOfSeveral) return new Outcome(name, true, name + " has no weights there: nothing to import.");
		if (description.files().isEmpty()) throw new ModelException(where + " names no weights: nothing can be imported; name the weight file itself.");
		if (isThere(name, description, json)) return new Outcome(name, true, name + " is there already, with the same weights.");
		checkKind(name, description.kind(), where);
		checkFree(name);
		long bytes = 0;
		for (final ModelDescription.WeightFile file : description.files())
			bytes += sizeOf(box, folder, file);
		try (StoreFolder.Stage stage = StoreFolder.of(store).stage(bytes)) {
			for (final ModelDescription.WeightFile file : description.files()) {
				final String found = copy(box, folder.resolve(file.name()), stage.file(file.name()), file.bytes() > 0 ? file.bytes() : Files.size(folder.resolve(file.name())), name);
				if (!found.equals(file.sha256())) throw new ModelException(box.name(folder.resolve(file.name())) + " is not the file that its model.json names: SHA-256 " + file.sha256() + " was expected, " + found + " was found; get the model again.");
			}
			fit(description, json, stage, box.name(folder.resolve(description.files().get(0).name())));
			final ModelDescription.Origin own = description.origin() == null ? new ModelDescription.Origin(origin, null, null, LocalDate.now().toString()) : null;
			stage.install(name, json, description.files(), own, () -> checkFree(name));
			return imported(name, box.name(folder));
		}
	}

	/** At least the weights that are used must be those of the network. */
	private void fit(final ModelDescription description, final String json, final StoreFolder.Stage stage, final String file) throws IOException {
		Files.writeString(stage.file(StoredModel.DESCRIPTION), json, StandardCharsets.UTF_8);
		final StoredModel staged = StoredModel.inFolder(store, stage.file("."));
		try (Bytes bytes = Bytes.of(stage.file(description.files().get(0).name()))) {
			checkNumbers(staged.fitting(staged.network(), WeightFile.tensors(bytes), file), file);
		}
	}

	private static String json(final Box box, final Path file, final String where) throws IOException {
		if (Files.size(file) > MOST_DESCRIPTION) throw new ModelException(where + " is no model description: it has " + ModelRow.size(Files.size(file)) + "; name the folder of a model.");
		try (InputStream in = box.read(file)) {
			return new String(in.readNBytes(MOST_DESCRIPTION + 1), StandardCharsets.UTF_8);
		}
	}

	private static long sizeOf(final Box box, final Path folder, final ModelDescription.WeightFile file) throws IOException {
		final Path path = folder.resolve(file.name());
		if (!Files.isRegularFile(path)) throw new ModelException(box.name(path) + " is missing, and model.json names it; get the model again.");
		final long found = Files.size(path);
		if (file.bytes() > 0 && found != file.bytes()) throw new ModelException(box.name(path) + " is not the file that its model.json names: " + file.bytes() + " bytes were expected, " + found + " were found; get the model again.");
		return found;
	}

	/** Copies at most so many bytes, whatever a zip's list says of them; returns their SHA-256. */
	private String copy(final Box box, final Path from, final Path to, final long most, final String name) throws IOException {
		final byte[] chunk = new byte[CHUNK];
		try (InputStream in = box.read(from); OutputStream out = Files.newOutputStream(to)) {
			long done = 0;
			for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
				done += count;
				if (done > most) throw new ModelException(from + " has more bytes than the " + most + " that were announced; get it again.");
				out.write(chunk, 0, count);
				watch.at("copying " + name, done, most);
			}
		}
		try (Bytes bytes = Bytes.of(to)) {
			return bytes.sha256();
		}
	}

	// -- both --

	private static String checkPlain(final String name) {
		if (name.matches(DEVICE)) throw new ModelException("A model cannot be called '" + name + "': Windows keeps that name for a device; choose another name (option --name).");
		if (name.matches(PLAIN) && name.length() <= LONGEST && !TAKEN.contains(name)) return name;
		throw new ModelException("A model cannot be called '" + WeightFile.shown(name) + "': letters, digits, '.', '_' and '-' are allowed, at most " + LONGEST + " of them, no '.' at its ends, and not " + String.join(" or ", TAKEN.stream().sorted().toList()) + "; choose another name (option --name).");
	}

	/** Whether the store has the same description and weights under this NAME. */
	private boolean isThere(final String name, final ModelDescription description, final String json) {
		final StoredModel there = store.names().contains(name) ? store.usable(name).orElse(null) : null;
		return there != null && there.damage().isEmpty() && ModelDescription.isSame(there.json(), json) && there.description().hashes().equals(description.hashes());
	}

	/** Who uses a NAME of the program's expects a model of its kind. */
	private void checkKind(final String name, final ModelDescription.Kind kind, final String from) {
		if (!ModelStore.isInProgram(name)) return;
		final ModelDescription.Kind expected = store.inProgram(name).description().kind();
		if (kind != expected) throw new ModelException(from + " is a model for " + kind.name().toLowerCase(Locale.ROOT) + ", and " + name + " is the name of the program's own for " + expected.name().toLowerCase(Locale.ROOT) + "; give it another name (option --name).");
	}

	private void checkFree(final String name) {
		checkFree(store, name, wishes);
	}

	/** A NAME is free where no model has it, or one without weights. @throws ModelException where it is not */
	static void checkFree(final ModelStore store, final String name, final Wishes wishes) {
		final Set<String> names = store.names();
		final String other = names.contains(name) ? null : names.stream().filter(name::equalsIgnoreCase).findFirst().orElse(null);
		// on Windows and macOS both would have one folder
		if (other != null) throw new ModelException("There is a model " + other + " already, and names must differ in more than upper and lower case; name it " + other + ", or choose another name than " + name + " (option --name).");
		if (wishes.replace() || !names.contains(name)) return;
		final StoredModel there = store.usable(name).orElse(null);
		if (there != null && !there.hasWeights()) return;
		final String what = there == null ? "a damaged one" : ModelRow.size(there.weightBytes()) + ", " + there.where() + (there.description().origin() == null ? "" : ", from " + ModelRow.origin(there));
		throw new ModelException("There is a model " + name + " already (" + what + "); add --replace (in a dialog or macro: replace) to replace it, or --name NAME to give the new one another name.");
	}

	private Outcome imported(final String name, final String from) {
		final StoredModel model = store.own(name);
		final ModelDescription.Licence licence = model.description().licence();
		final String note = licence == null ? "not stated" : licence.name() + (licence.note() == null ? "" : " (" + licence.note() + ")");
		return new Outcome(name, true, from + " is now the model " + name + ": " + model.description().title() + "; " + ModelRow.size(model.weightBytes()) + " in " + model.where() + "; licence: " + note);
	}
}
