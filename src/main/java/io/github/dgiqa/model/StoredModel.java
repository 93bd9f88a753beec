package io.github.dgiqa.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.network.Layer;
import io.github.dgiqa.weights.Bytes;
import io.github.dgiqa.weights.SafeTensors;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A model at its place: a folder, or inside the program's jar. */
public final class StoredModel {

	static final String DESCRIPTION = "model.json";
	private static final int NAMED_AT_MOST = 3;

	private final Path folder;
	private final String resource;
	private final ModelDescription description;

	private StoredModel(final Path folder, final String resource) {
		this.folder = folder;
		this.resource = resource;
		try (Reader json = new InputStreamReader(open(DESCRIPTION), StandardCharsets.UTF_8)) {
			description = ModelDescription.read(json, place(DESCRIPTION));
		}
		catch (final IOException e) {
			throw new ModelException(place(DESCRIPTION) + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	static StoredModel inFolder(final Path folder) {
		return new StoredModel(folder, null);
	}

	/** @param resource the model's folder on the class path, without a slash at its ends */
	static StoredModel inJar(final String resource) {
		return new StoredModel(null, resource);
	}

	public ModelDescription description() {
		return description;
	}

	/** The model's NAME. */
	public String name() {
		return description.name();
	}

	/** Where the model is, for people. */
	public String where() {
		return folder == null ? "in the program" : folder.toString();
	}

	/**
	 * The network with its weights.
	 *
	 * @param manager owns the weights
	 * @throws DgiqaException where the model's files are missing, damaged or do not fit
	 */
	public Layer load(final NDManager manager) {
		final Layer network;
		try {
			network = Networks.build(description.network());
		}
		catch (final RuntimeException e) { // sizes that are missing or make no sense fail in many ways
			throw new ModelException(place(DESCRIPTION) + " describes no network that can be built: " + e.getMessage() + ".", e);
		}
		network.assign(fitting(network, weights(manager)));
		return network;
	}

	private Map<String, NDArray> weights(final NDManager manager) {
		if (description.files().isEmpty()) throw new ModelException("The model " + name() + " (" + where() + ") comes without weights.");
		final ModelDescription.WeightFile file = description.files().get(0);
		try (Bytes bytes = bytes(file.name())) {
			final String found = bytes.sha256();
			if (!found.equals(file.sha256()))
				throw new ModelException(place(file.name()) + " is not the file that its model.json names: SHA-256 " + file.sha256() + " was expected, " + found + " was found; install the model again.");
			return SafeTensors.read(bytes, manager);
		}
		catch (final IOException e) {
			throw new ModelException(place(file.name()) + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	private Bytes bytes(final String file) throws IOException {
		if (folder != null) return Bytes.of(folder.resolve(file));
		try (InputStream in = open(file)) {
			return Bytes.of(place(file), in);
		}
	}

	/** The given weights, once it is sure that they are the network's. */
	private Map<String, NDArray> fitting(final Layer network, final Map<String, NDArray> weights) {
		final List<String> problems = network.namedParameters().stream()
			.filter(named -> !weights.containsKey(named.path()) || !weights.get(named.path()).getShape().equals(named.shape()))
			.map(named -> named.path() + " " + named.shape() + (weights.containsKey(named.path()) ? " has the shape " + weights.get(named.path()).getShape() : " is missing"))
			.toList();
		if (problems.isEmpty()) return weights;
		throw new ModelException("The weights in " + place(description.files().get(0).name()) + " are not those of the network that model.json describes: " + problems.size() + " tensors do not fit, among them " +
			String.join(", ", problems.subList(0, Math.min(NAMED_AT_MOST, problems.size()))) + ".");
	}

	private String place(final String file) {
		return folder == null ? "/" + resource + "/" + file + " in the program" : folder.resolve(file).toString();
	}

	private InputStream open(final String file) throws IOException {
		if (folder != null) return Files.newInputStream(folder.resolve(file));
		final InputStream in = StoredModel.class.getResourceAsStream("/" + resource + "/" + file);
		if (in == null) throw new IOException("it is missing");
		return in;
	}
}
