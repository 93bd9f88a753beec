package io.github.dgiqa.weights;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
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
		if (!(root instanceof Pickle.Dict)) throw source.unsupported("it holds " + (root instanceof Pickle.View ? "one tensor without a name" : "no dictionary of tensors"));
		final Pickle.Dict dict = (Pickle.Dict) root;
		return find(dict, Collections.newSetFromMap(new IdentityHashMap<>())).orElseThrow(() -> nothing(source, dict));
	}

	/**
	 * The one with the most tensors, for optimizers and settings can have some: of this dictionary and those under the
	 * wrappers' names; of equal ones the one under the first name.
	 *
	 * @param seen the dictionaries around, since one can be in itself
	 */
	private static Optional<Pickle.Dict> find(final Pickle.Dict dict, final Set<Pickle.Dict> seen) {
		if (!seen.add(dict) || seen.size() > MOST_WRAPPERS) return Optional.empty();
		Pickle.Dict best = null;
		long most = 0;
		for (final String wrapper : WRAPPERS) {
			final Optional<Pickle.Dict> inner = dict.get(wrapper) instanceof Pickle.Dict ? find((Pickle.Dict) dict.get(wrapper), seen) : Optional.empty();
			if (inner.isEmpty() || tensors(inner.get()) <= most) continue;
			best = inner.get();
			most = tensors(best);
		}
		return Optional.ofNullable(tensors(dict) > most ? dict : best);
	}

	private static long tensors(final Pickle.Dict dict) {
		return dict.values().stream().filter(Pickle.View.class::isInstance).count();
	}

	/** What a file holds in which no wrapper's name leads to tensors. */
	private static WeightsException nothing(final Source source, final Pickle.Dict root) {
		final List<String> others = new ArrayList<>();
		addOthers(root, "", 1, Collections.newSetFromMap(new IdentityHashMap<>()), others);
		if (!others.isEmpty())
			return source.bad("its tensors are under names that are not looked at (" + named(others) + ")", "open it in PyTorch and save " + (others.size() == 1 ? "that part" : "the network's part") + " alone");
		final List<String> held = new ArrayList<>(root.keySet().stream().limit(NAMED_AT_MOST + 1).map(Source::shown).toList());
		if (root.hasOtherKeys()) held.add(0, "entries whose keys are no texts");
		return source.bad("it holds no dictionary of tensors, only " + (held.isEmpty() ? "an empty dictionary" : named(held)), "take a file with a network's state_dict()");
	}

	/** Adds the names of dictionaries with tensors. */
	private static void addOthers(final Pickle.Dict dict, final String path, final int depth, final Set<Pickle.Dict> seen, final List<String> others) {
		for (final Map.Entry<String, Object> entry : dict.entrySet()) {
			if (!(entry.getValue() instanceof Pickle.Dict) || !seen.add((Pickle.Dict) entry.getValue())) continue;
			final Pickle.Dict inner = (Pickle.Dict) entry.getValue();
			final String name = path + Source.shown(entry.getKey());
			if (tensors(inner) > 0) others.add(name);
			if (others.size() > NAMED_AT_MOST) return;
			if (depth < MOST_WRAPPERS) addOthers(inner, name + "/", depth + 1, seen, others);
		}
	}

	private static String named(final List<String> names) {
		return String.join(", ", names.subList(0, Math.min(NAMED_AT_MOST, names.size()))) + (names.size() > NAMED_AT_MOST ? " and more" : "");
	}

	/**
	 * The tensors that networks need, under the keys that they have there.
	 *
	 * @throws WeightsException where two become the same
	 */
	static Map<String, StoredTensor> current(final Bytes file, final Map<String, StoredTensor> stored) throws IOException {
		final Renamed tensors = new Renamed(file);
		stored.forEach((key, tensor) -> {
			if (!UNUSED.contains(key.substring(key.lastIndexOf('.') + 1))) tensors.put(current(key), key, tensor);
		});
		return HuggingFaceKeys.areIn(tensors.map()) ? HuggingFaceKeys.current(file, tensors.map()) : tensors.map();
	}

	/** Tensors under other keys than a file's, no two of them under the same. */
	static final class Renamed {

		private final Bytes file;
		private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
		private final Map<String, String> origins = new HashMap<>();

		Renamed(final Bytes file) {
			this.file = file;
		}

		/**
		 * @param origin the key in the file
		 * @throws WeightsException where there is one with this key
		 */
		void put(final String key, final String origin, final StoredTensor tensor) {
			final String other = origins.putIfAbsent(key, origin);
			if (other != null)
				throw new WeightsException(file.name() + " has two tensors for " + Source.shown(key) + ": " + Source.shown(other) + " and " + Source.shown(origin) + "; save the weights again with one of them.");
			tensors.put(key, tensor);
		}

		/** The tensors, in the order in which they were put. */
		Map<String, StoredTensor> map() {
			return tensors;
		}
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
