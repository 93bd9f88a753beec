package io.github.dgiqa.model;

import ai.djl.ndarray.types.Shape;

import io.github.dgiqa.network.Layer;
import io.github.dgiqa.weights.StoredTensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the tensors of a file fit a network.
 *
 * @param needed how many tensors the network needs
 * @param missing tensors that the network needs and the file lacks
 * @param wrong tensors of another shape than the network's
 * @param unexpected tensors of the file that the network does not have
 */
record Fit(int needed, List<String> missing, List<String> wrong, List<String> unexpected) {

	private static final int NAMED_AT_MOST = 3;

	static Fit of(final Layer network, final Map<String, StoredTensor> stored) {
		final Map<String, Shape> known = network.stateDict();
		final List<String> missing = new ArrayList<>();
		final List<String> wrong = new ArrayList<>();
		for (final Layer.Named named : network.namedParameters()) {
			final StoredTensor found = stored.get(named.path());
			if (found == null) missing.add(named.path() + " " + named.shape());
			else if (!found.shape().equals(named.shape())) wrong.add(named.path() + " " + found.shape() + " instead of " + named.shape());
		}
		final List<String> unexpected = stored.keySet().stream().filter(key -> !known.containsKey(key)).map(key -> key + " " + stored.get(key).shape()).toList();
		return new Fit(network.namedParameters().size(), missing, wrong, unexpected);
	}

	boolean isExact() {
		return missing.isEmpty() && wrong.isEmpty() && unexpected.isEmpty();
	}

	/** Whether more than half of the network's tensors are in the file. */
	boolean isLikely() {
		return 2 * matches() > needed;
	}

	/** The number of the network's tensors that are in the file. */
	int matches() {
		return needed - missing.size() - wrong.size();
	}

	/** What does not fit: numbers and the first few of each kind. */
	@Override
	public String toString() {
		final List<String> parts = new ArrayList<>();
		if (!missing.isEmpty()) parts.add(missing.size() + (missing.size() == 1 ? " tensor is" : " tensors are") + " missing (" + first(missing) + ")");
		if (!wrong.isEmpty()) parts.add(wrong.size() + (wrong.size() == 1 ? " has" : " have") + " a wrong shape (" + first(wrong) + ")");
		if (!unexpected.isEmpty()) parts.add(unexpected.size() + (unexpected.size() == 1 ? " is" : " are") + " unexpected (" + first(unexpected) + ")");
		return String.join(", ", parts);
	}

	private static String first(final List<String> texts) {
		return String.join("; ", texts.subList(0, Math.min(NAMED_AT_MOST, texts.size()))) + (texts.size() > NAMED_AT_MOST ? "; ..." : "");
	}
}
