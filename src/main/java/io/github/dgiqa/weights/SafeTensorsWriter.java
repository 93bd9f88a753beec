package io.github.dgiqa.weights;

import com.google.gson.stream.JsonWriter;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writer of {@code .safetensors}. Tensors keep the type of their elements, and are in row-major order in the file: those
 * with the largest elements first, so that all lie at multiples of their elements' size, and else sorted by their keys.
 * The same tensors make the same file. It takes little memory, however large they are.
 */
public final class SafeTensorsWriter {

	private static final int CHUNK = 1 << 20;

	/**
	 * What was written.
	 *
	 * @param bytes of the file
	 * @param sha256 of the file, 64 lower-case hex digits
	 */
	public record Written(long bytes, String sha256) {}

	private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
	private final Runnable between;
	private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);

	private SafeTensorsWriter(final Map<String, StoredTensor> tensors, final Runnable between) {
		final Comparator<Map.Entry<String, StoredTensor>> largestFirst = Comparator.comparing(entry -> -entry.getValue().type().bytes());
		tensors.entrySet().stream().sorted(largestFirst.thenComparing(Map.Entry.comparingByKey())).forEach(entry -> this.tensors.put(entry.getKey(), entry.getValue()));
		this.between = between;
	}

	/**
	 * Writes a new file. Where that ends with an exception, there is none.
	 *
	 * @param file where there is none yet
	 * @param tensors by their keys; their files must be open
	 * @param metadata texts about them, by their names; may be empty
	 * @param between is called before each piece of at most 1 MB; what it throws ends the writing
	 * @throws java.nio.file.FileAlreadyExistsException where the file is there
	 * @throws WeightsException where a tensor is damaged, has more than 2 GB or is called {@code __metadata__}, or where
	 *         keys and metadata take more than 16 MB
	 */
	public static Written write(final Path file, final Map<String, StoredTensor> tensors, final Map<String, String> metadata, final Runnable between) throws IOException {
		return new SafeTensorsWriter(tensors, between).write(file, metadata);
	}

	private Written write(final Path file, final Map<String, String> metadata) throws IOException {
		final byte[] header = header(metadata);
		if (header.length > SafeTensors.HEADER_LIMIT)
			throw new WeightsException(file + " was not written: the list of its tensors and the texts about them would take " + header.length + " bytes, and " + SafeTensors.HEADER_LIMIT + " can be read again; take other weights, or shorter texts.");
		final MessageDigest digest = Bytes.sha256Digest();
		boolean whole = false;
		final OutputStream created = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
		try (OutputStream out = new DigestOutputStream(created, digest)) {
			out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
			out.write(header);
			for (final StoredTensor tensor : tensors.values())
				write(tensor, out);
			whole = true;
		}
		finally {
			if (!whole) Files.deleteIfExists(file);
		}
		return new Written(Files.size(file), HexFormat.of().formatHex(digest.digest()));
	}

	private byte[] header(final Map<String, String> metadata) throws IOException {
		final StringWriter text = new StringWriter();
		try (JsonWriter json = new JsonWriter(text)) {
			json.beginObject();
			if (!metadata.isEmpty()) {
				json.name(SafeTensors.METADATA).beginObject();
				for (final Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet())
					json.name(entry.getKey()).value(entry.getValue());
				json.endObject();
			}
			long at = 0;
			for (final Map.Entry<String, StoredTensor> entry : tensors.entrySet())
				at = describe(entry.getKey(), entry.getValue(), at, json);
			json.endObject();
		}
		final int length = text.toString().getBytes(StandardCharsets.UTF_8).length;
		return (text + " ".repeat(Math.floorMod(-length, Long.BYTES))).getBytes(StandardCharsets.UTF_8);
	}

	/** @return where the tensor ends */
	private static long describe(final String key, final StoredTensor tensor, final long at, final JsonWriter json) throws IOException {
		if (key.equals(SafeTensors.METADATA)) throw new WeightsException("A tensor called " + key + " cannot be in a .safetensors file, where that name is for texts about it; take other weights.");
		tensor.rowMajor(); // which refuses those that are too large, before there is a file
		json.name(key).beginObject().name("dtype").value(tensor.type().name()).name("shape").beginArray();
		for (final long side : tensor.shape().getShape())
			json.value(side);
		json.endArray().name("data_offsets").beginArray().value(at).value(at + tensor.bytes()).endArray().endObject();
		return at + tensor.bytes();
	}

	private void write(final StoredTensor tensor, final OutputStream out) throws IOException {
		final StoredTensor.RowMajor elements = tensor.rowMajor();
		for (long at = 0; at < tensor.bytes(); at += CHUNK) {
			between.run();
			elements.read(at, chunk.clear().limit((int) Math.min(CHUNK, tensor.bytes() - at)));
			out.write(chunk.array(), 0, chunk.limit());
		}
	}
}
