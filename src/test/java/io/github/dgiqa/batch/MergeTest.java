package io.github.dgiqa.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.DgiqaException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeTest {

	private static final int FILES = 10;

	@TempDir
	private Path temporary;
	private Path images;
	private Path merged;
	private String expected;

	@BeforeEach
	void makeFiles() throws IOException {
		images = Files.createDirectory(temporary.resolve("images"));
		merged = temporary.resolve("merged.csv");
		for (int i = 0; i < FILES; i++)
			Files.writeString(images.resolve("f" + i), i == 4 ? "4\n44\n444" : "x" + i);
		final StringBuilder rows = new StringBuilder(RowFiles.HEADER);
		final Listing listing = RowFiles.list(images);
		for (int i = 0; i < FILES; i++) {
			if (i == 4) for (int slice = 1; slice <= 3; slice++)
				rows.append(RowFiles.line(listing.label(4), slice, "4".repeat(slice)));
			else rows.append(RowFiles.line(listing.label(i), 1, "x" + i));
		}
		expected = rows.toString();
	}

	/** Runs all shards. */
	private List<Path> shards(final int count) throws IOException {
		final List<Path> shards = new ArrayList<>();
		for (final Shard shard : RowFiles.shards(count)) {
			final Path csv = temporary.resolve("s" + shard.number() + ".csv");
			try (ResumableRows rows = ResumableRows.open(csv, RowFiles.provenance("m", shard.toString()), true)) {
				RowFiles.run(rows, RowFiles.list(images), shard, false);
			}
			shards.add(csv);
		}
		return shards;
	}

	private static void forget(final List<Path> shards) throws IOException {
		for (final Path shard : shards)
			Files.delete(SideFile.of(shard));
	}

	private String refusal(final List<Path> shards) {
		final String sentence = assertThrows(DgiqaException.class, () -> Merge.run(shards, merged)).getMessage();
		assertFalse(Files.exists(merged) || Files.exists(temporary.resolve("merged.csv.part")));
		return sentence;
	}

	@Test
	void inTheOrderOfOneRunHoweverTheyAreNamed() throws IOException {
		for (final int count : new int[] {1, 3, 4, FILES, FILES + 2}) {
			final List<Path> shards = shards(count);
			Collections.reverse(shards);
			final Merge.Summary summary = Merge.run(shards, merged);
			assertEquals(new Merge.Summary(FILES, FILES + 2, true), summary);
			assertEquals(expected, Files.readString(merged));
		}
	}

	@Test
	void withoutWhatIsBesideThemInTheirOrder() throws IOException {
		final List<Path> shards = shards(4);
		forget(shards);
		assertFalse(Merge.run(shards, merged).known());
		assertEquals(expected, Files.readString(merged));
		Files.delete(merged);
		Collections.reverse(shards);
		assertTrue(refusal(shards).contains("not named in the order of their numbers"));
		assertTrue(refusal(shards.subList(1, 3)).contains("has more"));
	}

	@Test
	void whatDoesNotBelongTogether() throws IOException {
		final List<Path> shards = shards(4);
		assertEquals("Shard 2/4 is missing: name the CSV files of all shards.", refusal(List.of(shards.get(0), shards.get(2), shards.get(3))));
		assertEquals("Shard 4/4 is missing: name the CSV files of all shards.", refusal(shards.subList(0, 3)));
		assertTrue(refusal(List.of(shards.get(0), shards.get(1), shards.get(1), shards.get(3))).contains("are both shard 2/4"));
		assertTrue(refusal(List.of(temporary.resolve("none.csv"))).startsWith("There is no file"));

		try (ResumableRows rows = ResumableRows.open(shards.get(2), RowFiles.provenance("other", "3/4"), true)) {
			RowFiles.run(rows, RowFiles.list(images), new Shard(3, 4), false);
		}
		assertTrue(refusal(shards).contains("model was m, is other"), refusal(shards));
		try (ResumableRows rows = ResumableRows.open(shards.get(2), RowFiles.provenance("m", "3/4"), true)) {
			assertEquals(0, Files.readString(SideFile.of(shards.get(2))).indexOf("{\"model\""));
		}
		assertTrue(refusal(shards).endsWith("is not finished: repeat its command with --resume first."));
		Files.writeString(images.resolve("f99"), "x99");
		try (ResumableRows rows = ResumableRows.open(shards.get(2), RowFiles.provenance("m", "3/4"), true)) {
			RowFiles.run(rows, RowFiles.list(images), new Shard(3, 4), false);
		}
		assertTrue(refusal(shards).contains("of a list of 11 files"), refusal(shards));
	}

	@Test
	void whatTheRowsTell() throws IOException {
		final List<Path> shards = shards(2);
		forget(shards);
		final Path second = shards.get(1);
		final String rows = Files.readString(second);
		assertTrue(refusal(List.of(second, second)).contains("is in two places"));
		Files.writeString(second, rows.replace(",m,d,", ",other,d,"));
		assertTrue(refusal(shards).contains("has another model (other) than the rows before (m)"));
		Files.writeString(second, rows.replaceFirst("path", "file"));
		assertTrue(refusal(shards).contains("has other columns"));
		Files.writeString(second, rows + "half a row,1\n");
		assertTrue(refusal(shards).contains("row 6 has 2 cells"), refusal(shards));
	}
}
