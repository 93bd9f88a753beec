package io.github.dgiqa.download;

import static io.github.dgiqa.download.MisbehavingServer.file;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Disks that are full, and places that no file can be written to. */
class DiskTest extends DownloadCase {

	@BeforeEach
	void serve() {
		server.on("/file", file(bytes, V1));
	}

	private static Download with(final Disk disk) {
		return new Download(HURRY, disk, Map.of());
	}

	/** A disk that takes only some bytes. */
	private static final class Small extends Disk {

		private final long told;
		private int room;

		/** @param told how much it says is free as long as nothing was written */
		Small(final long told, final int room) {
			this.told = told;
			this.room = room;
		}

		@Override
		long usable(final Path folder) {
			return room == 0 ? 0 : told;
		}

		@Override
		OutputStream append(final Path file) throws IOException {
			return new FilterOutputStream(super.append(file)) {

				@Override
				public void write(final byte[] from, final int start, final int count) throws IOException {
					final int fits = Math.min(count, room);
					out.write(from, start, fits);
					room -= fits;
					if (fits < count) throw new IOException("No space left on device");
				}
			};
		}
	}

	/** The file, and 32 MiB that should be left. */
	@Test
	void tooLittleIsFree() throws IOException {
		final long needed = 300_000 + (32 << 20);
		assertSays(refusal(with(new Small(needed - 1, 1)), known(), target), server.uri("/file") + " cannot be downloaded: the disk of " + folder.toRealPath() + " has 33.9 MB free, 33.9 MB are needed; make room there or choose another folder.");
		assertEquals(List.of(), names());
		with(new Small(needed, 300_000)).get(known(), target, told);
		assertWhole();
	}

	/** What is there already needs no room. */
	@Test
	void tooLittleIsFreeForTheRest() throws IOException {
		leavePart(known(), 100_000, V1);
		serve();
		final long needed = 200_000 + (32 << 20);
		assertSays(refusal(with(new Small(needed - 1, 1)), known(), target), "stopped at 0.1 MB of 0.3 MB: the disk of " + folder.toRealPath() + " has 33.8 MB free, 33.8 MB are needed");
		assertKept(100_000);
		with(new Small(needed, 200_000)).get(known(), target, told);
		assertWhole();
	}

	@Test
	void fullInTheMiddle() throws IOException {
		assertSays(refusal(with(new Small(Long.MAX_VALUE, 150_000)), known(), target), "The download of " + server.uri("/file") + " stopped at ", " of 0.3 MB: the disk of " + folder.toRealPath() + " has 0 bytes free, ", " are needed; make room there or choose another folder; what came is kept");
		assertKept(150_000);
		fetch(known());
		assertWhole();
		assertEquals("bytes=150000- \"v1\"", ranges().get(1));
	}

	/** Other errors than a full disk. */
	@Test
	void aDiskThatFails() throws IOException {
		final Disk failing = new Disk() {

			@Override
			OutputStream append(final Path file) throws IOException {
				throw new IOException("Input/output error");
			}
		};
		assertSays(refusal(with(failing), known(), target), folder.toRealPath().resolve("weights.bin") + " cannot be written: Input/output error; allow it, or choose another folder.");
		assertEquals(List.of(), names());
	}

	@Test
	void aSmallDiskOfItsOwn() throws IOException, InterruptedException {
		final Path small = mount("size=200k");
		try {
			final Disk unaware = new Disk() {

				private int asked;

				@Override
				long usable(final Path place) throws IOException {
					return asked++ == 0 ? Long.MAX_VALUE : super.usable(place);
				}
			};
			final Path to = small.resolve("weights.bin");
			assertSays(refusal(with(unaware), known(), to), "The download of " + server.uri("/file") + " stopped at ", " of 0.3 MB: the disk of " + small + " has 0 bytes free, ", " are needed; make room there or choose another folder; what came is kept");
			assertTrue(Files.size(small.resolve("weights.bin.part")) > 100_000);
			run("mount", "-o", "remount,size=100m", small.toString());
			download(HURRY).get(known(), to, told);
			assertArrayEquals(bytes, Files.readAllBytes(to));
			assertTrue(server.requests().get(1).start() > 100_000);
		}
		finally {
			run("umount", small.toString());
		}
	}

