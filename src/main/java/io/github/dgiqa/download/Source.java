package io.github.dgiqa.download;

import java.net.URI;
import java.util.Locale;

/**
 * A file to download, and what is known of it before.
 *
 * @param uri where it is, https or http
 * @param bytes its length; {@value #UNKNOWN} unknown
 * @param sha256 its SHA-256 in hexadecimal digits; null unknown
 */
public record Source(URI uri, long bytes, String sha256) {

	/** A length that is not known. */
	public static final long UNKNOWN = -1;

	/** @throws DownloadException where the address or the checksum is none */
	public Source {
		Web.check(uri);
		if (bytes < UNKNOWN) throw new IllegalArgumentException("length " + bytes);
		sha256 = sha256 == null ? null : sha256.strip().toLowerCase(Locale.ROOT);
		if (sha256 != null && !sha256.matches("[0-9a-f]{64}")) throw Sentences.noChecksum(uri, sha256);
	}

	/** @param length of a file, or {@value #UNKNOWN} */
	boolean mayHave(final long length) {
		return bytes == UNKNOWN || length == UNKNOWN || bytes == length;
	}

	/** @param sum of a file */
	boolean mayHave(final String sum) {
		return sha256 == null || sha256.equals(sum);
	}
}
