package io.github.dgiqa.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.network.Layer;
import io.github.dgiqa.weights.Bytes;
import io.github.dgiqa.weights.StoredTensor;
import io.github.dgiqa.weights.WeightFile;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** A model at its place: a folder, or inside the program's jar. */
public final class StoredModel {

	static final String DESCRIPTION = "model.json";
	private static final int HASH_DIGITS = 8;

	private final ModelStore store;
	private final Path folder;
	private final String resource;
	private final ModelDescription description;
	/** What model.json holds. */
	private final String json;
	/** The user's own weights, or null for the model's. */
	private final Path ownWeights;
	/** What makes its weights; null where they come from a file. */
	private final Weights made;
	private final String name;
	/** SHA-256 of the weights; empty where there are none. */
	private final String sha256;
	/** What another thread prepares; null where none does. */
	private final AtomicReference<CompletableFuture<Prepared>> ahead = new AtomicReference<>();

	private StoredModel(final ModelStore store, final Path folder, final String resource) {
		this.store = store;
		this.folder = folder;
		this.resource = resource;
		ownWeights = null;
		made = null;
		try (InputStream in = open(DESCRIPTION)) {
			json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (final IOException e) {
			throw new ModelException(place(DESCRIPTION) + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
		description = ModelDescription.read(new StringReader(json), place(DESCRIPTION));
		name = description.name();
		sha256 = description.files().isEmpty() ? "" : description.files().get(0).sha256();
	}

	/** A model with weights from elsewhere; one of the two is null. */
	private StoredModel(final StoredModel model, final Path weights, final Weights made, final String name, final String sha256) {
		store = model.store;
		folder = model.folder;
		resource = model.resource;
		description = model.description;
		json = model.json;
		ownWeights = weights;
		this.made = made;
		this.name = name;
		this.sha256 = sha256;
	}

	/** Makes weights, without a file. */
	public interface Weights {

		/** The values of a parameter, float32. @param manager owns them; they are on its device */
		NDArray of(String path, Shape shape, NDManager manager);
	}

	/** @param store where the models are that this one may be taken for */
	static StoredModel inFolder(final ModelStore store, final Path folder) {
		return new StoredModel(store, folder, null);
	}

	/**
	 * @param store where the models are that this one may be taken for
	 * @param resource the model's folder on the class path, without a slash at its ends
	 */
	static StoredModel inJar(final ModelStore store, final String resource) {
		return new StoredModel(store, null, resource);
	}

	/**
	 * This model with other weights than its own. Its name then ends with @ and the first 8 digits of the file's SHA-256.
	 *
	 * @param weights the file; null for the model's own
	 * @throws ModelException where the file cannot be read
	 */
	public StoredModel with(final Path weights) {
		if (weights == null) return this;
		// a pipe can be read once only, and opening one may wait forever
		if (Files.exists(weights) && !Files.isRegularFile(weights))
			throw new ModelException("The weights of " + description.name() + " are to come from " + weights.toAbsolutePath() + ", which is " + (Files.isDirectory(weights) ? "a folder" : "no file on a disk") + "; name a weight file.");
		final String hash = hash(weights);
		return new StoredModel(this, weights, null, description.name() + "@" + hash.substring(0, HASH_DIGITS), hash);
	}

	private static String hash(final Path weights) {
		try (Bytes bytes = Bytes.of(weights)) {
			return bytes.sha256();
		}
		catch (final IOException e) {
			throw new ModelException("The weights " + weights + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	/** This model with weights that are made when it is loaded, whatever files it has. */
	public StoredModel filled(final Weights making) {
		return new StoredModel(this, null, making, description.name(), "");
	}

	public ModelDescription description() {
		return description;
	}

	/** The model's NAME, or NAME@hash with weights of the user's. */
	public String name() {
		return name;
	}

	/** The SHA-256 that its weights have, or should have: 64 lower-case hex digits; empty where it comes without. */
	public String sha256() {
		return sha256;
	}

	/** Whether it comes with weights; others need a file of the user's. */
	public boolean hasWeights() {
		return made != null || ownWeights != null || !description.files().isEmpty();
	}

	/** Whether its description, and the weights that belong to that, are part of the program. */
	public boolean isInProgram() {
		return folder == null;
	}

	/** Whether its weights are those that come with the program; Fiji's folder of models has them too. */
	boolean isAsShipped() {
		return hasWeights() && (isInProgram() || ModelStore.isInProgram(description.name()) && description.hashes().equals(store.inProgram(description.name()).description.hashes()));
	}

	/** The user's weights that it has in place of its own. */
	public Optional<Path> ownWeights() {
		return Optional.ofNullable(ownWeights);
	}

	/** The files that it is made of, where it is a folder: its description, and its own weights unless the user's are in their place. */
	public List<Path> files() {
		final Stream<String> weights = ownWeights == null ? description.files().stream().map(ModelDescription.WeightFile::name) : Stream.empty();
		return folder == null ? List.of() : Stream.concat(Stream.of(DESCRIPTION), weights).map(folder::resolve).toList();
	}

	/** What its model.json holds. */
	String json() {
		return json;
	}

	/** What tells it from every other, also from one that takes its place later. */
	public String identity() {
		return where() + "\n" + json;
	}

	/** The number of its network's parameters, without the statistics that it keeps beside them. */
	public long parameters() {
		return network().namedParameters().stream().filter(named -> named.parameter().requiresGradient()).mapToLong(named -> named.shape().size()).sum();
	}

	/** How large weights of its network are as float32. */
	long expectedBytes() {
		return network().namedParameters().stream().mapToLong(named -> named.shape().size()).sum() * Float.BYTES;
	}

	/** The size of its own weights; of those it lacks, the size that they have as float32. */
	public long weightBytes() {
		return description.files().isEmpty() ? expectedBytes() : description.files().stream().mapToLong(ModelDescription.WeightFile::bytes).sum();
	}

	/**
	 * Looks whether its files are there and have their sizes, and whether its network can be built.
	 *
	 * @return what is wrong; empty where it is all right, or lacks weights
	 */
	Optional<String> damage() {
		try {
			network();
			for (final ModelDescription.WeightFile file : description.files()) {
				if (folder == null) continue;
				final long found = Files.size(folder.resolve(file.name()));
				if (file.bytes() > 0 && found != file.bytes()) return Optional.of(file.name() + " has " + found + " bytes instead of " + file.bytes());
			}
			return Optional.empty();
		}
		catch (ModelException | IOException e) {
			return Optional.of(DgiqaException.sentence(e));
		}
	}

	/**
	 * Reads all weights: their SHA-256 must be that of model.json, and their shapes those of the network.
	 *
	 * @throws DgiqaException where they are not
	 */
	public void verify() {
		try (Bytes bytes = weights()) {
			fitting(network(), WeightFile.tensors(bytes), bytes.name());
		}
		catch (final IOException e) {
			throw unreadable(e);
		}
	}

	/** Where the model is, for people. */
	public String where() {
		return folder == null ? "in the program" : folder.toString();
	}

	/** As {@link #load(NDManager, DataType)}, in float32. */
	public Layer load(final NDManager manager) {
		return load(manager, DataType.FLOAT32);
	}

	/**
	 * The network with its weights.
	 *
	 * @param manager owns the weights; they are on its device
	 * @param type float32, or float16 for devices that compute in it
	 * @throws DgiqaException where the model's files are missing, damaged or do not fit
	 */
	public Layer load(final NDManager manager, final DataType type) {
		try (Prepared prepared = prepared()) {
			final Map<String, NDArray> arrays = new HashMap<>();
			for (final Layer.Named named : prepared.network.namedParameters()) {
				final NDArray values = made != null ? made.of(named.path(), named.shape(), manager) : prepared.stored.get(named.path()).load(manager);
				arrays.put(named.path(), StoredTensor.converted(values, type));
			}
			prepared.network.assign(arrays);
			if (type == DataType.FLOAT32) prepared.network.fuse(); // joined weights of float16 would be rounded twice
			return prepared.network;
		}
		catch (final IOException e) {
			throw unreadable(e);
		}
	}

	/**
	 * A network, and what its weights are made of.
	 *
	 * @param bytes the file with the weights; null where they are made
	 * @param stored its tensors, which fit
	 */
	private record Prepared(Layer network, Bytes bytes, Map<String, StoredTensor> stored) implements AutoCloseable {

		@Override
		public void close() {
			if (bytes != null) bytes.close();
		}
	}

	/** All of {@link #load} that needs no engine. */
	private Prepared prepare() throws IOException {
		final Layer network = network();
		if (made != null) return new Prepared(network, null, Map.of());
		final Bytes bytes = weightsToLoad();
		try {
			return new Prepared(network, bytes, fitting(network, WeightFile.tensors(bytes), bytes.name()));
		}
		catch (IOException | RuntimeException e) {
			bytes.close();
			throw e;
		}
	}

	/** Begins in another thread with {@link #load}, as far as that needs no engine; {@link #forgetAhead} ends it. */
	public void prepareAhead() {
		forgetAhead();
		ahead.set(CompletableFuture.supplyAsync(() -> {
			try {
				return prepare();
			}
			catch (final IOException e) {
				throw new UncheckedIOException(e);
			}
		}));
	}

	/** Lets go what {@link #prepareAhead} prepared and nobody loaded. */
	public void forgetAhead() {
		final CompletableFuture<Prepared> preparing = ahead.getAndSet(null);
		if (preparing != null) preparing.thenAccept(Prepared::close);
	}

	private Prepared prepared() throws IOException {
		final CompletableFuture<Prepared> preparing = ahead.getAndSet(null);
		if (preparing == null) return prepare();
		try {
			return preparing.join();
		}
		catch (final CompletionException e) {
			return prepare(); // which tells what is wrong
		}
	}

	private ModelException unreadable(final IOException e) {
		return new ModelException("The weights of " + name() + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
	}

	/** What to do about weights that are not there; the middle of a sentence. */
	String howToGetWeights() {
		final String command = description.download() == null ? "" : "download them ('models download " + name() + "', or Plugins>DGIQA>Models...), or ";
		final String from = description.page() == null ? "" : "get them from " + description.page() + " and ";
		return command + from + "import the file once ('models import FILE', or Plugins>DGIQA>Models...)";
	}

	private static String weightsKeys(final ModelDescription.Kind kind) {
		return kind == ModelDescription.Kind.DEPTH ? "Depth weights in a dialog, depthfile= in a macro, --depth-weights on the command line" : "Quality weights in a dialog, weights= in a macro, --weights on the command line";
	}

	/**
	 * The network without weights.
	 *
	 * @throws ModelException where the description is of none
	 */
	public Layer network() {
		try {
			return Networks.build(description.network());
		}
		catch (final RuntimeException e) { // sizes that are missing or make no sense fail in many ways
			throw new ModelException(place(DESCRIPTION) + " describes no network that can be built: " + e.getMessage() + ".", e);
		}
	}

	/** The file with its weights, whose SHA-256 is that of model.json; close it after use. */
	public Bytes openWeights() throws IOException {
		return weights();
	}

	/** The tensors in its weights, once it is sure that they are its network's. @throws ModelException where they are not */
	public Map<String, StoredTensor> fittingWeights(final Bytes weights) throws IOException {
		return fitting(network(), WeightFile.tensors(weights), weights.name());
	}

	private Bytes weights() throws IOException {
		if (ownWeights != null) return Bytes.of(ownWeights);
		if (!hasWeights()) throw new ModelException("The model " + name() + " (" + where() + ") comes without weights: " + howToGetWeights() + ", or name a file for this call (" + weightsKeys(description.kind()) + ").");
		final ModelDescription.WeightFile file = description.files().get(0);
		final Bytes bytes = bytes(file);
		final String found = bytes.sha256();
		if (found.equals(file.sha256())) return bytes;
		bytes.close();
		throw new ModelException(place(file.name()) + " is not the file that its model.json names: SHA-256 " + file.sha256() + " was expected, " + found + " was found; install the model again.");
	}

	/** As {@link #weights}, but of the program's own the checksum of its jar suffices: SHA-256 takes Java long at first. */
	private Bytes weightsToLoad() throws IOException {
		if (ownWeights != null || folder != null || !hasWeights()) return weights();
		final ModelDescription.WeightFile file = description.files().get(0);
		final URLConnection connection = url(file.name()).openConnection();
		if (!(connection instanceof JarURLConnection)) return weights();
		final Bytes bytes = bytes(file, connection.getInputStream());
		if (bytes.crc32() == ((JarURLConnection) connection).getJarEntry().getCrc()) return bytes;
		bytes.close();
		return weights(); // which tells what is wrong
	}

	private Bytes bytes(final ModelDescription.WeightFile file) throws IOException {
		return folder != null ? Bytes.of(folder.resolve(file.name())) : bytes(file, open(file.name()));
	}

	private Bytes bytes(final ModelDescription.WeightFile file, final InputStream stream) throws IOException {
		try (stream) {
			return Bytes.of(place(file.name()), stream, (int) file.bytes());
		}
	}

	/** The given tensors, once it is sure that they are the network's. */
	Map<String, StoredTensor> fitting(final Layer network, final Map<String, StoredTensor> stored, final String file) {
		final Fit fit = Fit.of(network, stored);
		if (fit.isExact()) return stored;
		throw new ModelException("The weights in " + file + " do not fit the model " + description.name() + ", which needs " + fit.needed() + " tensors: " + fit + "; " + guess(stored) + ".");
	}

	/** What the tensors look like, and what to do. */
	private String guess(final Map<String, StoredTensor> stored) {
		final StoredModel likely = store.likely(stored).orElse(null);
		if (likely == null) return "this looks like none of the known models; " + shortTitle() + " was expected: choose another file";
		if (likely.description.kind() != description.kind()) return "this looks like " + likely.shortTitle() + ", " + shortTitle() + " was expected: name it as weights of the other model (" + weightsKeys(likely.description.kind()) + ")";
		if (likely.description.network().equals(description.network())) return "this looks like another version of " + shortTitle() + ": choose another file";
		return "this looks like " + likely.shortTitle() + "; " + shortTitle() + " was expected: choose another file, or the model " + likely.description.name();
	}

	/** The title up to its colon. */
	String shortTitle() {
		return description.title() == null ? description.name() : description.title().split(":", 2)[0];
	}

	private String place(final String file) {
		return folder == null ? "/" + resource + "/" + file + " in the program" : folder.resolve(file).toString();
	}

	private InputStream open(final String file) throws IOException {
		if (folder != null) return Files.newInputStream(folder.resolve(file));
		return url(file).openStream();
	}

	/** Of the program's own. */
	private URL url(final String file) throws IOException {
		final URL url = StoredModel.class.getResource("/" + resource + "/" + file);
		if (url == null) throw new IOException("it is missing");
		return url;
	}
}
