package io.github.dgiqa.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS) // labels with slashes
class ListingTest {

	private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

	@TempDir
	private Path folder;

	private void make(final String... names) throws IOException {
		for (final String name : names) {
			Files.createDirectories(folder.resolve(name).getParent());
			Files.write(folder.resolve(name), name.contains("image") ? PNG : "text".getBytes(StandardCharsets.UTF_8));
		}
	}

	private Listing list(final boolean recursive, final String... written) {
		final Listing listing = Listing.ofImages(recursive);
		for (final String path : written)
			listing.add(path.isEmpty() ? folder.toString() : folder + "/" + path);
		return listing;
	}

	/** Below the folder. */
	private List<String> labels(final Listing listing) {
		return IntStream.range(0, listing.size()).mapToObj(i -> listing.label(i).substring(folder.toString().length() + 1)).toList();
	}

	@Test
	void ofAFolderWhatHasAnImagesNameOrFirstBytes() throws IOException {
		make("b.png", "image", "notes.txt", "readme", ".image", ".hidden.png", "sub/c.tif", "image.dat");
		final Listing flat = list(false, "");
		assertEquals(List.of("b.png", "image", "image.dat"), labels(flat));
		assertEquals(1, flat.notices().size());
		assertTrue(flat.notices().get(0).startsWith("2 other files were passed over"), flat.notices().toString());
		assertFalse(flat.isIncomplete());
	}

	@Test
	void foldersInFoldersInTheOrderOfTheirNames() throws IOException {
		make("b/a.png", "b.png", "a/z.jpg", "a/b/c/d.gif", ".git/x.png", "a-b.png", "a/notes");
		final Listing all = list(true, "");
		assertEquals(List.of("a-b.png", "a/b/c/d.gif", "a/z.jpg", "b.png", "b/a.png"), labels(all));
		assertTrue(all.notices().get(0).startsWith("1 other file was passed over") && all.notices().get(0).contains("a/notes"), all.notices().toString());
	}

	@Test
	void patterns() throws IOException {
		make("a1.png", "a2.png", "b1.png", "notes.txt", ".a3.png", "x/a1.png", "x/y/a1.png", "x/y/image", "x/y/none");
		assertEquals(List.of("a1.png", "a2.png"), labels(list(false, "a*.png")));
		assertEquals(List.of("a1.png", "b1.png"), labels(list(false, "?1.png")));
		assertEquals(List.of("x/a1.png"), labels(list(false, "*/a1.png")));
		assertEquals(List.of("a1.png", "x/a1.png", "x/y/a1.png"), labels(list(false, "**/a1.png")));
		assertEquals(List.of("x/y/a1.png", "x/y/image", "x/y/none"), labels(list(false, "x/**/y/*")));
		assertEquals(List.of("x/a1.png", "x/y/a1.png", "x/y/image"), labels(list(false, "x/**")));
		assertEquals(List.of("x/y/a1.png", "x/y/image"), labels(list(false, "x/*/**")));
		// a folder that matches counts as if it were named
		assertEquals(List.of("notes.txt", "x/a1.png"), labels(list(false, "[nx]*", "n*", "x*")).stream().filter(label -> !label.startsWith("[")).toList());
	}

	@Test
	void aPatternThatNothingMatchesIsAnInputWithAProblem() {
		final Listing none = list(false, "*.png", "no/**/where*");
		assertEquals(List.of("*.png", "no/**/where*"), labels(none));
		assertTrue(none.inputs().stream().allMatch(input -> input.problem().contains("none that this pattern matches")));
	}

	@Test
	void aFileWithAStarInItsName() throws IOException {
		make("a*.png", "ab.png");
		assertEquals(List.of("a*.png"), labels(list(false, "a*.png")));
		final Listing named = Listing.ofImages(false);
		named.addNamed(folder + "/?b.png");
		assertEquals("There is no such file or folder.", named.inputs().get(0).problem());
	}

	@Test
	void linksAreFollowedButNotInCircles() throws IOException {
		make("a/b/image.png", "other/o.png");
		Files.createSymbolicLink(folder.resolve("a/b/up"), Path.of("../.."));
		Files.createSymbolicLink(folder.resolve("a/b/self"), Path.of("."));
		Files.createSymbolicLink(folder.resolve("a/there"), folder.resolve("other"));
		Files.createSymbolicLink(folder.resolve("a/gone.png"), Path.of("nowhere"));
		final Listing listing = list(true, "a");
		assertTrue(labels(listing).containsAll(List.of("a/b/image.png", "a/there/o.png", "a/gone.png")), labels(listing).toString());
		// up leads above a, so that a is reached once more, and there it ends
		assertTrue(listing.notices().stream().anyMatch(notice -> notice.contains("leads back to a folder")), listing.notices().toString());
		assertEquals(1, listing.notices().stream().filter(notice -> notice.contains("leads back")).count());
		assertTrue(listing.inputs().get(labels(listing).indexOf("a/gone.png")).problem().contains("mend the link"));
		final Listing all = list(true, "");
		assertEquals(List.of("a/b/image.png", "a/gone.png", "a/there/o.png", "other/o.png"), labels(all));
	}

	@Test
	void aFolderThatCannotBeReadIsSaid() throws IOException {
		make("a/one.png", "secret/two.png");
		Files.setPosixFilePermissions(folder.resolve("secret"), PosixFilePermissions.fromString("---------"));
		try {
			assumeFalse(Files.isReadable(folder.resolve("secret")), "root reads everything");
			final Listing listing = list(true, "");
			assertEquals(List.of("a/one.png"), labels(listing));
			assertTrue(listing.isIncomplete());
			assertTrue(listing.notices().get(0).startsWith(folder.resolve("secret") + " cannot be read, and was passed over"), listing.notices().toString());
			assertTrue(list(true, "secret").inputs().get(0).problem().startsWith("The folder cannot be read"));
		}
		finally {
			Files.setPosixFilePermissions(folder.resolve("secret"), PosixFilePermissions.fromString("rwxr-xr-x"));
		}
	}

	@Test
	void partsOfAListAndNamesInAllOfIt() throws IOException {
		make("a.png", "b.png", "c/a.png", "c/b.png", "d.png");
		final Listing listing = list(true, "", "b.png");
		assertEquals(6, listing.size());
		final int[] distinct = listing.distinct();
		assertArrayEquals(new int[] {0, 1, 2, 3, 4}, distinct);
		assertArrayEquals(new int[] {1, 3}, new Shard(2, 2).of(distinct));
		assertArrayEquals(new int[] {0, 2, 4}, Shard.parse("1/2").orElseThrow().of(distinct));
		assertArrayEquals(new int[] {}, new Shard(7, 7).of(distinct));
		// a-2, because another part has a
		assertEquals(List.of("a-2"), listing.inputs(new int[] {2}, true).stream().map(Inputs.Input::name).toList());
		assertEquals(List.of("a"), listing.inputs(new int[] {2}, false).stream().map(Inputs.Input::name).toList());
	}

	@Test
	void whatIsNoShard() {
		for (final String text : List.of("0/4", "5/4", "1", "1/0", "-1/2", "1/2/3", "a/b", "", "9999999/9999999"))
			assertTrue(Shard.parse(text).isEmpty(), text);
		assertEquals("4/4", Shard.parse("4/4").orElseThrow().toString());
	}
}
