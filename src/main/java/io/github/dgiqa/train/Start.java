package io.github.dgiqa.train;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.model.ModelException;
import io.github.dgiqa.model.StoredModel;
import io.github.dgiqa.network.Layer;
import io.github.dgiqa.weights.Bytes;
import io.github.dgiqa.weights.StoredTensor;
import io.github.dgiqa.weights.WeightFile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The weights that a training begins with; those that are not here begin by chance. Close it once they are taken. */
final class Start implements AutoCloseable {

	private static final List<String> BACKBONES = List.of("backbone.", "depth_backbone.", "encoder.");

	private final Map<String, StoredTensor> tensors = new HashMap<>();
	private Bytes bytes;

	private Start() {}

	/** Nothing. */
	static Start scratch() {
		return new Start();
	}

	/** All weights of a model, its own or those of a user's file. */
	static Start of(final StoredModel model) {
		final Start start = new Start();
		try {
			start.bytes = model.openWeights();
			start.tensors.putAll(model.fittingWeights(start.bytes));
		}
		catch (final IOException e) {
			start.close();
			throw new ModelException("The weights of " + model.name() + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
		catch (final DgiqaException e) {
			start.close();
			throw e;
		}
		return start;
	}

	/**
	 * A backbone's weights, for each of the network's backbones that they fit; other tensors of the file are passed over.
	 *
	 * @throws ModelException where they fit none
	 */
	static Start ofBackbone(final Layer network, final Path file) {
		final Start start = new Start();
		try {
			start.bytes = Bytes.of(file);
			final Map<String, StoredTensor> stored = WeightFile.tensors(start.bytes);
			for (final String prefix : BACKBONES)
				start.take(network, prefix, stored);
		}
		catch (final IOException e) {
			start.close();
			throw new ModelException("The weights " + file + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
		catch (final DgiqaException e) {
			start.close();
			throw e;
		}
		if (start.tensors.isEmpty()) {
			start.close();
			throw new ModelException("The weights in " + file + " fit no backbone of this network: a file with all tensors of one, of the same shapes, was expected; choose another.");
		}
		return start;
	}

	private void take(final Layer network, final String prefix, final Map<String, StoredTensor> stored) {
		final List<Layer.Named> part = network.namedParameters().stream().filter(named -> named.path().startsWith(prefix)).toList();
		for (final Layer.Named named : part) {
			final StoredTensor tensor = stored.get(named.path().substring(prefix.length()));
			if (tensor == null || !tensor.shape().equals(named.shape())) return;
		}
		part.forEach(named -> tensors.put(named.path(), stored.get(named.path().substring(prefix.length()))));
	}

	/** By their paths in the network. */
	Map<String, StoredTensor> tensors() {
		return tensors;
	}

	@Override
	public void close() {
		if (bytes != null) bytes.close();
	}
}
