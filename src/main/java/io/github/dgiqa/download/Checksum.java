package io.github.dgiqa.download;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of bytes as they come. */
final class Checksum {

	private static final int CHUNK = 1 << 18;

	private final MessageDigest digest;

	Checksum() {
		try {
			digest = MessageDigest.getInstance("SHA-256");
		}
		catch (final NoSuchAlgorithmException e) {
			throw new AssertionError(e); // every Java has it
		}
	}

	void add(final byte[] bytes, final int count) {
		digest.update(bytes, 0, count);
	}

	/** Adds a whole file, which takes seconds for a large one. */
	void add(final Path file, final Ticker ticker) throws IOException {
		final long all = Files.size(file);
		final byte[] chunk = new byte[CHUNK];
		try (InputStream in = Files.newInputStream(file)) {
			long done = 0;
			for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
				add(chunk, count);
				done += count;
				ticker.at(done, all);
			}
		}
	}

	/** 64 hexadecimal digits. The next byte begins a new checksum. */
	String end() {
		return HexFormat.of().formatHex(digest.digest());
	}
}
