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
		return filled("of " + model.name(), start -> {
			start.bytes = model.openWeights();
			start.tensors.putAll(model.fittingWeights(start.bytes));
		});
	}

	/**
	 * A backbone's weights, for each of the network's backbones that they fit; other tensors of the file are passed over.
	 *
	 * @throws ModelException where they fit none
	 */
	static Start ofBackbone(final Layer network, final Path file) {
		return filled(file.toString(), start -> {
			start.bytes = Bytes.of(file);
			final Map<String, StoredTensor> stored = WeightFile.tensors(start.bytes);
			for (final String prefix : BACKBONES)
				start.take(network, prefix, stored);
			if (start.tensors.isEmpty()) throw new ModelException("The weights in " + file + " fit no backbone of this network: a file with all tensors of one, of the same shapes, was expected; choose another.");
		});
	}

	private interface Filling {

		void fill(Start start) throws IOException;
	}

	/** @param what the weights, for messages: those "of" a model, or a file */
	private static Start filled(final String what, final Filling filling) {
		final Start start = new Start();
		boolean whole = false;
		try {
			filling.fill(start);
			whole = true;
			return start;
		}
		catch (final IOException e) {
			throw new ModelException("The weights " + what + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
		finally {
			if (!whole) start.close();
		}
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