	@Test
	void aDiskThatIsReadOnly() throws IOException, InterruptedException {
		final Path small = mount("ro");
		try {
			assertSays(refusal(download(HURRY), known(), small.resolve("weights.bin")), "Nothing can be downloaded to " + small + ": there is no permission to write in that folder; allow it, or choose another folder.");
			assertSays(refusal(download(HURRY), known(), small.resolve("a").resolve("weights.bin")), "The folder " + small.resolve("a") + " cannot be made: ", "; choose another folder.");
			assertTrue(server.requests().isEmpty());
		}
		finally {
			run("umount", small.toString());
		}
	}

	/** A file system in memory; only root can make one. */
	private Path mount(final String options) throws IOException, InterruptedException {
		final Path place = Files.createDirectory(folder.toRealPath().resolve("small"));
		assumeTrue(System.getProperty("os.name").equals("Linux") && run("mount", "-t", "tmpfs", "-o", options, "tmpfs", place.toString()), "file systems can be mounted");
		return place;
	}

	private static boolean run(final String... command) throws IOException, InterruptedException {
		try {
			return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
		}
		catch (final IOException e) { // there is no such program
			return false;
		}
	}

	@Test
	void whatIsNoFile() throws IOException {
		assertSays(refusal(download(HURRY), known(), folder), folder + " cannot be downloaded to: it is a folder; name a file in it.");
		assumeTrue(Files.exists(Path.of("/dev/null")));
		assertSays(refusal(download(HURRY), known(), Path.of("/dev/null")), "/dev/null cannot be downloaded to: it is no file on a disk; name another one.");
		assertTrue(server.requests().isEmpty());
	}

	@Test
	void foldersThatCannotBeMade() throws IOException {
		final Path file = Files.createFile(folder.resolve("file"));
		assertSays(refusal(download(HURRY), known(), file.resolve("a")), "The folder " + file + " cannot be made: " + file + " is no folder; choose another folder.");
		assertSays(refusal(download(HURRY), known(), file.resolve("a").resolve("b")), "The folder " + file.resolve("a") + " cannot be made: ");
		assertTrue(server.requests().isEmpty());
	}

	@Test
	void aFolderWithoutPermission() throws IOException {
		assumeTrue(!"root".equals(System.getProperty("user.name")) && folder.toFile().setWritable(false));
		try {
			assertSays(refusal(known()), "Nothing can be downloaded to " + folder.toRealPath() + ": there is no permission to write in that folder");
		}
		finally {
			folder.toFile().setWritable(true);
		}
	}

	@Test
	void linksStay() throws IOException {
		final Path real = Files.createDirectory(folder.resolve("real"));
		final Path link = Files.createSymbolicLink(folder.resolve("link"), real);
		download(HURRY).get(known(), link.resolve("weights.bin"), told);
		assertArrayEquals(bytes, Files.readAllBytes(real.resolve("weights.bin")));
		assertTrue(Files.isSymbolicLink(link));

		final Path old = Files.writeString(real.resolve("old.bin"), "old");
		final Path linked = Files.createSymbolicLink(folder.resolve("linked.bin"), old);
		assertEquals(linked, download(HURRY).get(known(), linked, told).file());
		assertTrue(Files.isSymbolicLink(linked));
		assertArrayEquals(bytes, Files.readAllBytes(old));

		Files.delete(old);
		assertSays(refusal(download(HURRY), known(), linked), linked + " cannot be downloaded to: it is a link to a file that is missing; mend or delete the link.");
	}
}
