package io.github.dgiqa.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.engine.TorchEngine.EngineException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is installed of an archive, and what stays where that fails. */
class EngineInstallerTest {

	private static final int LINK = 0120777;
	private static final byte[] BYTES = "the bytes of a library".getBytes(StandardCharsets.US_ASCII);

	@TempDir
	Path folder;

	/** With libtorch.so, and libtorch.so.1, a link to it; nothing is compressed. */
	private Path archive() throws IOException {
		final Path zip = folder.resolve("libtorch.zip");
		try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
			out.setLevel(0);
			put(out, new ZipArchiveEntry("libtorch/build-version"), "2.7.1+cpu".getBytes(StandardCharsets.US_ASCII));
			final ZipArchiveEntry link = new ZipArchiveEntry("libtorch/lib/libtorch.so.1");
			link.setUnixMode(LINK);
			put(out, link, "libtorch.so".getBytes(StandardCharsets.US_ASCII));
			put(out, new ZipArchiveEntry("libtorch/lib/libtorch.so"), BYTES);
		}
		return zip;
	}

	private static void put(final ZipArchiveOutputStream out, final ZipArchiveEntry entry, final byte[] bytes) throws IOException {
		out.putArchiveEntry(entry);
		out.write(bytes);
		out.closeArchiveEntry();
	}

	private String install(final Path zip) {
		return EngineInstaller.fromArchive(zip, false, (done, all) -> {}, new Surroundings(new Machine(Machine.LINUX, "x86_64"), Gpus.none("there is none"), name -> null, folder.resolve("cache"), getClass().getClassLoader()));
	}

	private static List<String> names(final Path folder) throws IOException {
		try (Stream<Path> entries = Files.list(folder)) {
			return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
		}
	}

	@Test
	void aLinkGetsTheBytesOfItsTarget() throws IOException {
		install(archive());
		final Path installed = folder.resolve("cache").resolve("2.7.1-cpu-linux-x86_64");
		assertEquals(List.of("libtorch.so", "libtorch.so.1"), names(installed));
		assertArrayEquals(BYTES, Files.readAllBytes(installed.resolve("libtorch.so.1")));
	}

	@Test
	void aFlippedByteIsFound() throws IOException {
		final Path zip = archive();
		final byte[] all = Files.readAllBytes(zip);
		final int at = new String(all, StandardCharsets.ISO_8859_1).indexOf("the bytes of a library");
		all[at + 4] ^= 1;
		Files.write(zip, all);
		final String message = assertThrows(EngineException.class, () -> install(zip)).getMessage();
		assertTrue(message.startsWith(zip + " is not the libtorch that is needed: its library libtorch.so") && message.endsWith(" is damaged; fetch it again."), message);
		assertEquals(List.of(), names(folder.resolve("cache")));
	}

	@Test
	void whatWasThereStaysWhereTheNewOneCannotBePut() throws IOException {
		final Path place = Files.createDirectory(folder.resolve("place"));
		Files.createFile(place.resolve("before"));
		assertThrows(IOException.class, () -> EngineInstaller.put(folder.resolve("missing"), place));
		assertEquals(List.of("place"), names(folder));
		assertEquals(List.of("before"), names(place));
	}
}
