package io.github.dgiqa.weights;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reader of what {@code torch.save} writes: a zip of one folder with {@code data.pkl}, a pickle that describes the
 * tensors, and {@code data/KEY}, the storages' bytes.
 */
final class TorchZip {

	private static final String PICKLE = "/data.pkl";

	private final Source source;
	private final Map<String, ZipArchiveEntry> entries;
	private final String folder;
	/** One for all tensors in it. */
	private final Map<String, Values> storages = new HashMap<>();

	private TorchZip(final Source source, final Map<String, ZipArchiveEntry> entries) {
		this.source = source;
		this.entries = entries;
		folder = entries.keySet().stream().filter(name -> name.endsWith(PICKLE)).findFirst().map(name -> name.substring(0, name.length() - PICKLE.length() + 1))
			.orElseThrow(() -> Unrecognised.zip(source.bytes(), entries.keySet()));
	}

	/**
	 * Lists the tensors.
	 *
	 * @throws WeightsException where the file is not what its format says
	 */
	static Map<String, StoredTensor> read(final Bytes file) throws IOException {
		final Source source = new Source(file, "PyTorch file");
		return new TorchZip(source, entries(source)).tensors();
	}

	private static Map<String, ZipArchiveEntry> entries(final Source source) {
		final Map<String, ZipArchiveEntry> entries = new LinkedHashMap<>();
		try (ZipFile zip = ZipFile.builder().setSeekableByteChannel(source.bytes().channel()).get()) {
			for (final ZipArchiveEntry entry : Collections.list(zip.getEntries()))
				entries.putIfAbsent(entry.getName(), entry);
		}
		catch (IOException | RuntimeException e) { // damaged zips fail in many ways
			throw source.bad("it is cut off or damaged, for the table of contents at its end cannot be read");
		}
		return entries;
	}

	private Map<String, StoredTensor> tensors() throws IOException {
		// TorchScript has a data.pkl too, with the program's objects
		if (entries.containsKey(folder + "constants.pkl")) throw Unrecognised.torchScript(source.bytes());
		if (entries.containsKey(folder + "byteorder") && !text("byteorder").equals("little"))
			throw source.bad("it was written on a machine with another byte order (" + Source.shown(text("byteorder")) + "), which is not supported");
		final Map<String, Object> tensors = Keys.unwrap(source, Pickle.read(source, record("data.pkl"), new HashMap<>()));
		final Map<String, StoredTensor> stored = new LinkedHashMap<>();
		for (final Map.Entry<String, Object> entry : tensors.entrySet())
			if (entry.getValue() instanceof Pickle.View) stored.put(entry.getKey(), tensor(entry.getKey(), (Pickle.View) entry.getValue()));
		return stored;
	}

	private StoredTensor tensor(final String key, final Pickle.View view) {
		final Pickle.Storage storage = view.storage();
		Values values = storages.get(storage.key());
		if (values == null) {
			values = values("data/" + storage.key());
			storages.put(storage.key(), values);
		}
		if (storage.elements() < 0 || storage.elements() > values.size() / storage.type().bytes())
			throw source.bad("its storage " + Source.shown(storage.key()) + " should have " + storage.elements() + " elements of " + storage.type() + " and has " + values.size() + " bytes");
		return new StoredTensor(source, key, values, storage.type(), view.offset(), view.shape(), view.strides());
	}

	private String text(final String name) throws IOException {
		return StandardCharsets.UTF_8.decode(record(name)).toString().strip();
	}

	private ByteBuffer record(final String name) throws IOException {
		final Values values = values(name);
		if (values.size() > Pickle.MOST_BYTES) throw source.bad("its entry " + name + " has " + values.size() + " bytes");
		final ByteBuffer record = ByteBuffer.allocate((int) values.size()).order(ByteOrder.LITTLE_ENDIAN);
		values.read(0, record);
		return record.flip();
	}

	private Values values(final String name) {
		final ZipArchiveEntry entry = entries.get(folder + name);
		final String shown = Source.shown(name);
		if (entry == null) throw source.bad("its entry " + shown + " is missing");
		if (entry.getGeneralPurposeBit().usesEncryption()) throw source.bad("its entry " + shown + " is encrypted");
		final long start = entry.getDataOffset();
		final long packed = entry.getCompressedSize();
		final long size = entry.getSize();
		if (start < 0 || packed < 0 || size < 0 || start > source.bytes().size() - packed) throw source.bad("its entry " + shown + " is not within the file");
		if (entry.getMethod() == ZipArchiveEntry.DEFLATED) return new Deflated(source, start, packed, size);
		if (entry.getMethod() != ZipArchiveEntry.STORED) throw source.bad("its entry " + shown + " is compressed in a way that is not supported (" + entry.getMethod() + ")");
		if (size != packed) throw source.bad("its entry " + shown + " has two lengths, " + size + " and " + packed + " bytes");
		return new Values.Plain(source.bytes(), start, size);
	}
}
