package io.github.dgiqa.weights;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reader of {@code .safetensors}: 8 bytes with the header's length, a JSON header (name: dtype, shape, offsets), then
 * the tensors' little-endian values.
 */
final class SafeTensors {

	private static final long LENGTH_BYTES = 8;
	/** The format's own limit for the header. */
	private static final long HEADER_LIMIT = 100_000_000;

	private static final Map<String, DataType> TYPES = Map.of("F16", DataType.FLOAT16, "F32", DataType.FLOAT32, "F64", DataType.FLOAT64);

	private SafeTensors() {}

	/**
	 * Lists the tensors.
	 *
	 * @throws WeightsException where the file is not what its format says
	 */
	static Map<String, StoredTensor> read(final Bytes file) throws IOException {
		if (file.size() < LENGTH_BYTES) throw bad(file, "it has only " + file.size() + " bytes");
		final long headerLength = file.view(0, LENGTH_BYTES).getLong(0);
		if (headerLength < 2 || headerLength > HEADER_LIMIT || headerLength > file.size() - LENGTH_BYTES)
			throw bad(file, "its header would have " + Long.toUnsignedString(headerLength) + " bytes, the file has " + file.size());
		final long dataStart = LENGTH_BYTES + headerLength;
		final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
		for (final Map.Entry<String, JsonElement> entry : header(file, headerLength).entrySet()) {
			if (entry.getKey().equals("__metadata__")) continue;
			tensors.put(entry.getKey(), tensor(file, entry.getKey(), entry.getValue(), dataStart));
		}
		return tensors;
	}

	private static JsonObject header(final Bytes file, final long length) throws IOException {
		final String text = StandardCharsets.UTF_8.decode(file.view(LENGTH_BYTES, length)).toString();
		try {
			return JsonParser.parseString(text).getAsJsonObject();
		}
		catch (JsonParseException | IllegalStateException e) {
			throw bad(file, "its header is not a JSON object");
		}
	}

	private static StoredTensor tensor(final Bytes file, final String key, final JsonElement entry, final long dataStart) {
		final String dtype;
		final long[] shape;
		final long from;
		final long to;
		try {
			final JsonObject object = entry.getAsJsonObject();
			dtype = object.get("dtype").getAsString();
			shape = longs(object.getAsJsonArray("shape"));
			final long[] offsets = longs(object.getAsJsonArray("data_offsets"));
			from = offsets[0];
			to = offsets[1];
		}
		catch (RuntimeException e) {
			throw bad(file, "the entry of tensor " + key + " is not one of dtype, shape and data_offsets");
		}
		final DataType type = TYPES.get(dtype);
		if (type == null) throw bad(file, "tensor " + key + " has the type " + dtype + ", which is not supported");
		final long elements = elements(shape);
		if (elements < 0 || from < 0 || to < from || to > file.size() - dataStart || to - from != elements * type.getNumOfBytes())
			throw bad(file, "tensor " + key + " (" + dtype + ", " + new Shape(shape) + ") does not fit its place, bytes " + from + " to " + to + " of " + (file.size() - dataStart));
		return new StoredTensor(file, dataStart + from, type, new Shape(shape));
	}

	private static long[] longs(final JsonArray array) {
		return array.asList().stream().mapToLong(JsonElement::getAsLong).toArray();
	}

	/** The number of elements, or -1 where it is negative or beyond what a tensor here can have. */
	private static long elements(final long[] shape) {
		long product = 1;
		for (final long side : shape) {
			if (side < 0 || side > Integer.MAX_VALUE) return -1;
			product *= side;
			if (product > Integer.MAX_VALUE) return -1;
		}
		return product;
	}

	private static WeightsException bad(final Bytes file, final String reason) {
		return new WeightsException(file.name() + " is not a usable .safetensors file: " + reason + "; fetch it again.");
	}
}
