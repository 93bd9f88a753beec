package io.github.dgiqa.weights;

import com.google.gson.stream.JsonReader;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reader of {@code .safetensors}: 8 bytes with the header's length, a JSON header (name: dtype, shape, offsets), then
 * the tensors' little-endian values.
 */
final class SafeTensors {

	private static final long LENGTH_BYTES = 8;
	/** Far more than any network's takes; the format allows 100 MB. */
	static final long HEADER_LIMIT = 1 << 24;
	/** What is no tensor in a header: texts about the file. */
	static final String METADATA = "__metadata__";
	private static final int USUAL_AXES = 4;

	private final Source source;
	private final long dataStart;

	/**
	 * What the header says of a tensor.
	 *
	 * @param offsets where its bytes begin and end
	 */
	private record Entry(String dtype, long[] shape, long[] offsets) {}

	private SafeTensors(final Source source, final long dataStart) {
		this.source = source;
		this.dataStart = dataStart;
	}

	/**
	 * Lists the tensors.
	 *
	 * @throws WeightsException where the file is not what its format says
	 */
	static Map<String, StoredTensor> read(final Bytes file) throws IOException {
		final Source source = new Source(file, ".safetensors file");
		if (file.size() < LENGTH_BYTES) throw source.bad("it has only " + file.size() + " bytes");
		final long headerLength = file.view(0, LENGTH_BYTES).getLong(0);
		if (headerLength < 2 || headerLength > HEADER_LIMIT || headerLength > file.size() - LENGTH_BYTES)
			throw source.bad("its header would have " + Long.toUnsignedString(headerLength) + " bytes, the file has " + file.size());
		final SafeTensors reader = new SafeTensors(source, LENGTH_BYTES + headerLength);
		final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
		reader.header(StandardCharsets.UTF_8.decode(file.view(LENGTH_BYTES, headerLength)).toString()).forEach((key, entry) -> tensors.put(key, reader.tensor(key, entry)));
		return tensors;
	}

	/** Reads what a header must have and no more: a tree of anything would take many times the header's memory. */
	private Map<String, Entry> header(final String text) {
		final Map<String, Entry> entries = new LinkedHashMap<>();
		try (JsonReader json = new JsonReader(new StringReader(text))) {
			json.beginObject();
			while (json.hasNext()) {
				final String key = json.nextName();
				if (key.equals(METADATA)) skipMetadata(json);
				else if (entries.put(key, entry(json)) != null) throw new IllegalStateException("twice the same key");
			}
			json.endObject();
		}
		catch (IOException | IllegalStateException | NumberFormatException e) {
			throw source.bad("its header is not a list of tensors with dtype, shape and data_offsets, in JSON");
		}
		return entries;
	}

	private static void skipMetadata(final JsonReader json) throws IOException {
		json.beginObject();
		while (json.hasNext()) {
			json.nextName();
			json.nextString();
		}
		json.endObject();
	}

	private static Entry entry(final JsonReader json) throws IOException {
		String dtype = null;
		long[] shape = null;
		long[] offsets = null;
		json.beginObject();
		while (json.hasNext()) {
			final String name = json.nextName();
			switch (name) {
				case "dtype" -> dtype = json.nextString();
				case "shape" -> shape = wholes(json);
				case "data_offsets" -> offsets = wholes(json);
				default -> throw new IllegalStateException(name);
			}
		}
		json.endObject();
		if (dtype == null || shape == null || offsets == null || offsets.length != 2) throw new IllegalStateException("something is missing");
		return new Entry(dtype, shape, offsets);
	}

	private static long[] wholes(final JsonReader json) throws IOException {
		long[] wholes = new long[USUAL_AXES];
		int count = 0;
		json.beginArray();
		while (json.hasNext()) {
			if (count == wholes.length) wholes = Arrays.copyOf(wholes, 2 * count);
			wholes[count++] = Long.parseLong(json.nextString());
		}
		json.endArray();
		return Arrays.copyOf(wholes, count);
	}

	private StoredTensor tensor(final String key, final Entry entry) {
		final ElementType type = ElementType.named(entry.dtype())
			.orElseThrow(() -> source.bad("tensor " + Source.shown(key) + " has the type " + Source.shown(entry.dtype()) + ", which is not supported", "open it in PyTorch, convert its tensors to float32 and save its state_dict() alone"));
		final long from = entry.offsets()[0];
		final long to = entry.offsets()[1];
		final long data = source.bytes().size() - dataStart;
		if (from < 0 || to < from || to > data) throw source.bad("it is cut off or damaged: tensor " + Source.shown(key) + " has the bytes " + from + " to " + to + " of " + data);
		final long[] shape = entry.shape();
		final long elements = StoredTensor.elements(shape);
		if (elements < 0 || (to - from) % type.bytes() != 0 || (to - from) / type.bytes() != elements)
			throw source.bad("tensor " + Source.shown(key) + " (" + type + ", shape " + Source.shown(Arrays.toString(shape)) + ") does not fit its " + (to - from) + " bytes");
		return new StoredTensor(source, key, new Values.Plain(source.bytes(), dataStart + from, to - from), type, 0, shape, StoredTensor.strides(shape));
	}
}
