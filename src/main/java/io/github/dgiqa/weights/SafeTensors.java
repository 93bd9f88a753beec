package io.github.dgiqa.weights;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;

import java.io.IOException;
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
	/** Far more than any network's takes. The format allows 100 MB, of which many times as much memory could be made. */
	private static final long HEADER_LIMIT = 1 << 24;

	private SafeTensors() {}

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
		final long dataStart = LENGTH_BYTES + headerLength;
		final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
		for (final Map.Entry<String, JsonElement> entry : header(source, headerLength).entrySet()) {
			if (entry.getKey().equals("__metadata__")) continue;
			tensors.put(entry.getKey(), tensor(source, entry.getKey(), entry.getValue(), dataStart));
		}
		return tensors;
	}

	private static JsonObject header(final Source source, final long length) throws IOException {
		final String text = StandardCharsets.UTF_8.decode(source.bytes().view(LENGTH_BYTES, length)).toString();
		try {
			return JsonParser.parseString(text).getAsJsonObject();
		}
		catch (JsonParseException | IllegalStateException e) {
			throw source.bad("its header is not a JSON object");
		}
	}

	private static StoredTensor tensor(final Source source, final String key, final JsonElement entry, final long dataStart) {
		final String name = Source.shown(key);
		final String dtype;
		final long[] shape;
		final long from;
		final long to;
		try {
			final JsonObject object = entry.getAsJsonObject();
			dtype = object.getAsJsonPrimitive("dtype").getAsString();
			shape = wholes(object.getAsJsonArray("shape"));
			final long[] offsets = wholes(object.getAsJsonArray("data_offsets"));
			from = offsets[0];
			to = offsets[1];
		}
		catch (final RuntimeException e) { // what is missing or of another kind fails in many ways
			throw source.bad("the entry of tensor " + name + " is not one of dtype, shape and data_offsets");
		}
		final ElementType type = ElementType.named(dtype).orElseThrow(() -> source.bad("tensor " + name + " has the type " + Source.shown(dtype) + ", which is not supported"));
		final long data = source.bytes().size() - dataStart;
		if (from < 0 || to < from || to > data) throw source.bad("it is cut off or damaged: tensor " + name + " has the bytes " + from + " to " + to + " of " + data);
		final long elements = StoredTensor.elements(shape);
		if (elements < 0 || (to - from) % type.bytes() != 0 || (to - from) / type.bytes() != elements)
			throw source.bad("tensor " + name + " (" + type + ", shape " + Source.shown(Arrays.toString(shape)) + ") does not fit its " + (to - from) + " bytes");
		return new StoredTensor(source, key, new Values.Plain(source.bytes(), dataStart + from, to - from), type, 0, shape, StoredTensor.strides(shape));
	}

	private static long[] wholes(final JsonArray numbers) {
		return numbers.asList().stream().mapToLong(number -> Long.parseLong(((JsonPrimitive) number).getAsString())).toArray();
	}
}
