package io.github.dgiqa;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 without the program's own code. */
public final class Sha256 {

	/** How many digits of it are in a model's name. */
	private static final int IN_NAMES = 8;

	private Sha256() {}

	/** Of a file that fits into memory, in lower-case digits. */
	public static String of(final Path file) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
		}
		catch (final IOException | NoSuchAlgorithmException e) {
			throw new AssertionError(e);
		}
	}

	/** What a model that has the file as its weights is called. */
	public static String name(final String model, final Path file) {
		return model + "@" + of(file).substring(0, IN_NAMES);
	}
}
