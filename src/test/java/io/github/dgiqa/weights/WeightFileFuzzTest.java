package io.github.dgiqa.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.weights.WeightWriter.Form;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damaged weight files end in their tensors or in a sentence: no other error, no crash, no hang, little memory. */
@Tag("fuzz")
class WeightFileFuzzTest extends NativeMemory {

	private static final long SEED = Long.getLong("dgiqa.fuzz.seed", 4);
	private static final int FILES = Integer.getInteger("dgiqa.fuzz.files", 10_000);
	private static final int MOST_ELEMENTS = 1_000_000;
	private static final int MOST_MUTATIONS = 4;
	private static final int MOST_FLIPS = 16;
	private static final int LONGEST_PIECE = 300;
	private static final double MOST_SECONDS = 2;
	private static final long MOST_KILOBYTES = 2_000_000;

	private static final String[] REFERENCES = {"state_dict.pth", "state_dict_legacy.pth", "state_dict.safetensors", "wrapped.pth", "data_parallel.pth", "with_metadata.pth", "hostile.pth", "html.pth"};
	/** A name of Java's, or of one of its errors. */
	private static final Pattern JAVA_NAME = Pattern.compile("\\b(java|javax|sun|ai|net|org|io)\\.[a-z]+[\\w.]*|\\w+(Exception|Error)\\b");

	@TempDir
	private Path folder;

	private final Random random = new Random(SEED);
	private final List<byte[]> originals = new ArrayList<>();
	private final Map<String, Integer> outcomes = new LinkedHashMap<>();

	private void collectOriginals() throws IOException {
		for (final String name : REFERENCES)
			try (InputStream in = WeightFileFuzzTest.class.getResourceAsStream("/reference/checkpoints/" + name)) {
				originals.add(in.readAllBytes());
			}
		final Map<String, Shape> shapes = new LinkedHashMap<>();
		shapes.put("backbone.conv.weight", new Shape(4, 3, 3, 3));
		shapes.put("tcb1.norm.weight", new Shape(16));
		shapes.put("tcb1.norm.num_batches_tracked", new Shape());
		for (final String one : new String[] {"query", "key", "value"})
			shapes.put("backbone.encoder.layer.0.attention.attention." + one + ".weight", new Shape(4, 4));
		shapes.put("backbone.embeddings.cls_token", new Shape(1, 1, 4));
		for (final Form form : Form.values()) {
			final Path file = folder.resolve(form.name());
			Fill.write(shapes, file, form);
			originals.add(Files.readAllBytes(file));
		}
		final Map<String, byte[]> entries = new LinkedHashMap<>();
		entries.put("archive/data.pkl", WeightFileTest.one("BFloat16Storage", 600, 30, new long[] {10, 20}, new long[] {1, 20}));
		entries.put("archive/data/0", new byte[1200]);
		originals.add(WeightFileTest.zip(ZipArchiveEntry.DEFLATED, entries));
	}

	@Test
	@Timeout(value = 30, unit = TimeUnit.MINUTES)
	void mutatedFilesEndInTensorsOrASentence() throws IOException {
		collectOriginals();
		double slowest = 0;
		for (int i = 0; i < FILES; i++) {
			final byte[] mutated = mutated();
			// a file of its own: one that is mapped must not change
			final Path file = Files.write(folder.resolve("mutated" + i), mutated);
			final long start = System.nanoTime();
			try {
				read(file);
			}
			catch (final Throwable e) {
				final Path kept = Files.write(Path.of("target", "fuzz-" + SEED + "-" + i), mutated);
				throw new AssertionError("file " + i + ", kept as " + kept, e);
			}
			final double seconds = (System.nanoTime() - start) / 1e9;
			assertTrue(seconds < MOST_SECONDS, "file " + i + " took " + seconds + " s");
			slowest = Math.max(slowest, seconds);
			Files.delete(file);
		}
		assertFalse(Files.exists(Path.of("dgiqa-was-here")));
		final long kilobytes = peakKilobytes();
		System.out.printf(Locale.ROOT, "%d mutated files, seed %d: %s; slowest %.2f s; peak resident memory %d MB%n", FILES, SEED, outcomes, slowest, kilobytes / 1000);
		assertEquals(FILES, outcomes.values().stream().mapToInt(Integer::intValue).sum());
		assertTrue(kilobytes < MOST_KILOBYTES, kilobytes + " kB");
	}

	private void read(final Path file) throws IOException {
		String outcome = "read";
		try (Bytes bytes = Bytes.of(file); NDManager ofFile = manager.newSubManager()) {
			for (final StoredTensor tensor : WeightFile.tensors(bytes).values())
				if (tensor.shape().size() <= MOST_ELEMENTS) assertEquals(tensor.shape().size(), tensor.load(ofFile).toFloatArray().length);
		}
		catch (final WeightsException e) {
			final String sentence = e.getMessage().replace(file.toString(), "FILE");
			assertTrue(sentence.endsWith("."), sentence);
			assertTrue(sentence.chars().noneMatch(Character::isISOControl), sentence);
			assertFalse(JAVA_NAME.matcher(sentence).find(), sentence);
			outcome = sentence.replaceAll("[:,(].*", "").replaceAll(".*FILE ", "");
		}
		outcomes.merge(outcome, 1, Integer::sum);
	}

	private byte[] mutated() {
		byte[] file = any();
		for (int mutations = 1 + random.nextInt(MOST_MUTATIONS); mutations > 0 && file.length > 0; mutations--)
			file = switch (random.nextInt(5)) {
				case 0 -> cut(file);
				case 1 -> spliced(file);
				case 2 -> withMaximum(file);
				default -> flipped(file);
			};
		return file;
	}

	private byte[] any() {
		return originals.get(random.nextInt(originals.size())).clone();
	}

	private byte[] flipped(final byte[] file) {
		for (int flips = 1 + random.nextInt(MOST_FLIPS); flips > 0; flips--)
			file[random.nextInt(file.length)] ^= (byte) (1 + random.nextInt(255));
		return file;
	}

	private byte[] cut(final byte[] file) {
		return Arrays.copyOf(file, random.nextInt(file.length));
	}

	/** With a piece of another file, or of this one, in the place of some bytes. */
	private byte[] spliced(final byte[] file) {
		final byte[] other = any();
		final int from = random.nextInt(other.length);
		final byte[] piece = Arrays.copyOfRange(other, from, Math.min(other.length, from + 1 + random.nextInt(LONGEST_PIECE)));
		final int at = random.nextInt(file.length);
		final int replaced = Math.min(random.nextBoolean() ? piece.length : 0, file.length - at);
		final byte[] result = Arrays.copyOf(file, file.length - replaced + piece.length);
		System.arraycopy(piece, 0, result, at, piece.length);
		System.arraycopy(file, at + replaced, result, at + piece.length, file.length - at - replaced);
		return result;
	}

	/** With the largest number of 1, 2, 4 or 8 bytes, signed or not, somewhere. */
	private byte[] withMaximum(final byte[] file) {
		final int at = random.nextInt(file.length);
		final int end = Math.min(file.length, at + (1 << random.nextInt(4)));
		Arrays.fill(file, at, end, (byte) 0xff);
		if (random.nextBoolean()) file[end - 1] = Byte.MAX_VALUE;
		return file;
	}

	/** The largest amount of memory that the process had, as Linux tells it; 0 elsewhere. */
	private static long peakKilobytes() throws IOException {
		final Path status = Path.of("/proc/self/status");
		if (!Files.exists(status)) return 0;
		return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0);
	}
}
