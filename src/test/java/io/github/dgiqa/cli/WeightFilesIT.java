package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.ProgramRun;

import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PyTorch's own files, good and bad, given to the built program: what it says and with which status it ends. */
class WeightFilesIT {

	private static final Path CHECKPOINTS = Path.of("src", "test", "resources", "reference", "checkpoints").toAbsolutePath();
	private static final Path COFFEE = Path.of("samples", "coffee.png").toAbsolutePath();

	@TempDir
	Path folder;

	/** The good ones hold ten tensors that no network has: they are read, and the keys that the sentence names are theirs. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
		"state_dict.pth | 10 are unexpected (a.weight (4, 3, 2, 2);",
		"state_dict_legacy.pth | 10 are unexpected (a.weight (4, 3, 2, 2);",
		"wrapped.pth | 10 are unexpected (a.weight (4, 3, 2, 2);",
		"data_parallel.pth | 10 are unexpected (a.weight (4, 3, 2, 2);",
		"state_dict.safetensors | 10 are unexpected (",
		"with_metadata.pth | fc.weight (2, 3) instead of (1, 192)",
		"hostile.pth | refused, for it asks for posix.system",
		"truncated.pth | cut off or damaged",
		"truncated.safetensors | cut off or damaged",
		"huge_header.safetensors | its header would have 4611686018427387904 bytes, the file has 1356",
		"html.pth | looks like a web page, perhaps a sign-in page"})
	void checkpoints(final String name, final String saying) {
		final Path file = CHECKPOINTS.resolve(name);
		final ProgramRun run = ProgramRun.of(new ProcessBuilder(ProgramRun.java(), "-jar", ProgramRun.JAR.toAbsolutePath().toString(), "assess", "--weights", file.toString(), COFFEE.toString()).directory(folder.toFile()));
		assertEquals(3, run.status(), run.err());
		assertEquals("", run.out());
		assertEquals(1, run.err().lines().count(), run.err());
		assertTrue(run.err().contains(file.toString()) && run.err().contains(saying), run.err());
		assertFalse(run.err().contains("Exception"), run.err());
		assertArrayEquals(new String[0], folder.toFile().list(), "nothing in a file is run");
	}
}
