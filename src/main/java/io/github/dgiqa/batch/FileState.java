package io.github.dgiqa.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * What tells a file from one that has changed.
 *
 * @param bytes its size
 * @param modified when it was changed last, nanoseconds since 1970
 */
public record FileState(long bytes, long modified) {

	/** Of what is no file, or cannot be looked at. */
	public static final FileState NONE = new FileState(-1, 0);

	static FileState of(final Inputs.Input input) {
		return input.problem() == null ? of(input.file()) : NONE;
	}

	private static FileState of(final Path file) {
		try {
			final BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
			return new FileState(attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
		}
		catch (final IOException e) {
			return NONE; // opening it says why
		}
	}
}
