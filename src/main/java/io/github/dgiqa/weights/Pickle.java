package io.github.dgiqa.weights;

import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reader of the pickles in PyTorch's files. It makes numbers, texts, lists, {@link Dict}s and {@link View}s, and knows
 * by name only what those need: anything else that a pickle names is refused before anything is made of that pickle.
 */
final class Pickle extends Unpickler {

	/** Far more than the list of any network's tensors takes. */
	static final int MOST_BYTES = 1 << 24;

	/** All that a pickle may name. */
	private static final Map<String, IObjectConstructor> GLOBALS = globals();

	/**
	 * A storage, as a pickle refers to it.
	 *
	 * @param key its name in the file
	 * @param elements how many elements it has
	 */
	record Storage(ElementType type, String key, long elements) {}

	/** A tensor, as a pickle describes it; offset and strides count elements. */
	record View(Storage storage, long offset, long[] shape, long[] strides) {}

	/** A dictionary. What is not under a text can be no tensor of a network, and is left out. */
	static final class Dict extends LinkedHashMap<String, Object> {

		private static final long serialVersionUID = 1L;

		private void set(final Object key, final Object value) {
			if (key instanceof String) put((String) key, value);
		}
	}

	/** A name that stands for a type and cannot be called. */
	private record TypeName(ElementType type) implements IObjectConstructor {

		@Override
		public Object construct(final Object[] args) {
			throw new PickleException("a type is called");
		}
	}

	private final Map<String, Storage> storages;

	private Pickle(final Map<String, Storage> storages) {
		this.storages = storages;
	}

	/**
	 * Reads the pickle at the buffer's position, which is behind it then.
	 *
	 * @param storages takes the storages that the pickle refers to, by their keys
	 * @throws WeightsException where the pickle is damaged, or would do more than make tensors and containers
	 */
	static Object read(final Source source, final ByteBuffer pickles, final Map<String, Storage> storages) {
		final int start = pickles.position();
		PickleScan.skip(source, pickles);
		final byte[] pickle = new byte[pickles.position() - start];
		pickles.get(start, pickle);
		try {
			return new Pickle(storages).loads(pickle);
		}
		catch (IOException | RuntimeException e) { // an instruction found something else than it needs: there are many ways
			throw source.bad("its list of tensors is damaged");
		}
	}

	/** Whether a pickle may have this name in it. */
	static boolean knows(final String name) {
		return GLOBALS.containsKey(name);
	}

	private static Map<String, IObjectConstructor> globals() {
		final Map<String, IObjectConstructor> globals = new HashMap<>();
		globals.put("collections.OrderedDict", Pickle::dict);
		globals.put("torch._utils._rebuild_tensor", Pickle::view);
		globals.put("torch._utils._rebuild_tensor_v2", Pickle::view);
		globals.put("torch._utils._rebuild_parameter", args -> args[0]);
		globals.put("torch.Size", args -> args[0]);
		for (final ElementType type : ElementType.values()) {
			globals.put("torch." + type.storageName(), new TypeName(type));
			globals.put("torch." + type.torchName(), new TypeName(type));
		}
		return Map.copyOf(globals);
	}

	/** @param args none, or, as Python 2 has it, a list of keys with their values */
	private static Object dict(final Object[] args) {
		final Dict dict = new Dict();
		if (args.length == 0) return dict;
		for (final Object entry : (List<?>) args[0]) {
			final List<?> pair = (List<?>) entry;
			dict.set(pair.get(0), pair.get(1));
		}
		return dict;
	}

	/** @param args storage, offset, shape, strides; what comes behind is about gradients */
	private static Object view(final Object[] args) {
		return new View((Storage) args[0], whole(args[1]), wholes(args[2]), wholes(args[3]));
	}

	private static long whole(final Object number) {
		if (number instanceof Integer || number instanceof Long) return ((Number) number).longValue();
		throw new PickleException("no number of elements");
	}

	private static long[] wholes(final Object numbers) {
		final Object[] array = (Object[]) numbers;
		final long[] wholes = new long[array.length];
		for (int i = 0; i < array.length; i++)
			wholes[i] = whole(array[i]);
		return wholes;
	}

	@Override
	protected Object dispatch(final short instruction) throws IOException {
		// What would look up names, call methods, lose the order of entries or take more time than there are entries
		switch (instruction) {
			case Opcodes.GLOBAL:
				stack.add(global(PickleUtils.readline(input), PickleUtils.readline(input)));
				break;
			case Opcodes.STACK_GLOBAL:
				final Object name = stack.pop();
				stack.add(global((String) stack.pop(), (String) name));
				break;
			case Opcodes.BUILD:
				stack.pop(); // what PyTorch keeps beside a dictionary's entries
				if (!(stack.peek() instanceof Dict)) throw new PickleException("state for something that has none");
				break;
			case Opcodes.EMPTY_DICT:
				stack.add(new Dict());
				break;
			case Opcodes.SETITEM:
				final Object value = stack.pop();
				final Object key = stack.pop();
				((Dict) stack.peek()).set(key, value);
				break;
			case Opcodes.SETITEMS:
				final List<Object> entries = stack.pop_all_since_marker();
				for (int i = 0; i < entries.size(); i += 2)
					((Dict) stack.peek()).set(entries.get(i), entries.get(i + 1));
				break;
			case Opcodes.APPENDS:
				final List<Object> items = stack.pop_all_since_marker();
				((ArrayList<Object>) list(stack.peek())).addAll(items);
				break;
			default:
				return super.dispatch(instruction);
		}
		return NO_RETURN_VALUE;
	}

	@SuppressWarnings("unchecked")
	private static List<Object> list(final Object object) {
		return (List<Object>) object;
	}

	private static IObjectConstructor global(final String module, final String name) {
		final IObjectConstructor known = GLOBALS.get(module + "." + name);
		if (known == null) throw new PickleException("an unknown name");
		return known;
	}

	/** @param id "storage", its type, its key, the device it was on, its number of elements; in legacy files also which part of it, if not all */
	@Override
	protected Object persistentLoad(final Object id) {
		final Object[] parts = (Object[]) id;
		if (!parts[0].equals("storage") || parts.length > 5 && parts[5] != null) throw new PickleException("a reference that is none to a storage");
		final Storage storage = new Storage(((TypeName) parts[1]).type(), (String) parts[2], whole(parts[4]));
		storages.putIfAbsent(storage.key(), storage);
		return storage;
	}
}
