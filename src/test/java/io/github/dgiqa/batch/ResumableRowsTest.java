package io.github.dgiqa.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.DgiqaException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever ends a run, the next ones lead to the rows of one run: none lost, none twice, none cut. */
class ResumableRowsTest {

	@TempDir
	private Path temporary;
	private Path images;
	private Path csv;
	private Path side;

	@BeforeEach
	void makeFiles() throws IOException {
		images = Files.createDirectory(temporary.resolve("images"));
		csv = temporary.resolve("rows.csv");
		side = temporary.resolve("rows.csv.resume");
		put("a", "xa");
		put("b", "bb\nbbb\nb");
		put("c", "cc");
		put("d", "dddd");
	}

	private void put(final String name, final String content) throws IOException {
		Files.writeString(images.resolve(name), content);
		// also where a file is written twice within the clock's step
		Files.setLastModifiedTime(images.resolve(name), FileTime.fromMillis(1_000_000_000L + content.hashCode()));
	}

	private String label(final String name) {
		return RowFiles.list(images).label(0).replaceAll("a$", name);
	}

	private String line(final String name, final int slice, final String content) {
		return RowFiles.line(label(name), slice, content);
	}

	/** What one run gives. */
	private String all() {
		return RowFiles.HEADER + line("a", 1, "xa") + line("b", 1, "bb") + line("b", 2, "bbb") + line("b", 3, "b") + line("c", 1, "cc") + line("d", 1, "dddd");
	}

	private int run(final boolean retry) throws IOException {
		try (ResumableRows rows = ResumableRows.open(csv, RowFiles.provenance("m", null), false)) {
			return RowFiles.run(rows, RowFiles.list(images), null, retry);
		}
	}

	private void assertRows(final String expected) throws IOException {
		assertEquals(expected, Files.readString(csv));
		try (Stream<Path> files = Files.list(temporary)) {
			assertEquals(List.of("images", "rows.csv", "rows.csv.resume"), files.map(file -> file.getFileName().toString()).sorted().toList());
		}
	}

	@Test
	void whatIsDoneIsNotDoneAgain() throws IOException {
		assertEquals(4, run(false));
		assertRows(all());
		assertEquals(0, run(false));
		assertRows(all());
	}

	/** The side file never tells of rows that are not there: at each length of the rows, each length of it that may be. */
	@Test
	void cutAtEveryPlace() throws IOException {
		run(false);
		final byte[] rows = Files.readAllBytes(csv);
		final String[] lines = Files.readString(side).split("(?<=\n)");
		final int[] ends = {RowFiles.HEADER.length(), 0, 0, 0, 0};
		final List<SideFile.Entry> entries = SideFile.read(side).entries();
		assertEquals(List.of("a", "b", "c", "d"), entries.stream().map(entry -> Path.of(entry.path()).getFileName().toString()).toList());
		assertEquals(List.of(1, 3, 1, 1), entries.stream().map(SideFile.Entry::rows).toList());
		for (int i = 0; i < 4; i++)
			ends[i + 1] = (int) entries.get(i).end();
		assertEquals(rows.length, ends[4]);
		int tried = 0;
		for (int cut = 0; cut <= rows.length; cut += 3)
			for (int told = 0; told <= 4 && ends[told] <= Math.max(cut, ends[0]); told++)
				for (final boolean half : new boolean[] {false, true}) {
					Files.write(csv, Arrays.copyOf(rows, cut));
					final String next = half ? lines[told + 1].substring(0, lines[told + 1].length() / 2) : "";
					Files.writeString(side, String.join("", Arrays.copyOf(lines, told + 1)) + next);
					assertEquals(4 - told, run(false), cut + " bytes, " + told + " told");
					assertRows(all());
					tried++;
				}
		assertTrue(tried > 500, "" + tried);
	}

	@Test
	void killedAtTheVeryBeginning() throws IOException {
		for (final String begun : new String[] {"", "path,sl", RowFiles.HEADER})
			for (final String told : new String[] {null, "", "{\"mod"}) {
				Files.writeString(csv, begun);
				Files.deleteIfExists(side);
				if (told != null) Files.writeString(side, told);
				assertEquals(4, run(false));
				assertRows(all());
			}
	}

