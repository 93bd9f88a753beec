package io.github.dgiqa;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Picture;

import java.nio.file.Files;
import java.nio.file.Path;

/** The photographs that the expected values are for. */
public final class Photographs {

	private Photographs() {}

	/** One of the samples, or one that may lie beside the project; without it the test is skipped. */
	public static Picture open(final String name) {
		final Path sample = Path.of("samples", name + ".png");
		final Path file = Files.exists(sample) ? sample : Path.of("..", "shared", "reference", name + ".png");
		assumeTrue(Files.exists(file), name + " is not among the samples: its licence is not ours to give");
		return ImageFile.open(file).picture(0);
	}
}
