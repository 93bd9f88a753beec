package io.github.dgiqa.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.Sha256;
import io.github.dgiqa.model.ModelImport.Wishes;
import io.github.dgiqa.network.Layer;
import io.github.dgiqa.weights.Fill;
import io.github.dgiqa.weights.WeightWriter;
import io.github.dgiqa.weights.WeightWriter.Form;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an import takes, what it makes of it, and that nothing is left of one that fails. */
class ModelImportTest extends NativeMemory {

	private static final Path SHIPPED = Path.of("models");
	private static final Path WEIGHTS = SHIPPED.resolve("depth-compact").resolve("depth-compact.safetensors");
	private static final String SHIPPED_HASH = Sha256.of(WEIGHTS);
	private static final Wishes NONE = new Wishes(null, false);

	@TempDir
	Path folder;

	private ModelStore store;

	@BeforeEach
	void emptyStore() {
		store = ModelStore.of(folder.resolve("store"), null);
	}

	private List<Outcome> run(final Path path, final Wishes wishes) {
		return ModelImport.run(store, path, wishes, Watch.NOBODY);
	}

	private Outcome one(final Path path, final Wishes wishes) {
		final List<Outcome> outcomes = run(path, wishes);
		assertEquals(1, outcomes.size());
		assertTrue(outcomes.get(0).ok());
		return outcomes.get(0);
	}

	private String refusal(final Path path, final Wishes wishes) throws IOException {
		final String message = assertThrows(DgiqaException.class, () -> run(path, wishes)).getMessage();
		assertTrue(message.matches(".*[^.]\\.") && !message.contains("\n"), message);
		assertEquals(List.of(), leftovers(), message);
		return message;
	}

