package io.github.dgiqa.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.Reference;

import net.razorvine.pickle.Opcodes;

import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFileTest extends NativeMemory {

	private static final String DATA = "archive/data/0";
	private static final long GIGABYTE = 1 << 30;

	@TempDir
	private Path folder;

	static byte[] resource(final String name) throws IOException {
		try (InputStream in = WeightFileTest.class.getResourceAsStream("/reference/checkpoints/" + name)) {
			return in.readAllBytes();
		}
	}

	/** The tensors of a file called weights.pth. */
	static Map<String, StoredTensor> inMemory(final byte[] file) throws IOException {
		return WeightFile.tensors(Bytes.of("weights.pth", file));
	}

	private static String refusal(final byte[] file) {
		final String sentence = assertThrows(WeightsException.class, () -> Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> inMemory(file))).getMessage();
		assertFalse(sentence.contains("\n"), sentence);
		return sentence;
	}

	private static byte[] floats(final float... values) {
		final ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
		for (final float value : values)
			bytes.putFloat(value);
		return bytes.array();
	}

	/** A zip as PyTorch has it. */
	static byte[] zip(final int method, final Map<String, byte[]> entries) throws IOException {
		final SeekableInMemoryByteChannel channel = new SeekableInMemoryByteChannel();
		try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(channel)) {
			for (final Map.Entry<String, byte[]> entry : entries.entrySet()) {
				final ZipArchiveEntry header = new ZipArchiveEntry(entry.getKey());
				header.setMethod(method);
				zip.putArchiveEntry(header);
				zip.write(entry.getValue());
				zip.closeArchiveEntry();
			}
		}
		return Arrays.copyOf(channel.array(), (int) channel.size());
	}

	private static byte[] zip(final byte[] pickle, final byte[] storage) throws IOException {
		return zip(ZipArchiveEntry.STORED, pickle, storage);
	}

	/** A zip with the tensors of a pickle, all in the storage 0. */
	static byte[] zip(final int method, final byte[] pickle, final byte[] storage) throws IOException {
		final Map<String, byte[]> entries = new LinkedHashMap<>();
		entries.put("archive/data.pkl", pickle);
		entries.put(DATA, storage);
		return zip(method, entries);
	}

	/** A dictionary with one tensor, t. */
	static byte[] one(final String storageType, final long elements, final long offset, final long[] shape, final long[] strides) {
		return new PickleBytes().op(Opcodes.EMPTY_DICT).text("t").tensor(storageType, "0", elements, false, offset, shape, strides).op(Opcodes.SETITEM).stop();
	}

	private static byte[] legacy(final byte[]... parts) {
		final ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (final byte[] part : parts)
			out.writeBytes(part);
		return out.toByteArray();
	}

	private void assertExpected(final Map<String, StoredTensor> tensors) throws IOException {
		final JsonObject expected = Reference.json("checkpoints/expected.json");
		assertEquals(expected.keySet(), tensors.keySet());
		for (final Map.Entry<String, JsonElement> entry : expected.entrySet()) {
			final JsonObject tensor = entry.getValue().getAsJsonObject();
			final NDArray loaded = tensors.get(entry.getKey()).load(manager);
			assertEquals(DataType.FLOAT32, loaded.getDataType());
			assertArrayEquals(tensor.getAsJsonArray("shape").asList().stream().mapToLong(JsonElement::getAsLong).toArray(), loaded.getShape().getShape(), entry.getKey());
			final float[] values = new float[(int) loaded.size()];
			for (int i = 0; i < values.length; i++)
				values[i] = (float) tensor.getAsJsonArray("values").get(i).getAsDouble();
			assertArrayEquals(values, loaded.toFloatArray(), entry.getKey());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = {"state_dict.pth", "state_dict_legacy.pth", "state_dict.safetensors", "wrapped.pth", "data_parallel.pth"})
	void everyFormHasTheSameTensors(final String name) throws IOException {
		assertExpected(inMemory(resource(name)));
		final Path file = folder.resolve("weights"); // the name does not tell the form
		Files.write(file, resource(name));
		final Map<String, StoredTensor> tensors;
		try (Bytes bytes = Bytes.of(file)) {
			tensors = WeightFile.tensors(bytes);
			assertExpected(tensors);
		}
	}

	@Test
	void whatIsLoadedStaysWhenTheFileIsClosed() throws IOException {
		final Path file = folder.resolve("weights");
		Files.write(file, resource("state_dict.safetensors"));
		final NDArray loaded;
		try (Bytes bytes = Bytes.of(file)) {
			loaded = WeightFile.tensors(bytes).get("a.bias").load(manager);
		}
		assertEquals(-0.10965356f, loaded.getFloat(0));
	}

	@Test
	void stateBesideTheEntriesIsIgnored() throws IOException {
		final Map<String, StoredTensor> tensors = inMemory(resource("with_metadata.pth"));
		assertEquals(new Shape(2, 3), tensors.get("fc.weight").shape());
		assertEquals(new Shape(2), tensors.get("fc.bias").load(manager).getShape());
		assertEquals(2, tensors.size());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
		"hostile.pth|weights.pth was refused, for it asks for posix.system, and",
		"truncated.pth|weights.pth is not a usable PyTorch file: it is cut off or damaged, for the table of contents at its end cannot be read; fetch it again.",
		"truncated.safetensors|weights.pth is not a usable .safetensors file: it is cut off or damaged: tensor bf16 has the bytes 696 to 706 of 696; fetch it again.",
		"huge_header.safetensors|weights.pth is not a usable .safetensors file: its header would have 4611686018427387904 bytes, the file has 1356; fetch it again.",
		"html.pth|weights.pth is not a weight file that can be used: it looks like a web page, perhaps a sign-in page; fetch"})
	void damagedAndHostileFilesAreRefusedInASentence(final String name, final String sentence) throws IOException {
		assertTrue(refusal(resource(name)).startsWith(sentence), refusal(resource(name)));
		assertFalse(Files.exists(Path.of("dgiqa-was-here")));
	}

	@Test
	void otherFilesAreToldApart() {
		final String[][] cases = {
			{"", "is empty"},
			{"version https://git-lfs.github.com/spec/v1 oid sha256:00", "a pointer of Git LFS"},
			{"<HTML><HEAD>", "a web page"},
			{"Not found", "a text (it begins with \"Not found\")"},
			{"{\"data\":{}}", "a text"},
			{"\u001f\u008b\b", "gzip"},
			{"\u0089PNG\r\n\u001a\n", "an image (PNG)"},
			{"\u0089HDF\r\n\u001a\n", "HDF5"},
			{"\b\u0007\u0012\u0007pytorch", "an ONNX model"},
			{"\u0080\u0002}q\u0000.", "a Python pickle that PyTorch did not write"},
			{"(dp0\nVa\np1\n", "a Python pickle that PyTorch did not write"},
			{"}q\u0000.", "a Python pickle that PyTorch did not write"},
			{"cnumpy.core\nscalar\np0\n", "a Python pickle that PyTorch did not write"},
			{"L119547037146038801333356L\n.M", "a PyTorch file in an old form of pickles (protocol 0 or 1); open it in PyTorch and save its state_dict() alone."},
			{"PK\u0001\u0002", "begins with the bytes 50 4b 01 02"},
			{"PK\u0003\u0004", "cut off or damaged"},
			{"PK\u0005\u0006", "cut off or damaged"},
			{"\u0000\u0000\u0000", "zeros"},
			{"\u0001\u0002", "begins with the bytes 01 02"},
			{"\b", "begins with the bytes 08"},
			{"PK", "cut off or damaged"}};
		for (final String[] fileAndSentence : cases) {
			final String refusal = refusal(fileAndSentence[0].getBytes(StandardCharsets.ISO_8859_1));
			assertTrue(refusal.contains(fileAndSentence[1]), refusal);
		}
	}

	@Test
	void tarAndOtherZipsAreToldApart() throws IOException {
		final byte[] tar = new byte[1024];
		System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
		tar[0] = 's';
		assertTrue(refusal(tar).contains("a tar archive"), refusal(tar));
		final byte[] script = zip(ZipArchiveEntry.STORED, Map.of("m/data.pkl", new byte[1], "m/constants.pkl", new byte[1], "m/code/a.py", new byte[1]));
		assertTrue(refusal(script).contains("is a TorchScript program"), refusal(script));
		final byte[] other = zip(ZipArchiveEntry.STORED, Map.of("config.json", new byte[1]));
		assertTrue(refusal(other).contains("is a zip without PyTorch's data.pkl, with config.json"), refusal(other));
		final byte[] noFolder = zip(ZipArchiveEntry.STORED, Map.of("data.pkl", new byte[1]));
		assertEquals("weights.pth is not a weight file that can be used: it is a zip with PyTorch's data.pkl outside of a folder, as unpacking and packing can leave it; pack it again with a folder around its entries.", refusal(noFolder));
	}

	@ParameterizedTest
	@EnumSource(ElementType.class)
	void everyTypeBecomesFloat32(final ElementType type) throws IOException {
		final ByteBuffer values = ByteBuffer.allocate(3 * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
		for (final int value : new int[] {0, 1, 1})
			switch (type) {
				case F64 -> values.putDouble(value);
				case F32 -> values.putFloat(value);
				case F16 -> values.putShort((short) (value * 0x3c00));
				case BF16 -> values.putShort((short) (value * 0x3f80));
				case I64 -> values.putLong(value);
				case I32 -> values.putInt(value);
				case I16 -> values.putShort((short) value);
				default -> values.put((byte) value);
			}
		final byte[] inOrder = zip(one(type.storageName(), 3, 0, new long[] {3}, new long[] {1}), values.array());
		assertArrayEquals(new float[] {0, 1, 1}, inMemory(inOrder).get("t").load(manager).toFloatArray());
		final byte[] apart = zip(one(type.storageName(), 3, 0, new long[] {2, 2}, new long[] {0, 2}), values.array());
		assertArrayEquals(new float[] {0, 1, 0, 1}, inMemory(apart).get("t").load(manager).toFloatArray());
	}

	@Test
	void fullRangeOfTheTypes() throws IOException {
		final byte[] bytes = {-1, -128, 127, 0};
		assertArrayEquals(new float[] {-1, -128, 127, 0}, inMemory(zip(one("CharStorage", 4, 0, new long[] {4}, new long[] {1}), bytes)).get("t").load(manager).toFloatArray());
		assertArrayEquals(new float[] {255, 128, 127, 0}, inMemory(zip(one("ByteStorage", 4, 0, new long[] {4}, new long[] {1}), bytes)).get("t").load(manager).toFloatArray());
		assertArrayEquals(new float[] {-32513, 127}, inMemory(zip(one("ShortStorage", 2, 0, new long[] {2}, new long[] {1}), bytes)).get("t").load(manager).toFloatArray());
		final byte[] halves = {(byte) 0x80, (byte) 0xff, 0x49, (byte) 0xc0}; // minus infinity and -3.140625 in bfloat16
		assertArrayEquals(new float[] {Float.NEGATIVE_INFINITY, -3.140625f}, inMemory(zip(one("BFloat16Storage", 2, 0, new long[] {2}, new long[] {1}), halves)).get("t").load(manager).toFloatArray());
	}

	@ParameterizedTest
	@CsvSource({
		"0,3,1,-1", // negative stride
		"-1,2,1,1", // before the storage
		"1,4,1,1", // behind it
		"0,-2,1,1",
		"0,2,9223372036854775807,1", // sums that overflow
		"9223372036854775807,2,1,1",
		"0,4611686018427387904,4,1",
		"0,9223372036854775807,9223372036854775807,1"})
	void viewsOutsideOfTheirStorageAreRefused(final long offset, final long side, final long stride, final long other) throws IOException {
		final byte[] file = zip(one("FloatStorage", 4, offset, new long[] {side, 2}, new long[] {stride, other}), floats(1, 2, 3, 4));
		assertTrue(refusal(file).contains("the tensor t (F32, shape ["), refusal(file));
	}

	@Test
	void shapeAndStridesMustFitEachOther() throws IOException {
		assertTrue(refusal(zip(one("FloatStorage", 4, 0, new long[] {2, 2}, new long[] {1}), floats(1, 2, 3, 4))).contains("is not within"));
		assertTrue(refusal(zip(one("FloatStorage", 4, 0, new long[65], new long[65]), floats(1, 2, 3, 4))).contains("is not within"));
		assertTrue(refusal(zip(one("FloatStorage", 4, 0, new long[] {0, 1L << 62, 1L << 62}, new long[] {1, 1, 1}), floats(1, 2, 3, 4))).contains("is not within"));
		assertEquals(new Shape(0, 1L << 40), inMemory(zip(one("FloatStorage", 4, 0, new long[] {0, 1L << 40}, new long[] {1, 1}), floats(1, 2, 3, 4))).get("t").load(manager).getShape());
	}

	@Test
	void elementsThatAreRepeatedBeyondWhatCanBeLoadedAreRefusedOnLoading() throws IOException {
		final StoredTensor huge = inMemory(zip(one("FloatStorage", 1, 0, new long[] {1 << 20, 1 << 20}, new long[] {0, 0}), floats(1))).get("t");
		assertTrue(assertThrows(WeightsException.class, () -> huge.load(manager)).getMessage().contains("too large"));
	}

	@Test
	void storagesMustHaveWhatIsSaidOfThem() throws IOException {
		assertTrue(refusal(zip(one("FloatStorage", 5, 0, new long[] {1}, new long[] {1}), floats(1, 2, 3, 4))).contains("storage 0 should have 5 elements of F32 and has 16 bytes"));
		assertTrue(refusal(zip(ZipArchiveEntry.STORED, Map.of("archive/data.pkl", one("FloatStorage", 1, 0, new long[] {1}, new long[] {1})))).contains("its entry data/0 is missing"));
	}

	@ParameterizedTest
	@ValueSource(booleans = {true, false})
	void compressedEntriesAreRead(final boolean onDisk) throws IOException {
		final float[] values = new float[100_000];
		for (int i = 0; i < values.length; i++)
			values[i] = i % 1000;
		final Map<String, byte[]> entries = new LinkedHashMap<>();
		entries.put("archive/data.pkl", new PickleBytes().op(Opcodes.EMPTY_DICT)
			.text("all").tensor("FloatStorage", "0", values.length, false, 0, new long[] {values.length}, new long[] {1}).op(Opcodes.SETITEM)
			.text("part").tensor("FloatStorage", "0", values.length, false, 5, new long[] {2}, new long[] {1}).op(Opcodes.SETITEM)
			.text("apart").tensor("FloatStorage", "0", values.length, false, 7, new long[] {2, 2}, new long[] {10, 20}).op(Opcodes.SETITEM).stop());
		entries.put(DATA, floats(values));
		final byte[] zip = zip(ZipArchiveEntry.DEFLATED, entries);
		assertTrue(zip.length < values.length);
		final Path file = folder.resolve("weights");
		Files.write(file, zip);
		try (Bytes bytes = onDisk ? Bytes.of(file) : Bytes.of("weights", zip)) {
			final Map<String, StoredTensor> tensors = WeightFile.tensors(bytes);
			assertArrayEquals(values, tensors.get("all").load(manager).toFloatArray());
			assertArrayEquals(new float[] {5, 6}, tensors.get("part").load(manager).toFloatArray());
			assertArrayEquals(new float[] {7, 27, 17, 37}, tensors.get("apart").load(manager).toFloatArray());
		}
	}

	@Test
	void compressedEntriesThatMakeLessOrAnnounceTooMuchAreRefused() throws IOException {
		final byte[] pickle = one("FloatStorage", 1000, 0, new long[] {1000}, new long[] {1});
		final Map<String, byte[]> entries = new LinkedHashMap<>();
		entries.put("archive/data.pkl", pickle);
		entries.put(DATA, new byte[4 * 999]);
		final byte[] zip = zip(ZipArchiveEntry.DEFLATED, entries);
		final ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
		final int size = new String(zip, StandardCharsets.ISO_8859_1).lastIndexOf(DATA) - 22; // in the table of contents
		assertEquals(4 * 999, bytes.getInt(size));
		bytes.putInt(size, 4 * 1000);
		final StoredTensor shorter = inMemory(zip).get("t");
		assertTrue(assertThrows(WeightsException.class, () -> shorter.load(manager)).getMessage().contains("a compressed entry of it is damaged"));
		bytes.putInt(size, 1 << 30);
		assertTrue(refusal(zip).contains("cannot hold 1073741824"), refusal(zip));
	}

	@Test
	void zip64IsRead() throws IOException {
		final SeekableInMemoryByteChannel channel = new SeekableInMemoryByteChannel();
		try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(channel)) {
			zip.setUseZip64(Zip64Mode.Always);
			for (final String name : new String[] {"archive/data.pkl", DATA}) {
				final ZipArchiveEntry entry = new ZipArchiveEntry(name);
				entry.setMethod(ZipArchiveEntry.STORED);
				zip.putArchiveEntry(entry);
				zip.write(name.equals(DATA) ? floats(1, 2) : one("FloatStorage", 2, 0, new long[] {2}, new long[] {1}));
				zip.closeArchiveEntry();
			}
		}
		assertArrayEquals(new float[] {1, 2}, inMemory(Arrays.copyOf(channel.array(), (int) channel.size())).get("t").load(manager).toFloatArray());
	}

	@Test
	void otherCompressionEncryptionAndByteOrderAreRefused() throws IOException {
		final byte[] pickle = one("FloatStorage", 1, 0, new long[] {1}, new long[] {1});
		final byte[] zip = zip(pickle, floats(1));
		final ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
		final int entry = new String(zip, StandardCharsets.ISO_8859_1).lastIndexOf(DATA) - 46;
		bytes.putShort(entry + 10, (short) 12);
		assertTrue(refusal(zip).contains("compressed in a way that is not supported (bzip2); unpack it and pack its folder again, with no password and no compression."), refusal(zip));
		bytes.putShort(entry + 10, (short) 14);
		assertTrue(refusal(zip).contains("not supported (lzma)"), refusal(zip));
		bytes.putShort(entry + 10, (short) 99);
		assertTrue(refusal(zip).contains("not supported (method 99)"), refusal(zip));
		bytes.putShort(entry + 8, (short) 1);
		assertTrue(refusal(zip).contains("its entry data/0 is encrypted; unpack it and pack its folder again, with no password and no compression."), refusal(zip));
		final Map<String, byte[]> entries = new LinkedHashMap<>();
		entries.put("archive/data.pkl", pickle);
		entries.put("archive/byteorder", "big".getBytes(StandardCharsets.US_ASCII));
		assertTrue(refusal(zip(ZipArchiveEntry.STORED, entries)).contains("another byte order (big), which is not supported; open it in PyTorch and save its state_dict() alone."));
		assertTrue(refusal(legacy(PickleBytes.legacyStart(false), pickle)).contains("another byte order (big), which is not supported; open it in PyTorch and save its state_dict() alone."));
	}

	@Test
	void zipsWithTwoEntriesOfOneNameAreRefused() throws IOException {
		final Map<String, byte[]> entries = new LinkedHashMap<>();
		entries.put("archive/data.pkl", one("FloatStorage", 1, 0, new long[] {1}, new long[] {1}));
		entries.put(DATA, floats(1));
		entries.put("archive/data/1", floats(2));
		final String zip = new String(zip(ZipArchiveEntry.STORED, entries), StandardCharsets.ISO_8859_1);
		final byte[] twice = zip.replace("archive/data/1", DATA).getBytes(StandardCharsets.ISO_8859_1);
		assertEquals("weights.pth is not a usable PyTorch file: it has two entries called archive/data/0; fetch it again.", refusal(twice));
	}

	@Test
	void headersThatBeginLikeZipsAreRead() throws IOException {
		final byte[] json = "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}".getBytes(StandardCharsets.US_ASCII);
		for (final int length : new int[] {'P' | 'K' << 8, 'P' | 'K' << 8 | 1 << 16}) {
			final ByteBuffer file = ByteBuffer.allocate(8 + length + 8).order(ByteOrder.LITTLE_ENDIAN);
			Arrays.fill(file.array(), (byte) ' ');
			file.putLong(length).put(json).put(8 + length, floats(3, 4));
			assertArrayEquals(new float[] {3, 4}, inMemory(file.array()).get("t").load(manager).toFloatArray());
		}
	}

	@Test
	void compressedTensorsAreReadInAnyOrder() throws IOException {
		final float[] values = new float[50_000];
		for (int i = 0; i < values.length; i++)
			values[i] = i * 7919 % 10_007;
		final PickleBytes pickle = new PickleBytes().op(Opcodes.EMPTY_DICT);
		final int part = 5000;
		for (int i = 0; i < values.length; i += part)
			pickle.text("t" + i).tensor("FloatStorage", "0", values.length, false, i, new long[] {part}, new long[] {1}).op(Opcodes.SETITEM);
		final Map<String, byte[]> entries = new LinkedHashMap<>();
		entries.put("archive/data.pkl", pickle.stop());
		entries.put(DATA, floats(values));
		final Map<String, StoredTensor> tensors = inMemory(zip(ZipArchiveEntry.DEFLATED, entries));
		for (final int i : new int[] {0, 5000, 20_000, 20_000, 15_000, 45_000, 45_000, 0, 40_000, 10_000})
			assertArrayEquals(Arrays.copyOfRange(values, i, i + part), tensors.get("t" + i).load(manager).toFloatArray(), "t" + i);
	}

	@Test
	void newerPicklesAreRead() throws IOException {
		// protocol 4: a frame, short texts, names from the stack, memo without numbers
		final PickleBytes pickle = new PickleBytes(4).op(Opcodes.FRAME).bytes(0, 0, 0, 0, 0, 0, 0, 0).op(Opcodes.EMPTY_DICT, Opcodes.MEMOIZE);
		shortText(pickle, "t").op(Opcodes.MEMOIZE);
		shortText(pickle, "torch._utils").op(Opcodes.MEMOIZE);
		shortText(pickle, "_rebuild_tensor_v2").op(Opcodes.MEMOIZE, Opcodes.STACK_GLOBAL, Opcodes.MEMOIZE, Opcodes.MARK, Opcodes.MARK);
		shortText(pickle, "storage").op(Opcodes.MEMOIZE);
		shortText(pickle, "torch").op(Opcodes.MEMOIZE);
		shortText(pickle, "FloatStorage").op(Opcodes.MEMOIZE, Opcodes.STACK_GLOBAL, Opcodes.MEMOIZE);
		shortText(pickle, "0").op(Opcodes.MEMOIZE);
		shortText(pickle, "cpu").op(Opcodes.MEMOIZE, Opcodes.BININT1, 2, Opcodes.TUPLE, Opcodes.MEMOIZE, Opcodes.BINPERSID);
		pickle.op(Opcodes.BININT1, 0, Opcodes.BININT1, 2, Opcodes.TUPLE1, Opcodes.BININT1, 1, Opcodes.TUPLE1, Opcodes.NEWFALSE, Opcodes.NONE, Opcodes.TUPLE, Opcodes.REDUCE, Opcodes.SETITEM);
		assertArrayEquals(new float[] {3, 4}, inMemory(zip(pickle.stop(), floats(3, 4))).get("t").load(manager).toFloatArray());
	}

	@Test
	void dictionariesOfPython2AreRead() throws IOException {
		final PickleBytes pickle = new PickleBytes().global("collections", "OrderedDict").op(Opcodes.EMPTY_LIST, Opcodes.EMPTY_LIST).op(Opcodes.SHORT_BINSTRING, 1, 't', Opcodes.APPEND);
		pickle.tensor("FloatStorage", "0", 2, false, 0, new long[] {2}, new long[] {1}).op(Opcodes.APPEND, Opcodes.APPEND, Opcodes.TUPLE1, Opcodes.REDUCE);
		assertArrayEquals(new float[] {3, 4}, inMemory(zip(pickle.stop(), floats(3, 4))).get("t").load(manager).toFloatArray());
	}

	private static PickleBytes shortText(final PickleBytes pickle, final String text) {
		pickle.op(Opcodes.SHORT_BINUNICODE, text.length());
		return pickle.bytes(text.chars().toArray());
	}

	@Test
	void everyOtherNameIsRefusedHoweverItIsAskedFor() throws IOException {
		final PickleBytes start = new PickleBytes(4);
		assertRefused("os.system", shortText(shortText(start, "os"), "system").op(Opcodes.STACK_GLOBAL).stop());
		final PickleBytes remembered = shortText(new PickleBytes(4), "system").op(Opcodes.BINPUT, 9);
		assertRefused("os.system", shortText(remembered, "os").op(Opcodes.BINGET, 9, Opcodes.STACK_GLOBAL).stop());
		final PickleBytes hidden = shortText(new PickleBytes(4), "torch").op(Opcodes.EMPTY_TUPLE);
		assertRefused("a name that is put together on the way", shortText(hidden, "Size").op(Opcodes.STACK_GLOBAL).stop());
		assertRefused("builtins.eval", new PickleBytes().op(Opcodes.MARK, Opcodes.INST).bytes("builtins\neval\n".chars().toArray()).stop());
		assertRefused("an extension of Python", new PickleBytes().op(Opcodes.EXT1, 1).stop());
		for (final String known : new String[] {"decimal.Decimal", "datetime.datetime", "operator.attrgetter", "builtins.Exception", "builtins.set", "array.array", "numpy.core.multiarray._reconstruct", "torch.nn.modules.conv.Conv2d"}) {
			final int dot = known.lastIndexOf('.');
			// last, behind a tensor that could be used
			assertRefused(known, new PickleBytes().op(Opcodes.EMPTY_DICT).text("t").tensor("FloatStorage", "0", 1, false, 0, new long[] {1}, new long[] {1}).op(Opcodes.SETITEM)
				.text("x").global(known.substring(0, dot), known.substring(dot + 1)).op(Opcodes.SETITEM).stop());
		}
	}

	private static void assertRefused(final String name, final byte[] pickle) throws IOException {
		final String sentence = "weights.pth was refused, for it asks for " + name + ", and";
		assertTrue(refusal(zip(pickle, floats(1))).startsWith(sentence), refusal(zip(pickle, floats(1))));
		final byte[] legacy = legacy(PickleBytes.legacyStart(true), pickle);
		assertTrue(refusal(legacy).startsWith(sentence), refusal(legacy));
	}

	@Test
	void hostileShapesOfPicklesEndInASentence() throws IOException {
		final int many = 1_500_000;
		final int[] lists = new int[many];
		Arrays.fill(lists, Opcodes.EMPTY_LIST);
		final int[] appends = new int[many / 2];
		Arrays.fill(appends, Opcodes.APPEND);
		refusal(zip(new PickleBytes().op(Arrays.copyOf(lists, many / 2 + 1)).op(appends).stop(), floats(1))); // one in the other
		final int[] pairs = new int[many];
		for (int i = 0; i < many; i++)
			pairs[i] = i % 3 == 0 ? Opcodes.MARK : i % 3 == 1 ? Opcodes.NONE : Opcodes.APPENDS;
		refusal(zip(new PickleBytes().op(Opcodes.EMPTY_LIST).op(pairs).stop(), floats(1)));
		refusal(zip(new PickleBytes().op(Opcodes.EMPTY_DICT, Opcodes.BINPUT, 0).text("model").op(Opcodes.BINGET, 0, Opcodes.SETITEM).stop(), floats(1))); // in itself
		final PickleBytes keys = new PickleBytes().op(Opcodes.EMPTY_LIST);
		for (int depth = 0; depth < 100; depth++) // a list of twice the list before, as a key: its hash code would take 2^100 steps
			keys.op(Opcodes.BINPUT, 0, Opcodes.BINGET, 0, Opcodes.TUPLE2, Opcodes.BINPUT, 0, Opcodes.EMPTY_LIST, Opcodes.BINGET, 0, Opcodes.APPEND, Opcodes.BINGET, 0, Opcodes.APPEND);
		refusal(zip(keys.op(Opcodes.BINPUT, 1, Opcodes.EMPTY_DICT, Opcodes.BINGET, 1, Opcodes.NONE, Opcodes.SETITEM).stop(), floats(1)));
		refusal(zip(new PickleBytes().op(Opcodes.BINUNICODE).int32(1_500_000_000).stop(), floats(1)));
		refusal(zip(new PickleBytes().op(Opcodes.BINUNICODE8).int32(-1).int32(Integer.MAX_VALUE).stop(), floats(1)));
		refusal(zip(new PickleBytes().op(Opcodes.LONG4).int32(-1).stop(), floats(1)));
		refusal(zip(new PickleBytes().op(Opcodes.EMPTY_DICT, Opcodes.LONG_BINPUT).int32(-1).stop(), floats(1)));
		refusal(zip(new PickleBytes().op(lists).op(lists).stop(), floats(1)));
		refusal(zip(new PickleBytes().orderedDict().op(Opcodes.NONE, Opcodes.BUILD, Opcodes.TUPLE1, Opcodes.NONE, Opcodes.BUILD).stop(), floats(1)));
		refusal(zip(new byte[0], floats(1)));
	}

	/** Each of these files has a few megabytes and would take gigabytes, or hours, if all that it repeats were made anew. */
	@Test
	void whatHostilePicklesRepeatIsNotRepeatedHere() throws IOException {
		final int times = 300_000;
		final int[] ones = new int[2 * times];
		for (int i = 0; i < ones.length; i++)
			ones[i] = i % 2 == 0 ? Opcodes.BININT1 : 1;
		final PickleBytes manyAxes = new PickleBytes().global("torch._utils", "_rebuild_tensor_v2").op(Opcodes.BINPUT, 0, Opcodes.MARK, Opcodes.MARK);
		manyAxes.text("storage").global("torch", "FloatStorage").text("0").text("cpu").number(1).op(Opcodes.TUPLE, Opcodes.BINPERSID).number(0);
		manyAxes.op(Opcodes.MARK).op(ones).op(Opcodes.TUPLE, Opcodes.BINPUT, 1, Opcodes.BINGET, 1, Opcodes.NEWFALSE, Opcodes.NONE, Opcodes.TUPLE, Opcodes.BINPUT, 2);
		final byte[] axes = manyAxes.unfinished();
		final int[] view = {Opcodes.BINGET, 0, Opcodes.BINGET, 2, Opcodes.REDUCE};
		refusal(zip(new PickleBytes(axes).op(Opcodes.EMPTY_LIST, Opcodes.MARK).op(repeated(times, view)).op(Opcodes.APPENDS).stop(), floats(1)));
		final byte[] dict = new PickleBytes(axes).op(Opcodes.EMPTY_DICT).op(repeated(times, Opcodes.SHORT_BINUNICODE, 1, 'k', Opcodes.BINGET, 0, Opcodes.BINGET, 2, Opcodes.REDUCE, Opcodes.SETITEM)).stop();
		assertTrue(refusal(zip(dict, floats(1))).contains("the tensor k (F32, shape [1, 1, "), refusal(zip(dict, floats(1))));
		final PickleBytes pairs = new PickleBytes().global("collections", "OrderedDict").op(Opcodes.BINPUT, 0, Opcodes.EMPTY_LIST, Opcodes.MARK);
		for (int i = 0; i < 10_000; i++)
			pairs.op(Opcodes.EMPTY_LIST, Opcodes.MARK).text("k" + i).op(Opcodes.NONE, Opcodes.APPENDS);
		pairs.op(Opcodes.APPENDS, Opcodes.TUPLE1, Opcodes.BINPUT, 1, Opcodes.EMPTY_LIST, Opcodes.MARK).op(repeated(times, Opcodes.BINGET, 0, Opcodes.BINGET, 1, Opcodes.REDUCE));
		refusal(zip(pairs.op(Opcodes.APPENDS).stop(), floats(1)));
		final String longKey = "x".repeat(5_000_000);
		final PickleBytes keys = new PickleBytes().op(Opcodes.EMPTY_DICT).text(longKey).op(Opcodes.NONE, Opcodes.SETITEM).text(longKey).op(Opcodes.BINPUT, 1, Opcodes.NONE, Opcodes.SETITEM);
		final byte[] slow = zip(keys.op(repeated(times, Opcodes.BINGET, 1, Opcodes.NONE, Opcodes.SETITEM)).stop(), floats(1));
		assertEquals("weights.pth is not a usable PyTorch file: its list of tensors has a key of 5000000 characters, and 4096 are supported; open it in PyTorch and save its state_dict() alone.", refusal(slow));
		assertTrue(refusal(zip(new PickleBytes().op(Opcodes.EMPTY_DICT).text("t").tensor("FloatStorage", longKey, 1, false, 0, new long[0], new long[0]).op(Opcodes.SETITEM).stop(), floats(1))).contains("a key of 5000000 characters"));
	}

	private static int[] repeated(final int times, final int... instructions) {
		final int[] all = new int[times * instructions.length];
		for (int i = 0; i < all.length; i++)
			all[i] = instructions[i % instructions.length];
		return all;
	}

	@Test
	void tensorsOfOtherKindsAreRefused() throws IOException {
		for (final String name : new String[] {"torch._utils._rebuild_sparse_tensor", "torch._utils._rebuild_qtensor", "torch._tensor._rebuild_from_type_v2", "torch.ComplexFloatStorage", "torch.storage.UntypedStorage"}) {
			final int dot = name.lastIndexOf('.');
			assertEquals("weights.pth was refused, for it asks for " + name + ", which makes a kind of tensor that is not supported; nothing in it was run; if you trust its origin, open it in PyTorch, convert its tensors to dense ones of float32 and save its state_dict() alone.",
				refusal(zip(new PickleBytes().global(name.substring(0, dot), name.substring(dot + 1)).stop(), floats(1))));
		}
		for (final String sign : new String[] {"neg", "conj"}) {
			final PickleBytes pickle = new PickleBytes().op(Opcodes.EMPTY_DICT).text("t").global("torch._utils", "_rebuild_tensor_v2").op(Opcodes.MARK, Opcodes.MARK);
			pickle.text("storage").global("torch", "FloatStorage").text("0").text("cpu").number(1).op(Opcodes.TUPLE, Opcodes.BINPERSID).number(0).numbers(1).numbers(1);
			pickle.op(Opcodes.NEWFALSE).orderedDict().op(Opcodes.EMPTY_DICT).text(sign).op(Opcodes.NEWTRUE, Opcodes.SETITEM, Opcodes.TUPLE, Opcodes.REDUCE, Opcodes.SETITEM);
			assertEquals("weights.pth is not a usable PyTorch file: it holds a tensor that is stored with a sign or conjugation to be applied, which is not supported; open it in PyTorch and save it again with resolve_neg() and resolve_conj() of its tensors.",
				refusal(zip(pickle.stop(), floats(1))));
		}
	}

	@Test
	void instructionsThatAreNotSupportedAreToldFromDamage() throws IOException {
		final String save = ", which is not supported; open it in PyTorch and save its state_dict() alone.";
		final Object[][] cases = {
			{Opcodes.EMPTY_SET, "its list of tensors has a set" + save},
			{Opcodes.NEWOBJ, "its list of tensors has an object of a class" + save},
			{Opcodes.BYTEARRAY8, "its list of tensors has an array of bytes" + save},
			{Opcodes.POP, "its list of tensors has a tuple that contains itself" + save},
			{Opcodes.PUT, "its list of tensors is damaged: 0x70 is no instruction that can be in it; fetch it again."},
			{(short) 0xff, "its list of tensors is damaged: 0xff is no instruction that can be in it; fetch it again."}};
		for (final Object[] instructionAndSentence : cases)
			assertEquals("weights.pth is not a usable PyTorch file: " + instructionAndSentence[1], refusal(zip(new PickleBytes().op((Short) instructionAndSentence[0]).stop(), floats(1))));
		assertEquals("weights.pth is not a usable PyTorch file: its list of tensors is in an old form of pickles (protocol 0 or 1)" + save, refusal(zip("(dp0\n.".getBytes(StandardCharsets.US_ASCII), floats(1))));
		final int[] none = new int[2_000_001];
		Arrays.fill(none, Opcodes.NONE);
		assertTrue(refusal(zip(new PickleBytes().op(none).stop(), floats(1))).endsWith("its list of tensors has more than 2000000 parts; open it in PyTorch and save its state_dict() alone."));
	}

	/** Written by torch.save of PyTorch 2.15: n is torch.arange(12.) * protocol - 10, and the tensors are in the dictionary state_dict beside an epoch and a torch.Size. */
	@ParameterizedTest
	@CsvSource({"4,.pth", "5,.pth", "4,_legacy.pth", "5,_legacy.pth"})
	void filesOfNewerProtocolsAreRead(final int protocol, final String end) throws IOException {
		final Map<String, StoredTensor> tensors = inMemory(resource("protocol" + protocol + end));
		assertEquals(Set.of("a.weight", "a.weight_t", "a.half", "a.parameter"), tensors.keySet());
		final float[] n = new float[12];
		final float[] transposed = new float[12];
		final float[] everySecond = new float[6];
		for (int i = 0; i < n.length; i++) {
			n[i] = i * protocol - 10;
			transposed[i % 4 * 3 + i / 4] = n[i];
			everySecond[i / 2] = i % 2 == 0 ? n[i] : everySecond[i / 2];
		}
		assertEquals(new Shape(3, 4), tensors.get("a.weight").shape());
		assertEquals(new Shape(4, 3), tensors.get("a.weight_t").shape());
		assertArrayEquals(n, tensors.get("a.weight").load(manager).toFloatArray());
		assertArrayEquals(transposed, tensors.get("a.weight_t").load(manager).toFloatArray());
		assertArrayEquals(Arrays.copyOfRange(n, 3, 12), tensors.get("a.half").load(manager).toFloatArray());
		assertArrayEquals(everySecond, tensors.get("a.parameter").load(manager).toFloatArray());
	}

	@ParameterizedTest
	@ValueSource(strings = {"[[[[[[[[", "{\"a\":{\"dtype\":\"F32\",\"shape\":[[[[1]]]],\"data_offsets\":[0,4]}}", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1e999999999],\"data_offsets\":[0,4]}}"})
	void hostileHeadersEndInASentence(final String header) {
		final byte[] json = ("{" + header).repeat(100_000).getBytes(StandardCharsets.US_ASCII);
		final ByteBuffer file = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json);
		assertTrue(refusal(file.array()).contains(".safetensors file"));
		final byte[] once = header.getBytes(StandardCharsets.US_ASCII);
		final ByteBuffer single = ByteBuffer.allocate(12 + once.length).order(ByteOrder.LITTLE_ENDIAN).putLong(once.length).put(once);
		assertThrows(WeightsException.class, () -> SafeTensors.read(Bytes.of("weights", single.array())));
	}

	@Test
	void legacyFilesThatDoNotFitAreRefused() throws IOException {
		final byte[] start = PickleBytes.legacyStart(true);
		final byte[] dict = new PickleBytes().op(Opcodes.EMPTY_DICT).text("t").tensor("FloatStorage", "0", 2, true, 0, new long[] {2}, new long[] {1}).op(Opcodes.SETITEM).stop();
		final byte[] keys = new PickleBytes().op(Opcodes.EMPTY_LIST).text("0").op(Opcodes.APPEND).stop();
		final byte[] length = {2, 0, 0, 0, 0, 0, 0, 0};
		assertArrayEquals(new float[] {5, 6}, inMemory(legacy(start, dict, keys, length, floats(5, 6))).get("t").load(manager).toFloatArray());
		assertTrue(refusal(legacy(start, dict, keys, length, floats(5))).contains("it is cut off: its storage 0 of 2 elements of F32"));
		assertTrue(refusal(legacy(start, dict, keys)).contains("it is cut off: its storage 0"));
		assertTrue(refusal(legacy(start, dict)).contains("its list of tensors is cut off"));
		assertTrue(refusal(legacy(start, dict, keys, new byte[8], floats(5, 6))).contains("should have 2 elements and has 0"));
		assertTrue(refusal(legacy(start, dict, new PickleBytes().op(Opcodes.EMPTY_LIST).stop(), length)).contains("its storage 0 is missing"));
		assertTrue(refusal(legacy(start, dict, new PickleBytes().op(Opcodes.EMPTY_LIST).text("7").op(Opcodes.APPEND).stop(), length)).contains("that none of its tensors is in"));
	}

	@Test
	void keysAreUnwrappedRenamedAndSorted() throws IOException {
		final PickleBytes pickle = new PickleBytes().op(Opcodes.EMPTY_DICT).text("net").op(Opcodes.EMPTY_DICT).text("state_dict").op(Opcodes.EMPTY_DICT, Opcodes.MARK);
		for (final String key : new String[] {"module.tsb2_depth.conv1.weight", "tsb4.x", "cross_spatialattention.tsb1.weight", "spatialattention.a", "backbone.spatialattention.b", "b.attn_mask", "module.b.relative_position_index", "n.num_batches_tracked"})
			pickle.text(key).tensor("FloatStorage", "0", 1, false, 0, new long[0], new long[0]);
		final byte[] file = zip(pickle.op(Opcodes.SETITEMS, Opcodes.SETITEM, Opcodes.SETITEM).stop(), floats(8));
		assertEquals("[tcb2_depth.conv1.weight, tcb4.x, depth_guided_cross_attention.tsb1.weight, refinement_attention.a, backbone.spatialattention.b]", inMemory(file).keySet().toString());
	}

	@Test
	void longKeysTakeNoTime() throws IOException {
		final byte[] json = ("{\"" + "module.".repeat(2_000_000) + "w\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}").getBytes(StandardCharsets.US_ASCII);
		final byte[] file = ByteBuffer.allocate(8 + json.length + 4).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).put(floats(8)).array();
		assertEquals("[w]", Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> inMemory(file)).keySet().toString());
		final byte[] pickle = new PickleBytes().op(Opcodes.EMPTY_DICT).text("module.".repeat(500) + "w").tensor("FloatStorage", "0", 1, false, 0, new long[0], new long[0]).op(Opcodes.SETITEM).stop();
		assertEquals("[w]", inMemory(zip(pickle, floats(8))).keySet().toString());
	}

	@Test
	void keysInMessagesFitOneLine() {
		assertEquals("a?b?[31m" + "k".repeat(72) + "...", WeightFile.shown("a\nb\u001b[31m" + "k".repeat(1000)));
	}

	@Test
	void theDictionaryWithTheMostTensorsIsTheNetwork() throws IOException {
		final PickleBytes pickle = new PickleBytes().op(Opcodes.EMPTY_DICT);
		pickle.text("params").op(Opcodes.EMPTY_DICT); // an optimizer's
		scalar(pickle, "lr");
		pickle.op(Opcodes.SETITEM).text("net").op(Opcodes.EMPTY_DICT).text("state_dict").op(Opcodes.EMPTY_DICT);
		scalar(scalar(pickle, "a"), "b");
		pickle.op(Opcodes.SETITEM, Opcodes.SETITEM);
		scalar(pickle, "best");
		assertEquals("[a, b]", inMemory(zip(pickle.stop(), floats(8))).keySet().toString());
		final PickleBytes around = scalar(scalar(new PickleBytes().op(Opcodes.EMPTY_DICT), "a"), "b").text("model").op(Opcodes.EMPTY_DICT);
		assertEquals("[a, b]", inMemory(zip(scalar(around, "lr").op(Opcodes.SETITEM).stop(), floats(8))).keySet().toString());
	}

	private static PickleBytes scalar(final PickleBytes pickle, final String key) {
		return pickle.text(key).tensor("FloatStorage", "0", 1, false, 0, new long[0], new long[0]).op(Opcodes.SETITEM);
	}

	@Test
	void wrappersWithoutTensorsArePassedBy() throws IOException {
		final PickleBytes pickle = new PickleBytes().op(Opcodes.EMPTY_DICT).text("model").op(Opcodes.EMPTY_DICT).text("name").text("x").op(Opcodes.SETITEM, Opcodes.SETITEM);
		pickle.text("best").tensor("FloatStorage", "0", 1, false, 0, new long[0], new long[0]).op(Opcodes.SETITEM);
		pickle.text("net").op(Opcodes.EMPTY_DICT).text("w").tensor("FloatStorage", "0", 1, false, 0, new long[0], new long[0]).op(Opcodes.SETITEM, Opcodes.SETITEM);
		assertEquals("[w]", inMemory(zip(pickle.stop(), floats(8))).keySet().toString());
	}

	@Test
	void keysThatBecomeTheSameAreRefused() throws IOException {
		final PickleBytes pickle = new PickleBytes().op(Opcodes.EMPTY_DICT, Opcodes.MARK);
		for (final String key : new String[] {"tcb1.w", "module.tsb1.w"})
			pickle.text(key).tensor("FloatStorage", "0", 1, false, 0, new long[0], new long[0]);
		assertEquals("weights.pth has two tensors for tcb1.w: tcb1.w and module.tsb1.w; save the weights again with one of them.", refusal(zip(pickle.op(Opcodes.SETITEMS).stop(), floats(8))));
	}

	@Test
	void filesWithoutTensorsAreRefused() throws IOException {
		final String start = "weights.pth is not a usable PyTorch file: ";
		final String other = "; take a file with a network's state_dict().";
		assertEquals(start + "it holds no dictionary of tensors, only epoch" + other, refusal(zip(new PickleBytes().op(Opcodes.EMPTY_DICT).text("epoch").number(3).op(Opcodes.SETITEM).stop(), floats(8))));
		assertEquals(start + "it holds no dictionary of tensors, only an empty dictionary" + other, refusal(zip(new PickleBytes().op(Opcodes.EMPTY_DICT).stop(), floats(8))));
		final PickleBytes numbered = new PickleBytes().op(Opcodes.EMPTY_DICT).number(1).tensor("FloatStorage", "0", 1, false, 0, new long[0], new long[0]).op(Opcodes.SETITEM);
		assertEquals(start + "it holds no dictionary of tensors, only entries whose keys are no texts" + other, refusal(zip(numbered.stop(), floats(8))));
		assertEquals(start + "it holds no dictionary of tensors; open it in PyTorch and save its state_dict() alone.", refusal(zip(new PickleBytes().op(Opcodes.EMPTY_LIST).stop(), floats(8))));
		assertEquals(start + "it holds one tensor without a name; open it in PyTorch and save its state_dict() alone.", refusal(zip(new PickleBytes().tensor("FloatStorage", "0", 1, false, 0, new long[0], new long[0]).stop(), floats(8))));
	}

	@Test
	void tensorsUnderOtherNamesAreNamed() throws IOException {
		final String start = "weights.pth is not a usable PyTorch file: its tensors are under names that are not looked at (";
		final PickleBytes one = scalar(new PickleBytes().op(Opcodes.EMPTY_DICT).text("model_state_dict").op(Opcodes.EMPTY_DICT), "w").op(Opcodes.SETITEM).text("epoch").number(1).op(Opcodes.SETITEM);
		assertEquals(start + "model_state_dict); open it in PyTorch and save that part alone.", refusal(zip(one.stop(), floats(8))));
		final PickleBytes two = scalar(new PickleBytes().op(Opcodes.EMPTY_DICT).text("ema").op(Opcodes.EMPTY_DICT), "w").op(Opcodes.SETITEM);
		scalar(two.text("model").op(Opcodes.EMPTY_DICT).text("generator").op(Opcodes.EMPTY_DICT), "w").op(Opcodes.SETITEM, Opcodes.SETITEM);
		assertEquals(start + "ema, model/generator); open it in PyTorch and save the network's part alone.", refusal(zip(two.stop(), floats(8))));
		final PickleBytes many = new PickleBytes().op(Opcodes.EMPTY_DICT);
		for (int i = 0; i < 7; i++)
			scalar(many.text("n" + i).op(Opcodes.EMPTY_DICT), "w").op(Opcodes.SETITEM);
		assertTrue(refusal(zip(many.stop(), floats(8))).startsWith(start + "n0, n1, n2, n3, n4 and more); "));
	}

	@Test
	void tensorsBehind2GigabytesAreRead() throws IOException {
		final long end = 5 * GIGABYTE;
		final byte[] header = ("{\"padding\":{\"dtype\":\"U8\",\"shape\":[" + end + "],\"data_offsets\":[0," + end + "]},"
			+ "\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + end + "," + (end + 8) + "]},"
			+ "\"half\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[" + (end + 2) + "," + (end + 6) + "]}}").getBytes(StandardCharsets.US_ASCII);
		final Path file = folder.resolve("large.safetensors");
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
			channel.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, header.length));
			channel.write(ByteBuffer.wrap(header));
			channel.write(ByteBuffer.wrap(floats(1.5f, -2)), 8 + header.length + end);
		}
		try (Bytes bytes = Bytes.of(file)) {
			final Map<String, StoredTensor> tensors = WeightFile.tensors(bytes);
			assertArrayEquals(new float[] {1.5f, -2}, tensors.get("t").load(manager).toFloatArray());
			assertArrayEquals(new float[] {1.5f, 0}, tensors.get("half").load(manager).toFloatArray());
			assertTrue(assertThrows(WeightsException.class, () -> tensors.get("padding").load(manager)).getMessage().contains("is too large"));
		}
	}
}
