package io.github.dgiqa.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.download.Download.Fetched;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server, a folder to download to, and a downloader that is in a hurry. */
abstract class DownloadCase {

	static final String V1 = "ETag: \"v1\"";
	/** Patient where a busy machine may take its time. */
	static final Limits HURRY = limits(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30));

	/** What a server has. */
	final byte[] bytes = bytes(300_000, 1);

	@TempDir
	Path folder;

	Path target;
	MisbehavingServer server;
	Told told;

	/** What a listener hears. */
	static class Told implements Download.Listener {

		record Progress(long done, long all) {}

		final List<Progress> progress = new CopyOnWriteArrayList<>();
		final List<String> notes = new CopyOnWriteArrayList<>();

		@Override
		public void progress(final long done, final long all) {
			progress.add(new Progress(done, all));
		}

		@Override
		public void note(final String sentence) {
			assertSentence(sentence);
			notes.add(sentence);
		}
	}

	@BeforeEach
	void start() throws IOException {
		server = new MisbehavingServer();
		told = new Told();
		target = folder.resolve("weights.bin");
	}

	@AfterEach
	void stop() throws IOException {
		server.close();
	}

	/** Three tries, short pauses. */
	static Limits limits(final Duration connect, final Duration silence, final Duration patience) {
		return new Limits(connect, silence, Duration.ofMillis(2), Duration.ofSeconds(1), 3, patience);
	}

	/** Without the patterns of any file format. */
	static byte[] bytes(final int length, final long seed) {
		final byte[] bytes = new byte[length];
		new Random(seed).nextBytes(bytes);
		return bytes;
	}

	static String sha256(final byte[] bytes) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
		}
		catch (final NoSuchAlgorithmException e) {
			throw new AssertionError(e);
		}
	}

	/** The server's file, all of it known. */
	Source known() {
		return new Source(server.uri("/file"), bytes.length, sha256(bytes));
	}

	/** The server's file, nothing of it known. */
	Source unknown() {
		return new Source(server.uri("/file"), Source.UNKNOWN, null);
	}

	static Download download(final Limits limits) {
		return new Download(limits, new Disk(), Map.of());
	}

	Fetched fetch(final Source source) {
		return download(HURRY).get(source, target, told);
	}

	/** The sentence that a download ends in. */
	String refusal(final Source source) {
		return refusal(download(HURRY), source, target);
	}

	String refusal(final Download download, final Source source, final Path to) {
		final String sentence = assertThrows(DownloadException.class, () -> download.get(source, to, told)).getMessage();
		assertSentence(sentence);
		return sentence;
	}

	static void assertSentence(final String text) {
		assertTrue(text.matches("(\\p{Lu}|https?://|/|ftp:)[^\\r\\n]{20,600}[^.!]\\."), "one sentence: " + text);
		assertFalse(text.matches(".*(\\bjava\\w*\\.\\w+\\.|[A-Z]\\w*(Exception|Error)\\b|[^/]\\bnull\\b).*"), "words of a programmer: " + text);
		assertFalse(text.contains("secret"), "a secret: " + text);
	}

	static void assertSays(final String text, final String... words) {
		for (final String word : words)
			assertTrue(text.contains(word), "says '" + word + "': " + text);
	}

	/** The target is the server's file, and nothing else is left. */
	void assertWhole() throws IOException {
		assertArrayEquals(bytes, Files.readAllBytes(target));
		assertEquals(List.of("weights.bin"), names());
	}

	/** What is in the folder, sorted. */
	List<String> names() throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return new ArrayList<>(new TreeSet<>(files.map(file -> file.getFileName().toString()).toList()));
		}
	}

	/** The first bytes of the server's file wait to be continued. */
	void assertKept(final int count) throws IOException {
		assertEquals(List.of("weights.bin.part", "weights.bin.part.info"), names());
		assertEquals(-1, Arrays.mismatch(Arrays.copyOf(bytes, count), Files.readAllBytes(part())));
	}

	Path part() {
		return folder.resolve("weights.bin.part");
	}

	/** Leaves the first bytes of the server's file, as a broken connection does. */
	void leavePart(final Source source, final int count, final String... validators) throws IOException {
		server.on("/file", MisbehavingServer.cut(bytes, count, validators), MisbehavingServer.status(404));
		assertSays(refusal(source), "stopped at " + Sentences.bytes(count));
		assertKept(count);
		server.requests().clear();
		told.notes.clear();
	}

	/** The headers Range and If-Range of all requests. */
	List<String> ranges() {
		return server.requests().stream().map(request -> request.header("Range") + " " + request.header("If-Range")).toList();
	}

	/** A process that downloads with {@link FetchProgram}. */
	static ProcessBuilder program(final Source source, final Path to, final String... options) {
		final List<String> command = new ArrayList<>(List.of(ProgramRun.java()));
		command.addAll(List.of(options));
		command.addAll(List.of("-cp", place(Download.class) + File.pathSeparator + place(FetchProgram.class), FetchProgram.class.getName()));
		command.addAll(List.of(source.uri().toString(), Long.toString(source.bytes()), String.valueOf(source.sha256()), to.toString()));
		final ProcessBuilder builder = new ProcessBuilder(command);
		for (final String name : List.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")) {
			builder.environment().remove(name);
			builder.environment().remove(name.toLowerCase(Locale.ROOT));
		}
		return builder;
	}

	private static Path place(final Class<?> type) {
		return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
	}
}
