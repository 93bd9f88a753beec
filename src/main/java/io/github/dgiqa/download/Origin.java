package io.github.dgiqa.download;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * What the bytes of an unfinished file are a part of.
 *
 * @param key tells what was asked for; "" for bytes that cannot be continued
 * @param address for people who find the file
 * @param etag the server's word for this very version of the file; null for none
 * @param modified when the file was changed, as the server writes it; null where it does not tell
 * @param all the length of the file; {@link Source#UNKNOWN} where it is not known
 */
record Origin(String key, String address, String etag, String modified, long all) {

	/** @param answer brings the file; its bytes are the file's */
	static Origin of(final Source source, final Answer answer, final long all) {
		return new Origin(key(source), Sentences.address(source.uri()), answer.header("ETag"), answer.header("Last-Modified"), all);
	}

	/** Of bytes that are not as the server counts them. */
	static Origin unrepeatable(final Source source) {
		return new Origin("", Sentences.address(source.uri()), null, null, source.bytes());
	}

	/** What a text of {@link #text()} says; null where it is none. */
	static Origin parse(final String text) {
		final Properties properties = new Properties();
		try {
			properties.load(new StringReader(text));
			if (properties.getProperty("key") == null) return null;
			return new Origin(properties.getProperty("key"), properties.getProperty("address"), properties.getProperty("etag"), properties.getProperty("modified"), Long.parseLong(properties.getProperty("length")));
		}
		catch (IOException | IllegalArgumentException e) {
			return null;
		}
	}

	String text() {
		final Properties properties = new Properties();
		properties.setProperty("key", key);
		properties.setProperty("address", address);
		if (etag != null) properties.setProperty("etag", etag);
		if (modified != null) properties.setProperty("modified", modified);
		properties.setProperty("length", Long.toString(all));
		final StringWriter text = new StringWriter();
		try {
			properties.store(text, "An unfinished download of DGIQA: the same download goes on from here.");
		}
		catch (final IOException e) {
			throw new AssertionError(e); // a StringWriter throws none
		}
		return text.toString();
	}

	/** A checksum, since the address may hold a secret. */
	private static String key(final Source source) {
		final Checksum checksum = new Checksum();
		final byte[] text = (source.uri() + "\n" + source.bytes() + "\n" + source.sha256()).getBytes(StandardCharsets.UTF_8);
		checksum.add(text, text.length);
		return checksum.end();
	}

	/** Whether bytes of this origin can be continued for a source: only where a change of the file would be noticed. */
	boolean serves(final Source source) {
		return key.equals(key(source)) && (validator() != null || source.sha256() != null);
	}

	/** What If-Range takes: a weak ETag is none. Null for none. */
	String validator() {
		return etag != null && !etag.startsWith("W/") ? etag : modified;
	}

	/** Whether an answer is about the same version of the file. */
	boolean isSame(final Answer answer) {
		return isSame(etag, answer.header("ETag")) && isSame(modified, answer.header("Last-Modified")) && isSame(all, answer.rangeOf());
	}

	private static boolean isSame(final String mine, final String its) {
		return mine == null || its == null || mine.equals(its);
	}

	private static boolean isSame(final long mine, final long its) {
		return mine < 0 || its < 0 || mine == its;
	}
}
