package io.github.dgiqa.weights;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The keys of tensors in files, and what the networks here call them. */
final class Keys {

	/** Under which a training program keeps a network's tensors among other things. */
	private static final List<String> WRAPPERS = List.of("state_dict", "model", "params", "net");
	private static final int MOST_WRAPPERS = 16;
	/** Before each key, where the network was trained on several GPUs. */
	private static final String PARALLEL = "module.";
	/** Older names of a network's parts, the first part of the key. */
	private static final Map<String, String> ALIASES = Map.of(
		"tsb1", "tcb1", "tsb2", "tcb2", "tsb3", "tcb3", "tsb4", "tcb4",
		"tsb1_depth", "tcb1_depth", "tsb2_depth", "tcb2_depth", "tsb3_depth", "tcb3_depth", "tsb4_depth", "tcb4_depth",
		"cross_spatialattention", "depth_guided_cross_attention", "spatialattention", "refinement_attention");
	/** The last parts of buffers that no network needs: statistics of training, and what follows from the sizes. */
	private static final Set<String> UNUSED = Set.of("num_batches_tracked", "attn_mask", "relative_position_index");
	private static final int NAMED_AT_MOST = 5;

	private Keys() {}

	/**
	 * The dictionary with a network's tensors.
	 *
	 * @param root what a file holds
	 * @throws WeightsException where that is no dictionary with tensors
	 */
	static Map<String, Object> unwrap(final Source source, final Object root) {
		if (!(root instanceof Pickle.Dict)) throw source.bad("it holds " + (root instanceof Pickle.View ? "one tensor without a name" : "no dictionary of tensors"));
		final Pickle.Dict dict = (Pickle.Dict) root;
		return find(dict, Collections.newSetFromMap(new IdentityHashMap<>()))
			.orElseThrow(() -> source.bad("it holds no tensors, only " + (dict.isEmpty() ? "an empty dictionary" : Source.shown(String.join(", ", dict.keySet().stream().limit(NAMED_AT_MOST).toList())))));
	}

	/** @param seen the dictionaries around, since one can be in itself */
	private static Optional<Pickle.Dict> find(final Pickle.Dict dict, final Set<Pickle.Dict> seen) {
		if (!seen.add(dict) || seen.size() > MOST_WRAPPERS) return Optional.empty();
		for (final String wrapper : WRAPPERS) {
			final Optional<Pickle.Dict> inner = dict.get(wrapper) instanceof Pickle.Dict ? find((Pickle.Dict) dict.get(wrapper), seen) : Optional.empty();
			if (inner.isPresent()) return inner;
		}
		return dict.values().stream().anyMatch(Pickle.View.class::isInstance) ? Optional.of(dict) : Optional.empty();
	}

	/**
	 * The tensors that networks need, under the keys that they have there.
	 *
	 * @throws WeightsException where two become the same
	 */
	static Map<String, StoredTensor> current(final Bytes file, final Map<String, StoredTensor> stored) {
		final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
		final Map<String, String> origins = new LinkedHashMap<>();
		for (final Map.Entry<String, StoredTensor> entry : stored.entrySet()) {
			final String key = entry.getKey();
			if (UNUSED.contains(key.substring(key.lastIndexOf('.') + 1))) continue;
			final String current = current(key);
			final String other = origins.putIfAbsent(current, key);
			if (other != null)
				throw new WeightsException(file.name() + " has two tensors for " + Source.shown(current) + ": " + Source.shown(other) + " and " + Source.shown(key) + "; save the weights again with one of them.");
			tensors.put(current, entry.getValue());
		}
		return tensors;
	}

	private static String current(final String key) {
		int start = 0;
		while (key.startsWith(PARALLEL, start))
			start += PARALLEL.length();
		final String rest = key.substring(start);
		final int dot = rest.indexOf('.');
		return dot < 0 ? rest : ALIASES.getOrDefault(rest.substring(0, dot), rest.substring(0, dot)) + rest.substring(dot);
	}
}
