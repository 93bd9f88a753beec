package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.ProgramRun;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import javax.imageio.ImageIO;

import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What takes long of the built program on many images. */
@Tag("soak")
class FoldersSoakIT {

	private static final int KILLS = Integer.getInteger("dgiqa.soak.kills", 50);
	private static final int IMAGES = Integer.getInteger("dgiqa.soak.images", 10_000);
	private static final int KILL_IMAGES = Integer.getInteger("dgiqa.soak.kill.images", 600);
	private static final long SEED = Long.getLong("dgiqa.soak.seed", 10);
	private static final int MOST_MUTATIONS = 5;
	private static final int EARLY = 500;
	private static final int ALLOWED_MB = 60;
	private static final int HOURS = 3;

	@TempDir
	private Path temporary;

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void killedManyTimes() throws IOException, InterruptedException {
		System.out.println(ManyImages.kill(temporary, KILL_IMAGES, KILLS, SEED));
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void memoryStaysAsItIs() throws IOException, InterruptedException {
		final Path folder = ManyImages.make(temporary.resolve("p"), IMAGES);
		final Path csv = temporary.resolve("rows.csv");
		final Path out = temporary.resolve("out");
		final Process process = ManyImages.program("--resume", "--csv", csv, folder).redirectErrorStream(true).redirectOutput(out.toFile()).start();
		final List<String> curve = new ArrayList<>();
		long early = 0;
		long late = 0;
		int next = EARLY;
		// rows are counted by their length: a look at each would slow the work down
		while (!process.waitFor(1, TimeUnit.SECONDS)) {
			final long rows = Files.exists(csv) ? Files.readString(csv).lines().count() - 1 : 0;
			if (rows < next) continue;
			late = ProgramRun.megabytes(process.pid(), "VmRSS");
			if (early == 0) early = late;
			curve.add(rows + ": " + late);
			next += EARLY;
		}
		System.out.println("resident MB by rows: " + curve);
		assertEquals(0, process.exitValue(), Files.readString(out));
		assertEquals(IMAGES, ManyImages.rows(csv).size());
		assertTrue(late <= early + ALLOWED_MB, curve.toString());
	}

	/** Each has a row, and nothing hangs or crashes. */
	@Test
	void mutatedFilesHaveTheirRows() throws IOException {
		final Path folder = Files.createDirectory(temporary.resolve("m"));
		final List<byte[]> originals = originals();
		final Random random = new Random(SEED);
		for (int i = 0; i < IMAGES; i++) {
			final byte[] original = originals.get(i % originals.size());
			Files.write(folder.resolve(String.format(Locale.ROOT, "%05d.png", i)), mutated(original, originals, random));
		}
		final Path csv = temporary.resolve("mutated.csv");
		final ProgramRun run = ProgramRun.of(ManyImages.program("--csv", csv, folder), (int) TimeUnit.HOURS.toSeconds(HOURS));
		assertTrue(run.status() <= 1, run.status() + run.err());
		final Iterator<CSVRecord> rows = ProgramRun.rows(csv).iterator();
		int scored = 0;
		String path = "";
		int files = 0;
		while (rows.hasNext()) {
			final CSVRecord row = rows.next();
			if (!row.get("path").equals(path)) files++;
			path = row.get("path");
			assertEquals(row.get("score").isEmpty(), !row.get("error").isEmpty(), row.toString());
			assertTrue(row.get("error").isEmpty() || row.get("error").matches("[^\\n]+\\."), row.toString());
			if (row.get("error").isEmpty()) scored++;
		}
		System.out.println(IMAGES + " mutated files, seed " + SEED + ": " + files + " with rows, " + scored + " pictures scored");
		assertEquals(IMAGES, files);
	}

	/** One of each format. */
	private List<byte[]> originals() throws IOException {
		final Path made = ManyImages.make(temporary.resolve("o"), 1).resolve("00000.png");
		final List<byte[]> originals = new ArrayList<>();
		for (final String format : new String[] {"png", "jpg", "gif", "bmp", "tif"}) {
			final Path file = temporary.resolve("original." + format);
			assertTrue(ImageIO.write(ImageIO.read(made.toFile()), format, file.toFile()), format);
			originals.add(Files.readAllBytes(file));
		}
		return originals;
	}

	/** Bytes flipped, set to their ends, cut off, or a piece of another file in the middle. */
	private static byte[] mutated(final byte[] original, final List<byte[]> others, final Random random) {
		byte[] bytes = original.clone();
		for (int i = random.nextInt(MOST_MUTATIONS) + 1; i > 0 && bytes.length > 1; i--) {
			// most of what can go wrong is in the headers
			final int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 64));
			switch (random.nextInt(4)) {
				case 0:
					bytes[at] ^= 1 << random.nextInt(8);
					break;
				case 1:
					bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0);
					break;
				case 2:
					bytes = Arrays.copyOf(bytes, Math.max(1, at));
					break;
				default:
					final byte[] other = others.get(random.nextInt(others.size()));
					System.arraycopy(other, 0, bytes, at, Math.min(other.length, Math.min(bytes.length - at, random.nextInt(32) + 1)));
			}
		}
		return bytes;
	}
}
