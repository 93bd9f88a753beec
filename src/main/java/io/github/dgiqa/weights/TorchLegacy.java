package io.github.dgiqa.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reader of what {@code torch.save} wrote before it wrote zips: pickles of a magic number, a version, the writer's
 * system, the object and the storages' keys, then each storage's length (8 bytes) and elements.
 */
final class TorchLegacy {

	/** Of all legacy files, as a pickle has it: its instruction (a long of 10 bytes), then the number. */
	static final byte[] MAGIC = {(byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19};
	private static final int VERSION = 1001;

	private final Source source;
	private final ByteBuffer pickles;
	private final Map<String, Pickle.Storage> storages = new HashMap<>();

	private TorchLegacy(final Source source) throws IOException {
		this.source = source;
		pickles = source.bytes().view(0, Math.min(Pickle.MOST_BYTES, source.bytes().size()));
	}

	/**
	 * Lists the tensors.
	 *
	 * @throws WeightsException where the file is not what its format says
	 */
	static Map<String, StoredTensor> read(final Bytes file) throws IOException {
		return new TorchLegacy(new Source(file, "PyTorch file")).tensors();
	}

	private Map<String, StoredTensor> tensors() throws IOException {
		next(); // the magic number
		if (!Integer.valueOf(VERSION).equals(next())) throw source.bad("it has a version that is not known");
		final Object system = next();
		if (!(system instanceof Pickle.Dict)) throw source.bad("it does not say on what system it was written");
		if (Boolean.FALSE.equals(((Pickle.Dict) system).get("little_endian"))) throw source.bad("it was written on a machine with another byte order (big), which is not supported");
		final Map<String, Object> tensors = Keys.unwrap(source, next());
		final Map<String, Values> values = values(next());
		final Map<String, StoredTensor> stored = new LinkedHashMap<>();
		for (final Map.Entry<String, Object> entry : tensors.entrySet())
			if (entry.getValue() instanceof Pickle.View) stored.put(entry.getKey(), tensor(entry.getKey(), (Pickle.View) entry.getValue(), values));
		return stored;
	}

	private StoredTensor tensor(final String key, final Pickle.View view, final Map<String, Values> values) {
		final Pickle.Storage storage = view.storage();
		final String shown = Source.shown(storage.key());
		if (!values.containsKey(storage.key())) throw source.bad("its storage " + shown + " is missing");
		if (!storage.equals(storages.get(storage.key()))) throw source.bad("its storage " + shown + " is described in two ways");
		return new StoredTensor(source, key, values.get(storage.key()), storage.type(), view.offset(), view.shape(), view.strides());
	}

	private Object next() {
		return Pickle.read(source, pickles, storages);
	}

	/** @param keys of the storages, in the order in which they lie behind the pickles */
	private Map<String, Values> values(final Object keys) throws IOException {
		if (!(keys instanceof List)) throw source.bad("it does not say in which order its storages lie");
		final Map<String, Values> values = new HashMap<>();
		long at = pickles.position();
		for (final Object key : (List<?>) keys) {
			final Pickle.Storage storage = key instanceof String ? storages.get(key) : null;
			if (storage == null) throw source.bad("it has a storage that none of its tensors is in");
			final long left = source.bytes().size() - at - Long.BYTES;
			if (left < 0 || storage.elements() < 0 || storage.elements() > left / storage.type().bytes())
				throw source.bad("it is cut off: its storage " + Source.shown(storage.key()) + " of " + storage.elements() + " elements of " + storage.type() + " is not within the file");
			final long elements = source.bytes().view(at, Long.BYTES).getLong();
			if (elements != storage.elements()) throw source.bad("its storage " + Source.shown(storage.key()) + " should have " + storage.elements() + " elements and has " + elements);
			final long size = elements * storage.type().bytes();
			values.put(storage.key(), new Values.Plain(source.bytes(), at + Long.BYTES, size));
			at += Long.BYTES + size;
		}
		return values;
	}
}