	@Test
	void aChangedFileIsDoneAnewAtItsPlace() throws IOException {
		run(false);
		put("b", "q\nqq");
		put("e", "e");
		put("aa", "aa");
		assertEquals(3, run(false));
		assertRows(RowFiles.HEADER + line("a", 1, "xa") + line("aa", 1, "aa") + line("b", 1, "q") + line("b", 2, "qq") + line("c", 1, "cc") + line("d", 1, "dddd") + line("e", 1, "e"));
		// same size, later
		Files.setLastModifiedTime(images.resolve("e"), FileTime.fromMillis(2_000_000_000_000L));
		assertEquals(1, run(false));
		assertEquals(0, run(false));
	}

	@Test
	void failedOnesAreTriedAgainOnlyWhereThatIsWanted() throws IOException {
		run(false);
		assertEquals(0, run(false));
		assertEquals(1, run(true));
		assertRows(all());
		// what is wanted is not in the list: its row stays
		Files.delete(images.resolve("c"));
		assertEquals(1, run(true));
		assertRows(RowFiles.HEADER + line("c", 1, "cc") + all().substring(RowFiles.HEADER.length()).replace(line("c", 1, "cc"), ""));
	}

	/** Killed while rows are taken out: before the side file has its new name, and before the rows have theirs. */
	@Test
	void killedWhileRowsAreReplaced() throws IOException {
		run(false);
		final byte[] oldRows = Files.readAllBytes(csv);
		final byte[] oldSide = Files.readAllBytes(side);
		// what a run leaves that takes out the row that failed, and is killed then
		try (ResumableRows rows = ResumableRows.open(csv, RowFiles.provenance("m", null), false)) {
			final Listing listing = RowFiles.list(images);
			assertEquals(1, rows.select(listing, listing.distinct(), true).open().length);
		}
		final byte[] newRows = Files.readAllBytes(csv);
		final byte[] newSide = Files.readAllBytes(side);
		assertEquals(all().replace(line("a", 1, "xa"), ""), new String(newRows, StandardCharsets.UTF_8));
		for (final int kept : new int[] {0, 10, newRows.length - 1, newRows.length}) {
			Files.write(csv, oldRows);
			Files.write(side, oldSide);
			Files.write(temporary.resolve("rows.csv.part"), Arrays.copyOf(newRows, kept));
			Files.write(temporary.resolve("rows.csv.resume.part"), Arrays.copyOf(newSide, 30));
			assertEquals(0, run(false));
			assertRows(all());
		}
		Files.write(csv, oldRows);
		Files.write(side, newSide);
		Files.write(temporary.resolve("rows.csv.part"), newRows);
		assertEquals(1, run(false));
		assertRows(all());
	}

	@Test
	void rowsThatWereMadeOtherwiseAreRefused() throws IOException {
		run(false);
		final DgiqaException other = assertThrows(DgiqaException.class, () -> ResumableRows.open(csv, RowFiles.provenance("n", null), false));
		assertTrue(other.getMessage().contains("(model was m, is n)"), other.getMessage());
		final DgiqaException shard = assertThrows(DgiqaException.class, () -> ResumableRows.open(csv, RowFiles.provenance("m", "1/2"), false));
		assertTrue(shard.getMessage().contains("(shard was none, is 1/2)"), shard.getMessage());
		assertRows(all());
		Files.writeString(csv, all().replace("dddd", "eeee").replace("cpu,4,", "cpu,5,"));
		assertTrue(assertThrows(DgiqaException.class, () -> run(false)).getMessage().contains("was changed after its rows were written"));
		Files.writeString(csv, all());
		Files.delete(side);
		assertTrue(assertThrows(DgiqaException.class, () -> run(false)).getMessage().contains("there is no rows.csv.resume beside it"));
		assertEquals(all(), Files.readString(csv));
	}

	@Test
	void oneRunAtATime() throws IOException {
		try (ResumableRows rows = ResumableRows.open(csv, RowFiles.provenance("m", null), false)) {
			assertTrue(assertThrows(DgiqaException.class, () -> run(false)).getMessage().contains("another run"));
			assertEquals(4, RowFiles.run(rows, RowFiles.list(images), null, false));
		}
		assertRows(all());
	}

	@Test
	void anewAllIsReplaced() throws IOException {
		run(false);
		try (ResumableRows rows = ResumableRows.open(csv, RowFiles.provenance("n", "1/2"), true)) {
			assertEquals(2, RowFiles.run(rows, RowFiles.list(images), new Shard(1, 2), false));
		}
		assertRows(RowFiles.HEADER + line("a", 1, "xa") + line("c", 1, "cc"));
		ResumableRows.writer(csv).close();
		assertFalse(Files.exists(side));
		assertEquals(0, Files.size(csv));
	}
}
