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

import java.io.ByteArrayInputStream;
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

	private static byte[] resource(final String name) throws IOException {
		try (InputStream in = WeightFileTest.class.getResourceAsStream("/reference/checkpoints/" + name)) {
			return in.readAllBytes();
		}
	}

	private static Map<String, StoredTensor> inMemory(final byte[] file) throws IOException {
		return WeightFile.tensors(Bytes.of("weights.pth", new ByteArrayInputStream(file)));
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
		final Map<String, byte[]> entries = new LinkedHashMap<>();
		entries.put("archive/data.pkl", pickle);
		entries.put(DATA, storage);
		return zip(ZipArchiveEntry.STORED, entries);
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
		try (Bytes bytes = onDisk ? Bytes.of(file) : Bytes.of("weights", new ByteArrayInputStream(zip))) {
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
		assertTrue(refusal(zip).contains("compressed in a way that is not supported (12)"), refusal(zip));
		bytes.putShort(entry + 8, (short) 1);
		assertTrue(refusal(zip).contains("its entry data/0 is encrypted"), refusal(zip));
		final Map<String, byte[]> entries = new LinkedHashMap<>();
		entries.put("archive/data.pkl", pickle);
		entries.put("archive/byteorder", "big".getBytes(StandardCharsets.US_ASCII));
		assertTrue(refusal(zip(ZipArchiveEntry.STORED, entries)).contains("another byte order (big)"));
		assertTrue(refusal(legacy(PickleBytes.legacyStart(false), pickle)).contains("another byte order (big)"));
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

	@ParameterizedTest
	@ValueSource(strings = {"[[[[[[[[", "{\"a\":{\"dtype\":\"F32\",\"shape\":[[[[1]]]],\"data_offsets\":[0,4]}}", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1e999999999],\"data_offsets\":[0,4]}}"})
	void hostileHeadersEndInASentence(final String header) {
		final byte[] json = ("{" + header).repeat(100_000).getBytes(StandardCharsets.US_ASCII);
		final ByteBuffer file = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json);
		assertTrue(refusal(file.array()).contains(".safetensors file"));
		final byte[] once = header.getBytes(StandardCharsets.US_ASCII);
		final ByteBuffer single = ByteBuffer.allocate(12 + once.length).order(ByteOrder.LITTLE_ENDIAN).putLong(once.length).put(once);
		assertThrows(WeightsException.class, () -> SafeTensors.read(Bytes.of("weights", new ByteArrayInputStream(single.array()))));
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
		final byte[] pickle = new PickleBytes().op(Opcodes.EMPTY_DICT).text("module.".repeat(2_000_000) + "w").tensor("FloatStorage", "0", 1, false, 0, new long[0], new long[0]).op(Opcodes.SETITEM).stop();
		final byte[] file = zip(pickle, floats(8));
		assertEquals("[w]", Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> inMemory(file)).keySet().toString());
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
		assertTrue(refusal(zip(new PickleBytes().op(Opcodes.EMPTY_DICT).text("epoch").number(3).op(Opcodes.SETITEM).stop(), floats(8))).contains("it holds no tensors, only epoch"));
		assertTrue(refusal(zip(new PickleBytes().op(Opcodes.EMPTY_LIST).stop(), floats(8))).contains("no dictionary of tensors"));
		assertTrue(refusal(zip(new PickleBytes().tensor("FloatStorage", "0", 1, false, 0, new long[0], new long[0]).stop(), floats(8))).contains("one tensor without a name"));
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
