package io.github.dgiqa.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import net.razorvine.pickle.Opcodes;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** None of these needs PyTorch. */
class SafeTensorsWriterTest {

	private static final Runnable NOTHING = () -> {};

	@TempDir
	private Path folder;

	private byte[] written(final Map<String, StoredTensor> tensors) throws IOException {
		final Path file = folder.resolve("written");
		SafeTensorsWriter.write(file, tensors, Map.of(), NOTHING);
		return Files.readAllBytes(file);
	}

	private static int headerLength(final byte[] file) {
		return (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
	}

	private static JsonObject header(final byte[] file) {
		return JsonParser.parseString(new String(file, 8, headerLength(file), StandardCharsets.UTF_8)).getAsJsonObject();
	}

	/** A tensor's bytes, found without this program's reader. */
	private static byte[] data(final byte[] file, final String key) {
		final JsonArray offsets = header(file).getAsJsonObject(key).getAsJsonArray("data_offsets");
		final int start = 8 + headerLength(file);
		return Arrays.copyOfRange(file, start + offsets.get(0).getAsInt(), start + offsets.get(1).getAsInt());
	}

	/** Float32 from 0 upwards. */
	private static byte[] counting(final int elements) {
		final ByteBuffer bytes = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
		for (int i = 0; i < elements; i++)
			bytes.putFloat(i);
		return bytes.array();
	}

	/** A tensor t of float32 from 0 upwards. */
	private static Map<String, StoredTensor> countingTensor(final int elements) throws IOException {
		final byte[] pickle = WeightFileTest.one("FloatStorage", elements, 0, new long[] {elements}, new long[] {1});
		return WeightFileTest.inMemory(WeightFileTest.zip(ZipArchiveEntry.STORED, pickle, counting(elements)));
	}

	@Test
	void theFileIsWhatTheFormatSays() throws IOException {
		final String given = "{\"z\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[0,6]},\"half \\\"\u00e9\\\" <\":{\"dtype\":\"BF16\",\"shape\":[0,2],\"data_offsets\":[6,6]},"
			+ "\"b\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[6,14]},\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[14,15]},\"n\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[15,23]}}";
		final byte[] givenHeader = given.getBytes(StandardCharsets.UTF_8);
		final byte[] values = {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16, 17, 18, 21, 31, 32, 33, 34, 35, 36, 37, 38};
		final byte[] file = ByteBuffer.allocate(8 + givenHeader.length + values.length).order(ByteOrder.LITTLE_ENDIAN).putLong(givenHeader.length).put(givenHeader).put(values).array();
		final Map<String, String> metadata = new LinkedHashMap<>();
		metadata.put("source", "x");
		metadata.put("format", "pt");
		final Path path = folder.resolve("written.safetensors");
		final SafeTensorsWriter.Written written = SafeTensorsWriter.write(path, WeightFileTest.inMemory(file), metadata, NOTHING);

		final String header = "{\"__metadata__\":{\"format\":\"pt\",\"source\":\"x\"},\"n\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[8,16]},"
			+ "\"half \\\"\u00e9\\\" <\":{\"dtype\":\"BF16\",\"shape\":[0,2],\"data_offsets\":[16,16]},\"z\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[16,22]},\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[22,23]}}";
		final int bytes = header.length() + 1; // the accented letter has two
		final int padded = (bytes + 7) / 8 * 8;
		final byte[] sorted = {31, 32, 33, 34, 35, 36, 37, 38, 11, 12, 13, 14, 15, 16, 17, 18, 1, 2, 3, 4, 5, 6, 21};
		final byte[] expected = ByteBuffer.allocate(8 + padded + sorted.length).order(ByteOrder.LITTLE_ENDIAN).putLong(padded)
			.put(header.getBytes(StandardCharsets.UTF_8)).put(" ".repeat(padded - bytes).getBytes(StandardCharsets.US_ASCII)).put(sorted).array();
		assertEquals(new String(expected, StandardCharsets.ISO_8859_1), Files.readString(path, StandardCharsets.ISO_8859_1));
		assertEquals(expected.length, written.bytes());
		try (Bytes read = Bytes.of(path)) {
			assertEquals(read.sha256(), written.sha256());
			assertEquals(List.of("n", "b", "half \"\u00e9\" <", "z", "a"), List.copyOf(WeightFile.tensors(read).keySet()));
		}
	}

	/** Python's safetensors wrote the one that the others are compared with. */
	@ParameterizedTest
	@ValueSource(strings = {"state_dict.pth", "state_dict_legacy.pth", "state_dict.safetensors", "wrapped.pth", "data_parallel.pth"})
	void everyFormsTensorsAreWrittenBitForBit(final String name) throws IOException {
		final byte[] python = WeightFileTest.resource("state_dict.safetensors");
		final byte[] written = written(WeightFileTest.inMemory(WeightFileTest.resource(name)));
		assertEquals(header(python).keySet(), header(written).keySet());
		for (final String key : header(python).keySet()) {
			assertEquals(header(python).getAsJsonObject(key).get("dtype"), header(written).getAsJsonObject(key).get("dtype"), key);
			assertEquals(header(python).getAsJsonObject(key).get("shape"), header(written).getAsJsonObject(key).get("shape"), key);
			assertArrayEquals(data(python, key), data(written, key), key);
		}
	}

	@ParameterizedTest
	@EnumSource(ElementType.class)
	void everyTypeStaysAsItIs(final ElementType type) throws IOException {
		final byte[] storage = new byte[3 * type.bytes()];
		for (int i = 0; i < storage.length; i++)
			storage[i] = (byte) (i + 1);
		final byte[] apart = new byte[4 * type.bytes()]; // the first, the last, and both again
		for (int i = 0; i < apart.length; i++)
			apart[i] = storage[i % (2 * type.bytes()) < type.bytes() ? i % type.bytes() : 2 * type.bytes() + i % type.bytes()];
		final PickleBytes pickle = new PickleBytes().op(Opcodes.EMPTY_DICT)
			.text("all").tensor(type.storageName(), "0", 3, false, 0, new long[] {3}, new long[] {1}).op(Opcodes.SETITEM)
			.text("apart").tensor(type.storageName(), "0", 3, false, 0, new long[] {2, 2}, new long[] {0, 2}).op(Opcodes.SETITEM);
		final byte[] written = written(WeightFileTest.inMemory(WeightFileTest.zip(ZipArchiveEntry.STORED, pickle.stop(), storage)));
		assertEquals(type.name(), header(written).getAsJsonObject("all").get("dtype").getAsString());
		assertArrayEquals(storage, data(written, "all"));
		assertArrayEquals(apart, data(written, "apart"));
	}

	/** More than one piece, whose ends are within a row: element (i, j, k) is i + 300300 j + 300 k. */
	@ParameterizedTest
	@ValueSource(ints = {ZipArchiveEntry.STORED, ZipArchiveEntry.DEFLATED})
	void largeTensorsThatAreNotInOrderAreWrittenInOrder(final int method) throws IOException {
		final int elements = 300 * 3 * 1001;
		final byte[] pickle = WeightFileTest.one("FloatStorage", elements, 0, new long[] {300, 3, 1001}, new long[] {1, 300_300, 300});
		final ByteBuffer expected = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
		for (int i = 0; i < 300; i++)
			for (int j = 0; j < 3; j++)
				for (int k = 0; k < 1001; k++)
					expected.putFloat(i + 300_300 * j + 300 * k);
		assertArrayEquals(expected.array(), data(written(WeightFileTest.inMemory(WeightFileTest.zip(method, pickle, counting(elements)))), "t"));
	}

	@Test
	void writingCanBeEnded() throws IOException {
		final Map<String, StoredTensor> tensors = countingTensor(600_000); // 2.4 MB
		final AtomicInteger calls = new AtomicInteger();
		final Path file = folder.resolve("written");
		SafeTensorsWriter.write(file, tensors, Map.of(), calls::incrementAndGet);
		assertEquals(3, calls.get());
		Files.delete(file);
		final CancellationException cancelled = new CancellationException();
		assertSame(cancelled, assertThrows(CancellationException.class, () -> SafeTensorsWriter.write(file, tensors, Map.of(), () -> {
			if (calls.incrementAndGet() == 5) throw cancelled;
		})));
		assertEquals(5, calls.get());
		assertFalse(Files.exists(file));
	}

	@Test
	void aFileThatIsThereStays() throws IOException {
		final Path file = Files.writeString(folder.resolve("there"), "mine");
		final Map<String, StoredTensor> tensors = countingTensor(1);
		assertThrows(FileAlreadyExistsException.class, () -> SafeTensorsWriter.write(file, tensors, Map.of(), NOTHING));
		assertEquals("mine", Files.readString(file));
	}

	@Test
	void whatCannotBeReadAgainIsNotWritten() throws IOException {
		final byte[] pickle = WeightFileTest.one("FloatStorage", 1, 0, new long[] {1 << 20, 1 << 20}, new long[] {0, 0});
		assertRefused("A tensor in weights.pth is too large: it has the shape [1048576, 1048576], tensors of up to 2 GB can be used; take other weights.", WeightFileTest.inMemory(WeightFileTest.zip(ZipArchiveEntry.STORED, pickle, counting(1))), Map.of());
		final Map<String, StoredTensor> tensors = countingTensor(1);
		assertRefused("A tensor called __metadata__ cannot be in a .safetensors file, where that name is for texts about it; take other weights.", Map.of("__metadata__", tensors.get("t")), Map.of());
		// {"__metadata__":{"a":""},"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} has 78 characters, and the text a multiple of 8
		final int text = 1 << 24;
		assertRefused(folder.resolve("written") + " was not written: the list of its tensors and the texts about them would take " + (text + 80) + " bytes, and 16777216 can be read again; take other weights, or shorter texts.", tensors, Map.of("a", "x".repeat(text)));
	}

	private void assertRefused(final String sentence, final Map<String, StoredTensor> tensors, final Map<String, String> metadata) {
		final Path file = folder.resolve("written");
		assertEquals(sentence, assertThrows(WeightsException.class, () -> SafeTensorsWriter.write(file, tensors, metadata, NOTHING)).getMessage());
		assertFalse(Files.exists(file));
	}

	@Test
	void ofDamagedTensorsNothingStays() throws IOException {
		final byte[] pickle = WeightFileTest.one("FloatStorage", 400_000, 0, new long[] {400_000}, new long[] {1});
		final byte[] zip = WeightFileTest.zip(ZipArchiveEntry.DEFLATED, pickle, counting(400_000));
		final int middle = zip.length / 2;
		Arrays.fill(zip, middle, middle + 1000, (byte) 0xff);
		assertRefused("weights.pth is not a usable PyTorch file: a compressed entry of it is damaged; fetch it again.", WeightFileTest.inMemory(zip), Map.of());
	}
}
