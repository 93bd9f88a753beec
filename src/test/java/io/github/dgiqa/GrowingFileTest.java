package io.github.dgiqa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrowingFileTest {

	@TempDir
	private Path folder;

	@Test
	void piecesComeBehindWhatStays() throws IOException {
		final Path file = Files.writeString(folder.resolve("file"), "0123456789");
		try (GrowingFile growing = new GrowingFile(file, 4)) {
			assertEquals("0123", Files.readString(file));
			growing.append("ab".getBytes(StandardCharsets.UTF_8));
			assertEquals(6, growing.end());
			final Writer writer = growing.writer();
			writer.write("äö");
			assertEquals("0123ab", Files.readString(file));
			writer.flush();
			writer.write("not flushed");
			writer.close();
		}
		assertEquals("0123abäö", Files.readString(file));
	}

	/** Nothing of it may come with the next one. */
	@Test
	void aPieceThatWasRefusedIsForgotten() throws IOException {
		final List<String> accepted = new ArrayList<>();
		final boolean[] full = {true};
		try (Writer writer = new GrowingFile.Pieces(piece -> {
			if (full[0]) throw new IOException("No space left on device");
			accepted.add(new String(piece, StandardCharsets.UTF_8));
		}, () -> {})) {
			writer.write("first");
			assertThrows(IOException.class, writer::flush);
			full[0] = false;
			writer.write("second");
			writer.flush();
		}
		assertEquals(List.of("second"), accepted);
	}
}
