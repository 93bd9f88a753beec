package io.github.dgiqa.download;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server answers.
 *
 * @param uri the address that answers, after redirects
 */
record Answer(URI uri, int status, HttpHeaders headers, Body body) implements Closeable {

	static final int OK = 200;
	static final int PARTIAL = 206;
	static final int RANGE_NOT_THERE = 416;

	/** Bodies up to this length are read to their end, so that the connection can be used again. */
	private static final int SHORT = 1 << 16;
	private static final Pattern RANGE = Pattern.compile("bytes (?:(\\d{1,18})-(\\d{1,18})|\\*)/(\\d{1,18}|\\*)");

	/** How web pages begin. Comments are not looked into again, which would take ages where there are many. */
	private static final Pattern PAGE = Pattern.compile("(?is)[\\s\\x{FEFF}\\x{FFFD}]*+(<\\?xml[^>]*>\\s*)?(<!--.*?-->\\s*)*+(<!doctype\\s+html|<html|<head|<script|<meta).*");
	/** A server that gives a file of this name as packed with gzip means the file. */
	private static final Pattern PACKED_NAME = Pattern.compile("(?i).*\\.t?gz");

	/** The text of a header, or null. */
	String header(final String name) {
		return headers.firstValue(name).map(String::strip).orElse(null);
	}

	/** The length of the body; unknown without the header. */
	long length() {
		final String length = header("Content-Length");
		return length == null || !length.matches("\\d{1,18}") ? Source.UNKNOWN : Long.parseLong(length);
	}

	/** Whether the body's end is marked, so that a cut cannot be taken for it. */
	boolean hasEnd() {
		return header("Content-Length") != null || header("Transfer-Encoding") != null;
	}

	/** Where the bytes of a part begin in the file; unknown where that is not told. */
	long rangeStart() {
		return range(1);
	}

	/** The length of the file that the bytes are a part of; unknown where that is not told. */
	long rangeOf() {
		return range(3);
	}

	private long range(final int group) {
		final String text = header("Content-Range");
		final Matcher range = RANGE.matcher(text == null ? "" : text);
		if (!range.matches() || range.group(group) == null || range.group(group).equals("*")) return Source.UNKNOWN;
		return Long.parseLong(range.group(group));
	}

	/** How the bytes are packed for the way; null where they are the file's. */
	String encoding() {
		final String encoding = header("Content-Encoding");
		return encoding == null || encoding.isEmpty() || encoding.equalsIgnoreCase("identity") ? null : encoding.toLowerCase(Locale.ROOT);
	}

	/** Whether the server says that it is a web page. */
	boolean isPage() {
		final String type = header("Content-Type");
		return type != null && type.toLowerCase(Locale.ROOT).matches("(text/html|application/xhtml\\+xml)\\b.*");
	}

	/** Whether the first bytes are those of a web page. */
	static boolean isPage(final byte[] head, final int count) {
		final String text = new String(head, 0, count, StandardCharsets.UTF_8).replace("\0", ""); // without zeros UTF-16 is readable
		return PAGE.matcher(text).matches();
	}

	/**
	 * Whether the bytes are the file's packed for the way, and not a packed file's own.
	 *
	 * @throws Failure where they are packed in a way that nobody unpacks here
	 */
	boolean isPacked(final Source source) throws Failure {
		final String encoding = encoding();
		if (encoding == null) return false;
		if (!encoding.equals("gzip") && !encoding.equals("x-gzip")) throw Sentences.encoded(encoding);
		final boolean meant = PACKED_NAME.matcher(source.uri().getPath()).matches() || source.bytes() >= 0 && length() == source.bytes();
		return !meant;
	}

	boolean isRedirect() {
		return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
	}

	/** How long the server asks to wait; null where it does not. */
	Duration retryAfter() {
		final String text = header("Retry-After");
		if (text == null) return null;
		if (text.matches("\\d{1,9}")) return Duration.ofSeconds(Long.parseLong(text));
		try {
			final Duration left = Duration.between(Instant.now(), ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
			return left.isNegative() ? Duration.ZERO : left;
		}
		catch (final DateTimeException e) {
			return null;
		}
	}

	/** Reads the rest of a short body that nobody needs. */
	void skip() {
		try {
			body.readNBytes(SHORT);
		}
		catch (final IOException e) {
			// the next request opens a new connection
		}
		close();
	}

	@Override
	public void close() {
		body.close();
	}
}
