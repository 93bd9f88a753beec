package io.github.dgiqa.weights;

import ai.djl.ndarray.types.Shape;

import io.github.dgiqa.bench.ClosedForm.Elements;

import net.razorvine.pickle.Opcodes;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;

/** Writes a network's tensors as PyTorch would, one element after the other, so that no file is too large. */
public final class WeightWriter {

	/** The forms of weight files. */
	public enum Form {
		SAFETENSORS, ZIP, LEGACY
	}

	/** PyTorch's alignment of storages in a zip. */
	private static final int ALIGNMENT = 64;
	private static final int CHUNK = 1 << 16;

	private final Map<String, Shape> shapes;
	private final Function<String, Elements> elements;
	private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);

	private WeightWriter(final Map<String, Shape> shapes, final Function<String, Elements> elements) {
		this.shapes = shapes;
		this.elements = elements;
	}

	/**
	 * Writes float32 tensors, {@code num_batches_tracked} as int64.
	 *
	 * @param elements gives the elements of the tensor with a key
	 */
	public static void write(final Map<String, Shape> shapes, final Function<String, Elements> elements, final Path file, final Form form) throws IOException {
		final WeightWriter writer = new WeightWriter(shapes, elements);
		switch (form) {
			case SAFETENSORS -> writer.safetensors(file);
			case ZIP -> writer.zip(file);
			case LEGACY -> writer.legacy(file);
		}
	}

	private static ElementType type(final String key) {
		return key.endsWith("num_batches_tracked") ? ElementType.I64 : ElementType.F32;
	}

	private static ByteBuffer int64(final long number) {
		return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, number);
	}

	private void safetensors(final Path file) throws IOException {
		final StringJoiner header = new StringJoiner(",", "{", "}");
		long at = 0;
		for (final Map.Entry<String, Shape> entry : shapes.entrySet()) {
			final ElementType type = type(entry.getKey());
			final long end = at + entry.getValue().size() * type.bytes();
			final StringJoiner shape = new StringJoiner(",");
			for (final long side : entry.getValue().getShape())
				shape.add(Long.toString(side));
			header.add("\"" + entry.getKey() + "\":{\"dtype\":\"" + type + "\",\"shape\":[" + shape + "],\"data_offsets\":[" + at + "," + end + "]}");
			at = end;
		}
		final String padded = header + " ".repeat(Math.floorMod(-header.length(), Long.BYTES));
		try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), CHUNK)) {
			out.write(int64(padded.length()).array());
			out.write(padded.getBytes(StandardCharsets.UTF_8));
			for (final String key : shapes.keySet())
				values(key, out);
		}
	}

	private void zip(final Path file) throws IOException {
		try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(file)) {
			entry(zip, "data.pkl", stateDict(false));
			entry(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
			int storage = 0;
			for (final String key : shapes.keySet()) {
				zip.putArchiveEntry(stored("data/" + storage++, shapes.get(key).size() * type(key).bytes()));
				values(key, zip);
				zip.closeArchiveEntry();
			}
			entry(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
		}
	}

	private static ZipArchiveEntry stored(final String name, final long size) {
		final ZipArchiveEntry entry = new ZipArchiveEntry("archive/" + name);
		entry.setMethod(ZipArchiveEntry.STORED);
		entry.setSize(size);
		entry.setAlignment(ALIGNMENT);
		return entry;
	}

	private static void entry(final ZipArchiveOutputStream zip, final String name, final byte[] bytes) throws IOException {
		zip.putArchiveEntry(stored(name, bytes.length));
		zip.write(bytes);
		zip.closeArchiveEntry();
	}

	private void legacy(final Path file) throws IOException {
		try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), CHUNK)) {
			out.write(PickleBytes.legacyStart(true));
			out.write(stateDict(true));
			final PickleBytes keys = new PickleBytes().op(Opcodes.EMPTY_LIST, Opcodes.MARK);
			for (int storage = 0; storage < shapes.size(); storage++)
				keys.text(Integer.toString(storage));
			out.write(keys.op(Opcodes.APPENDS).stop());
			for (final String key : shapes.keySet()) {
				out.write(int64(shapes.get(key).size()).array());
				values(key, out);
			}
		}
	}

	private byte[] stateDict(final boolean legacy) {
		final PickleBytes pickle = new PickleBytes().orderedDict().op(Opcodes.MARK);
		int storage = 0;
		for (final Map.Entry<String, Shape> entry : shapes.entrySet()) {
			final long[] shape = entry.getValue().getShape();
			pickle.text(entry.getKey()).tensor(type(entry.getKey()).storageName(), Integer.toString(storage++), entry.getValue().size(), legacy, 0, shape, StoredTensor.strides(shape));
		}
		return pickle.op(Opcodes.SETITEMS).stop();
	}

	private void values(final String key, final OutputStream out) throws IOException {
		final Elements values = elements.apply(key);
		final long size = shapes.get(key).size();
		final boolean whole = type(key) == ElementType.I64;
		chunk.clear();
		for (long i = 0; i < size; i++) {
			if (chunk.remaining() < Long.BYTES) flush(out);
			if (whole) chunk.putLong((long) values.at(i));
			else chunk.putFloat(values.at(i));
		}
		flush(out);
	}

	private void flush(final OutputStream out) throws IOException {
		out.write(chunk.array(), 0, chunk.position());
		chunk.clear();
	}
}