	/** What lies in the store besides models and its lock. */
	private List<String> leftovers() throws IOException {
		if (!Files.exists(store.folder())) return List.of();
		try (Stream<Path> files = Files.list(store.folder())) {
			return files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith(".") && !name.equals(".lock")).toList();
		}
	}

	private List<String> filesOf(final String model) throws IOException {
		try (Stream<Path> files = Files.list(store.folder().resolve(model))) {
			return files.map(file -> file.getFileName().toString()).sorted().toList();
		}
	}

	private static Map<String, Shape> tensors(final String model) {
		return new LinkedHashMap<>(ModelStore.of(null).find(model).network().stateDict());
	}

	/** Filled weights of the compact depth model. */
	private Path filled(final Form form) throws IOException {
		final Path file = folder.resolve("filled." + form.name().toLowerCase(Locale.ROOT));
		Fill.write(tensors("depth-compact"), file, form);
		return file;
	}

	/** All elements the same. */
	private Path constant(final float value) throws IOException {
		final Path file = folder.resolve("constant" + value + ".pth");
		WeightWriter.write(tensors("depth-compact"), key -> i -> value, file, Form.ZIP);
		return file;
	}

	private float first(final String model) {
		return values(store.find(model), "out.bias")[0];
	}

	private float[] values(final StoredModel model, final String key) {
		try (NDManager own = manager.newSubManager()) {
			final Layer network = model.load(own);
			return network.namedParameters().stream().filter(named -> named.path().equals(key)).findFirst().orElseThrow().parameter().getArray().toFloatArray();
		}
	}

	@ParameterizedTest
	@EnumSource
	void aWeightFileOfEachForm(final Form form) throws IOException {
		final Path file = filled(form);
		final Outcome outcome = one(file, new Wishes("mine", false));
		assertEquals("mine", outcome.name());
		assertTrue(outcome.sentence().startsWith(file.getFileName() + " is now the model mine: Compact inverse depth: "), outcome.sentence());
		assertTrue(outcome.sentence().contains("; licence: BSD-2-Clause ("), outcome.sentence());
		final StoredModel mine = store.find("mine");
		assertEquals("mine", mine.name());
		final ModelDescription.Origin origin = mine.description().origin();
		assertEquals(file.getFileName().toString(), origin.file());
		assertNull(origin.url());
		assertEquals(LocalDate.now().toString(), origin.date());
		try (io.github.dgiqa.weights.Bytes bytes = io.github.dgiqa.weights.Bytes.of(file)) {
			assertEquals(bytes.sha256(), origin.sha256());
		}
		assertEquals(1, mine.description().files().size());
		assertTrue(mine.description().files().get(0).name().matches("weights-[0-9a-f]{16}\\.safetensors"));
		assertTrue(store.verify("mine", false).ok());
		final float[] stored = values(mine, "out.weight");
		final Shape shape = tensors("depth-compact").get("out.weight");
		for (int i = 0; i < stored.length; i++)
			assertEquals(Fill.elements("out.weight", shape).at(i), stored[i]);
		assertEquals(List.of(), leftovers());
	}

	/** Its own weights have 16 bits, and keep them. */
	@Test
	void typesOfElementsAreKept() throws IOException {
		one(WEIGHTS, new Wishes("mine", false));
		final StoredModel mine = store.find("mine");
		assertEquals(SHIPPED_HASH, mine.description().origin().sha256());
		assertEquals(6_239_186, mine.weightBytes(), 10_000); // headers may differ
		assertArrayEquals(values(ModelStore.of(null).find("depth-compact"), "out.weight"), values(mine, "out.weight"));
	}

	@Test
	void whatTheDescriptionSaysIsKept() throws IOException {
		one(filled(Form.ZIP), new Wishes("mine", false));
		final ModelDescription shipped = ModelStore.of(null).find("depth-compact").description();
		final ModelDescription mine = store.find("mine").description();
		assertEquals(shipped.network(), mine.network());
		assertEquals(shipped.training(), mine.training());
		assertEquals(shipped.licence(), mine.licence());
		assertArrayEquals(shipped.preprocessing().mean(), mine.preprocessing().mean());
		assertFalse(Files.readString(store.folder().resolve("mine").resolve("model.json")).contains("\\u0027"), "for people");
	}

	@Test
	void aNameThatIsTakenNeedsReplace() throws IOException {
		assertTrue(refusal(constant(1), NONE).startsWith("There is a model depth-compact already (6.24 MB, in the program); add --replace"));
		one(constant(1), new Wishes("mine", false));
		assertTrue(refusal(constant(2), new Wishes("mine", false)).startsWith("There is a model mine already (12.5 MB, " + store.folder().resolve("mine") + ", from constant1.0.pth, SHA-256 "));
		assertEquals(1, first("mine"));
		one(constant(2), new Wishes("mine", true));
		assertEquals(2, first("mine"));
		assertEquals(2, filesOf("mine").size(), "the old weights are gone");
		one(constant(3), new Wishes(null, true));
		assertEquals(3, first("depth-compact"));
		assertEquals(store.folder().resolve("depth-compact").toString(), store.find("depth-compact").where());
	}

	/** In Fiji's folder models lie that lack weights. */
	@Test
	void aModelWithoutWeightsIsFilled() throws IOException {
		final Path mine = Files.createDirectories(store.folder().resolve("mine"));
		final String json = Files.readString(SHIPPED.resolve("depth-compact").resolve("model.json"));
		Files.writeString(mine.resolve("model.json"), json.replaceFirst("\\{\"name\": \"depth-compact.safetensors\".*\\}", "").replace("\"input_side\": 224", "\"input_side\": 256"));
		assertEquals("needs weights", store.rows().stream().filter(row -> row.name().equals("mine")).findFirst().orElseThrow().state());
		one(constant(1), new Wishes("mine", false));
		assertEquals(1, first("mine"));
		assertEquals(256, store.find("mine").description().preprocessing().inputSide(), "the description of that name counts");
	}

	/** A description may name anything as its weights. */
	@Test
	void anOddModelIsReplaced() throws IOException {
		final Path odd = Files.createDirectories(store.folder().resolve("mine"));
		Files.writeString(odd.resolve("model.json"), Files.readString(SHIPPED.resolve("depth-compact").resolve("model.json")).replace("\"name\": \"depth-compact.safetensors\"", "\"name\": \"model.json\""));
		one(constant(1), new Wishes("mine", true));
		assertEquals(1, first("mine"));
	}

	@Test
	void aDamagedModelIsReplacedOnlyWhenAsked() throws IOException {
		Files.writeString(Files.createDirectories(store.folder().resolve("mine")).resolve("model.json"), "{");
		assertTrue(refusal(constant(1), new Wishes("mine", false)).startsWith("There is a model mine already (a damaged one); add --replace"));
		one(constant(1), new Wishes("mine", true));
		assertEquals(1, first("mine"));
	}

	@ParameterizedTest
	@ValueSource(strings = {"", " ", ".", "..", ".hidden", "a/b", "a\\b", "../a", "end.", "a b", "auto", "measured", "ü", "a\nb", "CON", "nul", "Prn", "aux", "COM1", "lpt9", "nul.txt"})
	void namesThatAreNoFolders(final String name) {
		assertTrue(assertThrows(ModelException.class, () -> new Wishes(name, false)).getMessage().startsWith("A model cannot be called '"));
	}

	/** There Windows and macOS have one folder. */
	@ParameterizedTest
	@ValueSource(booleans = {false, true})
	void aNameInAnotherCase(final boolean replace) throws IOException {
		one(constant(1), new Wishes("mine", false));
		assertEquals("There is a model mine already, and names must differ in more than upper and lower case; name it mine, or choose another name than Mine (option --name).", refusal(constant(2), new Wishes("Mine", replace)));
		assertEquals(1, first("mine"));
	}

	@Test
	void aNameOfTheProgramsIsOfItsKind() throws IOException {
		assertEquals("constant1.0.pth is a model for depth, and dgiqa-compact is the name of the program's own for quality; give it another name (option --name).", refusal(constant(1), new Wishes("dgiqa-compact", true)));
		final String message = refusal(mine(folder.resolve("mine")), new Wishes("dgiqa-compact", true));
		assertTrue(message.contains("model.json is a model for depth, and dgiqa-compact is the name"), message);
		assertTrue(store.find("dgiqa-compact").isInProgram());
	}

	/** Its file has a header's length in 8 bytes, the header, and the elements. */
	@Test
	void progressIsInTheFilesOwnBytes() throws IOException {
		final Path file = WEIGHTS;
		final long elements = Files.size(file) - 8 - ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong();
		final Set<Long> all = new TreeSet<>();
		ModelImport.run(store, file, new Wishes("mine", false), (step, done, bytes) -> {
			if (step.startsWith("reading")) all.add(bytes);
		});
		assertEquals(Set.of(elements), all);
	}

	// -- what is refused --

	@Test
	void oneTensorMissing() throws IOException {
		final Map<String, Shape> tensors = tensors("depth-compact");
		tensors.remove("out.bias");
		final Path file = folder.resolve("less.pth");
		Fill.write(tensors, file, Form.ZIP);
		final String message = refusal(file, NONE);
		assertTrue(message.startsWith(file + " fits none of the known models: it looks like Compact inverse depth, which needs "), message);
		assertTrue(message.endsWith(" tensors: 1 tensor is missing (out.bias (1)); choose another file."), message);
	}

	@Test
	void noneOfTheKnown() throws IOException {
		final Path file = Path.of("src", "test", "resources", "reference", "checkpoints", "state_dict.pth");
		final String message = refusal(file, NONE);
		assertTrue(message.startsWith(file + " fits none of the known models: it holds 10 tensors (a.weight (4, 3, 2, 2); "), message);
		assertTrue(message.endsWith("), and those of one of these were expected: Depth Anything ViT-B, Depth Anything ViT-L, Depth Anything ViT-S, Compact inverse depth, DGIQA, DGIQA compact; choose another file."), message);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {"hostile.pth | it asks for posix.system", "html.pth | looks like a web page", "truncated.pth | cut off or damaged", "truncated.safetensors | cut off or damaged"})
	void whatIsNoWeightFile(final String name, final String saying) throws IOException {
		final String message = refusal(Path.of("src", "test", "resources", "reference", "checkpoints", name), NONE);
		assertTrue(message.contains(saying), message);
	}

	@Test
	void whatIsNotThere() throws IOException {
		assertTrue(refusal(folder.resolve("nothing.pth"), NONE).endsWith("nothing.pth is missing; name a weight file, or a folder or zip with models."));
		final Path empty = Files.createDirectories(folder.resolve("empty"));
		assertEquals(empty + " is no model: a model.json or one weight file was expected in it, neither was found; name the weight file itself, or the folder of a model.", refusal(empty, NONE));
	}

	@ParameterizedTest
	@ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
	void weightsThatAreNoNumbers(final float value) throws IOException {
		final Path file = folder.resolve("nan.pth");
		WeightWriter.write(tensors("depth-compact"), key -> i -> key.equals("out.bias") ? value : 0, file, Form.ZIP);
		final String message = refusal(file, new Wishes("mine", false));
		assertTrue(message.contains("out.bias") && message.contains("no finite number"), message);
	}

	@Test
	void aStoreThatCannotBe() throws IOException {
		final Path file = constant(1);
		store = ModelStore.of(file, null);
		final String message = assertThrows(ModelException.class, () -> run(file, new Wishes("mine", false))).getMessage();
		assertEquals("The folder of models is to be " + file + ", which is a file; name a folder (option --store, or the environment variable DGIQA_MODELS).", message);
		store = ModelStore.of(file.resolve("below"), null);
		assertTrue(assertThrows(ModelException.class, () -> run(file, new Wishes("mine", false))).getMessage().startsWith("The folder of models " + file.resolve("below") + " cannot be written to: "));
	}

	@Test
	void aFullDisk() {
		final String message = assertThrows(ModelException.class, () -> StoreFolder.of(store).stage(Long.MAX_VALUE / 2)).getMessage();
		assertTrue(message.matches("The disk of the folder of models .* has .*B free, and 4611686018 GB are needed; make room, or name another folder \\(option --store\\)\\."), message);
	}

	// -- folders and zips --

	private Path shipped(final String model, final Path to) throws IOException {
		Files.createDirectories(to);
		try (Stream<Path> files = Files.list(SHIPPED.resolve(model))) {
			for (final Path file : (Iterable<Path>) files::iterator)
				Files.copy(file, to.resolve(file.getFileName().toString()));
		}
		return to;
	}

	/** A model of another store: mine, of the compact depth model's weights. */
	private Path mine(final Path to) throws IOException {
		shipped("depth-compact", to);
		final Path json = to.resolve("model.json");
		Files.writeString(json, Files.readString(json).replace("\"name\": \"depth-compact\"", "\"name\": \"mine\""));
		return to;
	}

	private Path zip(final Path contents) throws IOException {
		return zip(contents, ZipArchiveEntry.DEFLATED);
	}

	private Path zip(final Path contents, final int method) throws IOException {
		final Path zip = folder.resolve("archive.zip");
		try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip); Stream<Path> files = Files.walk(contents)) {
			for (final Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
				final ZipArchiveEntry entry = new ZipArchiveEntry(contents.getParent().relativize(file).toString().replace('\\', '/'));
				entry.setMethod(method);
				out.putArchiveEntry(entry);
				Files.copy(file, out);
				out.closeArchiveEntry();
			}
		}
		return zip;
	}

	@ParameterizedTest
	@ValueSource(booleans = {false, true})
	void aModelAsAFolderOrZip(final boolean zipped) throws IOException {
		final Path model = mine(folder.resolve("mine"));
		final Path path = zipped ? zip(model) : model;
		final Outcome outcome = one(path, NONE);
		assertEquals("mine", outcome.name());
		final StoredModel mine = store.find("mine");
		assertEquals(SHIPPED_HASH, mine.description().files().get(0).sha256(), "byte for byte");
		assertEquals(path.getFileName().toString(), mine.description().origin().file());
		assertTrue(store.verify("mine", false).ok());
		assertEquals("mine is there already, with the same weights.", one(path, NONE).sentence());
		assertEquals(List.of(), leftovers());
	}

	/** What was imported goes to a machine without network by its folder, and its origin stays what it was. */
	@ParameterizedTest
	@ValueSource(booleans = {false, true})
	void aWholeStore(final boolean zipped) throws IOException {
		final Path other = folder.resolve("models");
		final ModelStore first = ModelStore.of(other, null);
		ModelImport.run(first, constant(1), new Wishes("one", false), Watch.NOBODY);
		ModelImport.run(first, constant(2), new Wishes("two", false), Watch.NOBODY);
		Files.createDirectories(other.resolve(".import-1"));
		Files.copy(other.resolve("one").resolve("model.json"), other.resolve(".import-1").resolve("model.json"));
		shipped("dgiqa", other.resolve("dgiqa"));
		shipped("dgiqa-compact", other.resolve("dgiqa-compact"));
		final List<Outcome> outcomes = run(zipped ? zip(other) : other, NONE);
		assertEquals(List.of("dgiqa", "dgiqa-compact", "one", "two"), outcomes.stream().map(Outcome::name).toList());
		assertEquals("dgiqa has no weights there: nothing to import.", outcomes.get(0).sentence());
		assertEquals("dgiqa-compact is there already, with the same weights.", outcomes.get(1).sentence());
		assertTrue(outcomes.stream().allMatch(Outcome::ok));
		assertEquals(1, first("one"));
		assertEquals(2, first("two"));
		assertEquals("constant1.0.pth", store.find("one").description().origin().file());
		assertTrue(refusal(zipped ? folder.resolve("archive.zip") : other, new Wishes("three", false)).contains(" holds 4 models, which cannot all be called three"));
	}

	/** The others of a store are imported all the same. */
	@Test
	void oneOfAStoreIsDamaged() throws IOException {
		final Path other = folder.resolve("models");
		mine(other.resolve("mine"));
		final Path damaged = mine(other.resolve("damaged"));
		Files.write(damaged.resolve("depth-compact.safetensors"), new byte[12]);
		final List<Outcome> outcomes = run(other, NONE);
		assertEquals(List.of(false, true), outcomes.stream().map(Outcome::ok).toList());
		assertTrue(outcomes.get(0).sentence().endsWith("depth-compact.safetensors is not the file that its model.json names: " + Files.size(WEIGHTS) + " bytes were expected, 12 were found; get the model again."), outcomes.get(0).sentence());
		assertTrue(store.verify("mine", false).ok());
	}

	/** The lowest bit of one of its elements, which is a number all the same. */
	@ParameterizedTest
	@ValueSource(ints = {ZipArchiveEntry.STORED, ZipArchiveEntry.DEFLATED})
	void aZipWithAFlippedBit(final int method) throws IOException {
		final Path snapshot = Files.createDirectories(folder.resolve("snapshot"));
		Files.copy(filled(Form.SAFETENSORS), snapshot.resolve("model.safetensors"));
		final Path zip = zip(snapshot, method);
		one(zip, new Wishes("good", false));
		final byte[] bytes = Files.readAllBytes(zip);
		bytes[bytes.length / 2 / 4 * 4] ^= 1;
		Files.write(zip, bytes);
		final String message = refusal(zip, new Wishes("mine", false));
		assertTrue(message.startsWith(zip + "/snapshot/model.safetensors is damaged: ") && message.endsWith("; get it again."), message);
	}

	/** A letter of its title. */
	@Test
	void aZipWithAFlippedBitInItsDescription() throws IOException {
		final Path zip = zip(mine(folder.resolve("mine")), ZipArchiveEntry.STORED);
		final byte[] bytes = Files.readAllBytes(zip);
		final int title = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("Compact inverse depth");
		bytes[title] ^= 1;
		Files.write(zip, bytes);
		final String message = refusal(zip, NONE);
		assertTrue(message.matches(".*/mine/model\\.json is damaged: its CRC-32 is [0-9a-f]{8} instead of [0-9a-f]{8}; get it again\\."), message);
	}

	@Test
	void aSnapshotWithOneWeightFile() throws IOException {
		final Path snapshot = Files.createDirectories(folder.resolve("snapshot"));
		Files.writeString(snapshot.resolve("config.json"), "{}");
		Files.copy(constant(1), snapshot.resolve("pytorch_model.bin"));
		one(snapshot, new Wishes("mine", false));
		assertEquals("pytorch_model.bin", store.find("mine").description().origin().file());
		one(zip(snapshot), new Wishes("zipped", false));
		assertEquals(1, first("zipped"));
		Files.copy(constant(1), snapshot.resolve("model.safetensors"));
		assertTrue(refusal(snapshot, NONE).contains("2 weight files were found (model.safetensors, pytorch_model.bin); name the weight file itself"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
		"DIGEST | OTHER | is not the file that its model.json names: SHA-256 OTHER was expected, DIGEST was found",
		"\"bytes\": SIZE | \"bytes\": 7 | 7 bytes were expected, SIZE were found",
		"\"name\": \"depth-compact.safetensors\" | \"name\": \"other.safetensors\" | other.safetensors is missing, and model.json names it",
		"\"name\": \"depth-compact.safetensors\" | \"name\": \"..\" | .. is missing, and model.json names it",
		"\"name\": \"mine\" | \"name\": \"../mine\" | A model cannot be called '../mine'",
		"\"channels\": 48 | \"channels\": 56 | do not fit the model mine, which needs ",
		"\"type\": \"depth-pyramid\" | \"type\": \"depth-cone\" | describes no network that can be built"})
	void aModelThatIsNotWhatItSays(final String what, final String changed, final String saying) throws IOException {
		final Path model = mine(folder.resolve("mine"));
		final String json = Files.readString(model.resolve("model.json"));
		Files.writeString(model.resolve("model.json"), json.replace(meant(what), meant(changed)));
		assertTrue(refusal(model, NONE).contains(meant(saying)), refusal(model, NONE));
		assertTrue(refusal(zip(model), NONE).contains(meant(saying)), refusal(zip(model), NONE));
	}

	/** With size and SHA-256 of the shipped weights, and another SHA-256. */
	private static String meant(final String text) throws IOException {
		return text.replace("DIGEST", SHIPPED_HASH).replace("OTHER", "0".repeat(64)).replace("SIZE", Long.toString(Files.size(WEIGHTS)));
	}

	@ParameterizedTest
	@CsvSource({"../evil, would lie outside", "/evil, would lie outside", "a/../../evil, would lie outside", "C:evil, would lie outside"})
	void entriesThatWouldLieOutside(final String name, final String saying) throws IOException {
		final Path zip = folder.resolve("evil.zip");
		try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
			put(out, "model.json", "{}");
			put(out, name, "evil");
		}
		assertTrue(refusal(zip, NONE).contains("its entry " + name + " " + saying), refusal(zip, NONE));
	}

	private static void put(final ZipArchiveOutputStream out, final String name, final String text) throws IOException {
		out.putArchiveEntry(new ZipArchiveEntry(name));
		out.write(text.getBytes(StandardCharsets.UTF_8));
		out.closeArchiveEntry();
	}

	@Test
	void twoEntriesOfOneName() throws IOException {
		final Path zip = folder.resolve("twice.zip");
		try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
			put(out, "model.json", "{}");
			put(out, "model.json", "{ }");
		}
		assertTrue(refusal(zip, NONE).contains("it has two entries called model.json"));
	}

	@Test
	void aLink() throws IOException {
		final Path zip = folder.resolve("link.zip");
		try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
			final ZipArchiveEntry link = new ZipArchiveEntry("model.json");
			link.setUnixMode(0120777);
			out.putArchiveEntry(link);
			out.write("/etc/passwd".getBytes(StandardCharsets.UTF_8));
			out.closeArchiveEntry();
		}
		assertTrue(refusal(zip, NONE).contains("its entry model.json is a link"));
	}

	/** 100 MB of zeros take 100 kB. */
	@Test
	void aBomb() throws IOException {
		final Path zip = folder.resolve("bomb.zip");
		try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
			put(out, "model.json", "{}");
			out.putArchiveEntry(new ZipArchiveEntry("weights.pth"));
			final byte[] zeros = new byte[1 << 20];
			for (int i = 0; i < 100; i++)
				out.write(zeros);
			out.closeArchiveEntry();
		}
		assertTrue(refusal(zip, NONE).contains("would become more than 100 times as much"));
	}

	// -- several at once, and ends before the end --

	@Test
	void whoStopsItLeavesTheStoreAsItWas() throws IOException {
		one(constant(1), new Wishes("mine", false));
		final Path file = constant(2);
		assertThrows(CancellationException.class, () -> ModelImport.run(store, file, new Wishes("mine", true), (step, done, all) -> {
			throw new CancellationException();
		}));
		assertEquals(1, first("mine"));
		assertEquals(List.of(), leftovers());
	}

	@Test
	void whatAKilledImportLeftIsRemoved() throws IOException {
		final Path left = Files.createDirectories(store.folder().resolve(".import-123"));
		Files.write(left.resolve("weights.safetensors"), new byte[1000]);
		final Path half = Files.createDirectories(store.folder().resolve("mine"));
		Files.write(half.resolve("weights-0123456789abcdef.safetensors"), new byte[1000]); // its model.json did not get there
		assertFalse(store.names().contains("mine"));
		one(constant(1), new Wishes("mine", false));
		assertEquals(List.of(), leftovers());
		assertEquals(2, filesOf("mine").size());
	}

	@Test
	void severalAtOnceOfOneName() throws Exception {
		final List<Path> files = List.of(constant(1), constant(2), constant(3), constant(4));
		final ExecutorService threads = Executors.newFixedThreadPool(files.size());
		try {
			final List<Future<Outcome>> outcomes = files.stream().map(file -> threads.submit(() -> one(file, new Wishes("mine", true)))).toList();
			for (final Future<Outcome> outcome : outcomes)
				assertTrue(outcome.get().ok());
		}
		finally {
			threads.shutdownNow();
		}
		assertTrue(store.verify("mine", false).ok());
		assertEquals(2, filesOf("mine").size(), filesOf("mine").toString());
		assertEquals(List.of(), leftovers());
	}
}
