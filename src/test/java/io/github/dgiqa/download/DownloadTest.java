package io.github.dgiqa.download;

import static io.github.dgiqa.download.MisbehavingServer.chunked;
import static io.github.dgiqa.download.MisbehavingServer.cut;
import static io.github.dgiqa.download.MisbehavingServer.file;
import static io.github.dgiqa.download.MisbehavingServer.hold;
import static io.github.dgiqa.download.MisbehavingServer.says;
import static io.github.dgiqa.download.MisbehavingServer.status;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.Version;
import io.github.dgiqa.download.Download.Fetched;
import io.github.dgiqa.download.DownloadCase.Told.Progress;
import io.github.dgiqa.download.MisbehavingServer.Request;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;

/** A file comes whole or not at all, and goes on where it was interrupted. */
class DownloadTest extends DownloadCase {

	private static final String DATE = "Last-Modified: Tue, 01 Jul 2025 10:00:00 GMT";

	// ---- whole files ----

	@Test
	void aFileAndItsFolder() throws IOException {
		server.on("/file", file(bytes, V1));
		final Path deep = folder.resolve("a").resolve("b c").resolve("d.bin");
		final Fetched fetched = download(HURRY).get(new Source(server.uri("/file"), bytes.length, sha256(bytes).toUpperCase(Locale.ROOT)), deep, told);
		assertEquals(new Fetched(deep, 300_000, sha256(bytes), server.uri("/file"), true), fetched);
		assertArrayEquals(bytes, Files.readAllBytes(deep));
		assertArrayEquals(new String[] {"d.bin"}, deep.getParent().toFile().list());
		assertEquals(new Progress(0, 300_000), told.progress.get(0));
		assertEquals(new Progress(300_000, 300_000), told.progress.get(told.progress.size() - 1));
		final Request request = server.requests().get(0);
		assertEquals("DGIQA/" + Version.get(), request.header("User-Agent"));
		assertEquals("identity", request.header("Accept-Encoding"));
		assertNull(request.header("Range"));
		assertNull(request.header("Proxy-Authorization"));
		assertEquals(1, server.requests().size());
	}

	@Test
	void nothingIsKnownBefore() throws IOException {
		server.on("/file", says(200, bytes), chunked(bytes), file(bytes));
		for (int i = 0; i < 3; i++) {
			Files.deleteIfExists(target);
			assertEquals(new Fetched(target, 300_000, sha256(bytes), server.uri("/file"), false), fetch(unknown()));
			assertWhole();
		}
		assertTrue(told.progress.contains(new Progress(0, -1)));
		assertEquals(new Progress(300_000, 300_000), told.progress.get(told.progress.size() - 1));
	}

	@Test
	void anEmptyFile() throws IOException {
		server.on("/file", file(new byte[0]));
		assertEquals(0, fetch(new Source(server.uri("/file"), 0, sha256(new byte[0]))).bytes());
		assertEquals(0, Files.size(target));
		assertEquals(List.of("weights.bin"), names());
	}

	@Test
	void whatIsThereIsNotDownloadedAgain() throws IOException {
		Files.write(target, bytes);
		assertEquals(new Fetched(target, 300_000, sha256(bytes), server.uri("/file"), true), fetch(known()));
		assertTrue(server.requests().isEmpty());
		assertWhole();
	}

	@Test
	void anotherFileThereIsReplacedByAWholeOneOnly() throws IOException {
		Files.writeString(target, "old");
		server.on("/file", cut(bytes, 1000), status(404), file(bytes));
		refusal(known());
		assertEquals("old", Files.readString(target));
		fetch(known());
		assertWhole();
	}

	/** Each call is 100 ms after the one before, but for the first and the last. */
	@Test
	void progressIsToldTenTimesASecond() {
		server.on("/file", (request, out) -> {
			MisbehavingServer.head(out, 200, "Content-Length: 300000");
			for (int i = 0; i < 30; i++) {
				out.write(bytes, i * 10_000, 10_000);
				out.flush();
				pause(10);
			}
		});
		final long start = System.nanoTime();
		fetch(known());
		final long millis = (System.nanoTime() - start) / 1_000_000;
		assertTrue(told.progress.size() <= millis / 100 + 2, told.progress.size() + " calls in " + millis + " ms");
		assertTrue(told.progress.size() >= 3, told.progress.size() + " calls");
	}

	private static void pause(final long millis) {
		try {
			TimeUnit.MILLISECONDS.sleep(millis);
		}
		catch (final InterruptedException e) {
			throw new AssertionError(e);
		}
	}

	// ---- broken connections ----

	@Test
	void aBrokenConnectionIsTakenUp() throws IOException {
		server.on("/file", cut(bytes, 100_000, V1), file(bytes, V1));
		fetch(known());
		assertWhole();
		assertEquals(List.of("null null", "bytes=100000- \"v1\""), ranges());
		assertEquals(1, told.notes.size());
		assertSays(told.notes.get(0), "has trouble: the connection broke", "(1 of 3)");
	}

	@Test
	void aConnectionThatBreaksAgainAndAgain() throws IOException {
		server.on("/file", cut(bytes, 2000, V1));
		final String sentence = refusal(known());
		assertSays(sentence, "The download of " + server.uri("/file") + " stopped at 8,000 bytes of 0.3 MB", "the connection broke", "what came is kept, and the same download goes on from there.");
		assertEquals(4, server.requests().size());
		assertKept(8000);
		server.on("/file", file(bytes, V1));
		fetch(known());
		assertWhole();
		assertEquals("bytes=8000- \"v1\"", ranges().get(4));
	}

	@Test
	void triesAreCountedAnewWhereItGetsFurther() throws IOException {
		final byte[] large = bytes(8 << 20, 2);
		server.on("/large", cut(large, 3 << 19, V1));
		fetch(new Source(server.uri("/large"), large.length, sha256(large)));
		assertArrayEquals(large, Files.readAllBytes(target));
		assertEquals(6, server.requests().size());
	}

	@Test
	void aServerThatCannotGoOnAndAlwaysBreaksEnds() {
		final byte[] large = bytes(4 << 20, 2);
		server.on("/large", (request, out) -> {
			MisbehavingServer.head(out, 200, "Content-Length: " + large.length);
			out.write(large, 0, 3 << 20);
		});
		assertSays(refusal(new Source(server.uri("/large"), large.length, sha256(large))), "stopped at 3.1 MB of 4.2 MB");
		assertEquals(4, server.requests().size());
	}

	@Test
	void silenceCountsAsBroken() throws IOException {
		server.on("/file", hold(bytes, 100_000, new CountDownLatch(1), V1), file(bytes, V1));
		download(limits(HURRY.connect(), Duration.ofMillis(600), HURRY.patience())).get(known(), target, told);
		assertWhole();
		assertEquals("bytes=100000- \"v1\"", ranges().get(1));
		assertSays(told.notes.get(0), "nothing came for 0.6 seconds");
	}

	@Test
	void silenceBeforeTheAnswer() {
		final Limits hurry = limits(Duration.ofMillis(500), Duration.ofMillis(100), HURRY.patience());
		server.on("/file", (request, out) -> MisbehavingServer.await(new CountDownLatch(1)));
		assertSays(refusal(download(hurry), known(), target), "cannot be downloaded: nothing came for 0.1 seconds; check the network connection.");
		assertEquals(4, server.requests().size());
	}

	// ---- cancelled and killed ----

	@Test
	void cancelledWhileBytesComeAndTakenUp() throws IOException {
		server.on("/file", (request, out) -> {
			MisbehavingServer.head(out, 200, V1, "Content-Length: 300000");
			out.write(bytes, 0, 100_000);
			out.flush();
			MisbehavingServer.await(new CountDownLatch(1));
		}, file(bytes, V1));
		assertThrows(CancellationException.class, () -> download(HURRY).get(known(), target, (done, all) -> {
			if (done == 100_000) throw new CancellationException();
		}));
		assertKept(100_000);
		fetch(known());
		assertWhole();
		assertEquals("bytes=100000- \"v1\"", ranges().get(1));
	}

	/** Cancels at the third call for which a condition holds; a note would tell of a wait that came to its end. */
	private static final class Esc extends Told {

		private final Predicate<Progress> now;
		private int calls;

		Esc(final Predicate<Progress> now) {
			this.now = now;
		}

		@Override
		public void progress(final long done, final long all) {
			super.progress(done, all);
			if (now.test(new Progress(done, all)) && ++calls == 3) throw new CancellationException();
		}
	}

	/** Esc while a server does not answer. */
	@Test
	void cancelledWhileNoAnswerComes() throws IOException {
		final CountDownLatch asked = new CountDownLatch(1);
		server.on("/file", (request, out) -> {
			asked.countDown();
			MisbehavingServer.await(new CountDownLatch(1));
		});
		final Esc esc = new Esc(progress -> asked.getCount() == 0);
		assertThrows(CancellationException.class, () -> download(HURRY).get(known(), target, esc));
		assertEquals(List.of(), esc.notes);
		assertEquals(List.of(), names());
	}

	/** Esc while a server has stopped to send. */
	@Test
	void cancelledWhileNoBytesCome() throws IOException {
		server.on("/file", hold(bytes, 100_000, new CountDownLatch(1), V1));
		final Esc esc = new Esc(progress -> progress.done() == 100_000);
		assertThrows(CancellationException.class, () -> download(HURRY).get(known(), target, esc));
		assertEquals(List.of(), esc.notes);
		assertKept(100_000);
	}

	@Test
	void anInterruptCancels() throws IOException {
		server.on("/file", hold(bytes, 100_000, new CountDownLatch(1), V1), file(bytes, V1));
		final Thread self = Thread.currentThread();
		assertThrows(CancellationException.class, () -> download(HURRY).get(known(), target, (done, all) -> {
			if (done == 100_000) self.interrupt();
		}));
		assertTrue(Thread.interrupted());
		assertKept(100_000);
		fetch(known());
		assertWhole();
	}

	@Test
	void aKilledProgramIsTakenUp() throws IOException, InterruptedException {
		server.on("/file", hold(bytes, 100_000, new CountDownLatch(1), V1), file(bytes, V1));
		final Process process = program(known(), target).start();
		try {
			while (!Files.exists(part()) || Files.size(part()) < 100_000) {
				assertTrue(process.isAlive());
				pause(20);
			}
		}
		finally {
			process.destroyForcibly().waitFor();
		}
		assertKept(100_000);
		fetch(known());
		assertWhole();
		assertEquals("bytes=100000- \"v1\"", ranges().get(1));
	}

	/** Killed after the last byte, or the file was open in another program. */
	@Test
	void aWholePartNeedsNoServer() throws IOException {
		server.on("/file", file(bytes, V1));
		final String sentence = assertThrows(DownloadException.class, () -> download(HURRY).get(known(), target, (done, all) -> {
			if (!Files.exists(target)) make(target.resolve("in the way"));
		})).getMessage();
		assertSentence(sentence);
		assertSays(sentence, "The download is whole, but " + target + " cannot be replaced by it", "which takes what is in " + part());
		Files.delete(target.resolve("in the way"));
		Files.delete(target);
		assertKept(300_000);
		assertEquals(server.uri("/file"), fetch(known()).from());
		assertWhole();
		assertEquals(1, server.requests().size());
	}

	private static void make(final Path path) {
		try {
			Files.createDirectories(path);
		}
		catch (final IOException e) {
			throw new AssertionError(e);
		}
	}

	// ---- going on ----

	@Test
	void aServerThatKnowsNoRanges() throws IOException {
		leavePart(known(), 100_000, V1);
		server.on("/file", says(200, bytes, "Content-Length: 300000"));
		fetch(known());
		assertWhole();
		assertEquals(List.of("bytes=100000- \"v1\""), ranges());
	}

	@Test
	void aFileThatChanged() throws IOException {
		leavePart(unknown(), 100_000, V1);
		final byte[] changed = bytes(200_000, 7);
		server.on("/file", file(changed, "ETag: \"v2\""));
		fetch(unknown());
		assertArrayEquals(changed, Files.readAllBytes(target));
		assertEquals(List.of("bytes=100000- \"v1\""), ranges());
	}

	/** A server that knows no If-Range. */
	@Test
	void aRangeOfAnotherVersion() throws IOException {
		leavePart(unknown(), 100_000, V1);
		final byte[] changed = bytes(300_000, 7);
		server.on("/file", says(206, Arrays.copyOfRange(changed, 100_000, 300_000), "ETag: \"v2\"", "Content-Range: bytes 100000-299999/300000", "Content-Length: 200000"), file(changed, "ETag: \"v2\""));
		fetch(unknown());
		assertArrayEquals(changed, Files.readAllBytes(target));
		assertEquals(List.of("bytes=100000- \"v1\"", "null null"), ranges());
	}

	@Test
	void aFileThatGotShorter() throws IOException {
		leavePart(unknown(), 100_000, V1);
		final byte[] changed = bytes(5000, 7);
		server.on("/file", status(416, "Content-Range: bytes */5000"), file(changed, "ETag: \"v2\""));
		fetch(unknown());
		assertArrayEquals(changed, Files.readAllBytes(target));
		assertEquals(List.of("bytes=100000- \"v1\"", "null null"), ranges());
	}

	/** Bytes of another place are not added. */
	@Test
	void wrongRanges() throws IOException {
		final byte[] rest = Arrays.copyOfRange(bytes, 100_000, 300_000);
		for (final String range : List.of("Content-Range: bytes 99999-299999/300000", "Content-Range: bytes 0-299999/300000", "Content-Range: bytes 100000-299999/400000", "Content-Range: 100000", "X: none")) {
			Files.deleteIfExists(target);
			leavePart(known(), 100_000, V1);
			server.on("/file", says(206, rest, range, "Content-Length: 200000"), file(bytes, V1));
			fetch(known());
			assertWhole();
			assertEquals(List.of("bytes=100000- \"v1\"", "null null"), ranges(), range);
		}
	}

	/** Some servers send less than the rest. */
	@Test
	void aRangeInPieces() throws IOException {
		leavePart(known(), 100_000, V1);
		server.on("/file", says(206, Arrays.copyOfRange(bytes, 100_000, 150_000), V1, "Content-Range: bytes 100000-149999/300000", "Content-Length: 50000"), file(bytes, V1));
		fetch(known());
		assertWhole();
		assertEquals(List.of("bytes=100000- \"v1\"", "bytes=150000- \"v1\""), ranges());
	}

	@Test
	void validators() throws IOException {
		leavePart(unknown(), 100_000, "ETag: W/\"v1\"", DATE);
		server.on("/file", file(bytes, "ETag: W/\"v1\"", DATE));
		fetch(unknown());
		assertWhole();
		assertEquals(List.of("bytes=100000- " + DATE.substring(15)), ranges());
	}

	/** Without a validator only a checksum tells whether the file is still the same. */
	@Test
	void noValidator() throws IOException {
		leavePart(known(), 100_000);
		server.on("/file", file(bytes));
		fetch(known());
		assertWhole();
		assertEquals(List.of("bytes=100000- null"), ranges());

		Files.delete(target);
		server.requests().clear();
		server.on("/file", cut(bytes, 100_000), file(bytes));
		fetch(unknown());
		assertWhole();
		assertEquals(List.of("null null", "null null"), ranges());

		Files.delete(target);
		server.on("/file", cut(bytes, 100_000), status(404));
		assertSays(refusal(unknown()), server.uri("/file") + " cannot be downloaded: there is no such file");
		assertEquals(List.of(), names());
	}

	/** Another address, length or checksum: the bytes are of something else. */
	@Test
	void partsOfSomethingElse() throws IOException {
		leavePart(known(), 100_000, V1);
		final byte[] other = bytes(300_000, 3);
		server.on("/other", file(other, V1));
		fetch(new Source(server.uri("/other"), bytes.length, sha256(other)));
		assertArrayEquals(other, Files.readAllBytes(target));
		assertEquals(List.of("null null"), ranges());
	}

	@Test
	void anInfoFileThatIsDamaged() throws IOException {
		for (final String text : List.of("", "key=\\u12", "key=abc\nlength=many")) {
			Files.deleteIfExists(target);
			leavePart(known(), 100_000, V1);
			Files.writeString(folder.resolve("weights.bin.part.info"), text);
			server.on("/file", file(bytes, V1));
			fetch(known());
			assertWhole();
			assertEquals(List.of("null null"), ranges());
		}
	}

	// ---- checksums and lengths ----

	@Test
	void damagedPartsAreThrownAwayOnce() throws IOException {
		leavePart(known(), 100_000, V1);
		Files.write(part(), new byte[100_000]);
		server.on("/file", file(bytes, V1));
		fetch(known());
		assertWhole();
		assertEquals(List.of("bytes=100000- \"v1\"", "null null"), ranges());
		assertSays(told.notes.get(0), "is damaged; it is downloaded once more from the start");
	}

	@Test
	void aWrongFileInPieces() throws IOException {
		leavePart(known(), 100_000, V1);
		final byte[] wrong = bytes(300_000, 5);
		server.on("/file", file(wrong, V1));
		assertSays(refusal(known()), "its SHA-256 is " + sha256(wrong) + ", " + sha256(bytes) + " was expected");
		assertEquals(List.of("bytes=100000- \"v1\"", "null null"), ranges());
		assertEquals(List.of(), names());
	}

	@Test
	void aWrongFile() throws IOException {
		Files.writeString(target, "old");
		final byte[] wrong = bytes(300_000, 5);
		server.on("/file", file(wrong, V1));
		assertSays(refusal(known()), server.uri("/file") + " cannot be downloaded: its SHA-256 is " + sha256(wrong) + ", " + sha256(bytes) + " was expected; ");
		assertEquals(1, server.requests().size());
		assertEquals(List.of("weights.bin"), names());
		assertEquals("old", Files.readString(target));
	}

	@Test
	void aLengthThatWasNotExpected() throws IOException {
		server.on("/file", file(bytes(200_000, 1)), chunked(bytes(300_001, 1)), chunked(bytes(299_999, 1)));
		assertSays(refusal(known()), "it has 200,000 bytes, 300,000 were expected; the file at that address is another one now");
		assertSays(refusal(known()), "it has more than 300,000 bytes, 300,000 were expected");
		assertSays(refusal(known()), "it has 299,999 bytes, 300,000 were expected");
		assertEquals(3, server.requests().size());
		assertEquals(List.of(), names());
	}

	/** Without any mark of its end a body that is too short may have been cut. */
	@Test
	void tooShortWithoutAMarkedEnd() throws IOException {
		server.on("/file", says(200, Arrays.copyOf(bytes, 100_000), V1), file(bytes, V1));
		fetch(known());
		assertWhole();
		assertEquals(List.of("null null", "bytes=100000- \"v1\""), ranges());
	}

	// ---- what is asked for ----

	@Test
	void addressesAndChecksums() {
		for (final String address : List.of("ftp://example.org/a", "/a/b", "https:///a", "http:a?token=secret"))
			assertSays(assertThrows(DownloadException.class, () -> new Source(URI.create(address), 1, null)).getMessage(), address.replaceFirst("\\?.*", "") + " is no address of a file to download: https:// or http:// and a host are needed.");
		final String sentence = assertThrows(DownloadException.class, () -> new Source(URI.create("https://user:secret@example.org/a?token=secret"), 1, "abc")).getMessage();
		assertSays(sentence, "The SHA-256 that is given for https://example.org/a is none: 64 digits 0-9 and a-f are needed, it has 3 characters.");
	}

	// ---- lengths alone ----

	@Test
	void sizes() {
		server.on("/head", file(bytes));
		assertEquals(300_000, download(HURRY).length(server.uri("/head")));
		assertEquals("HEAD", server.requests().get(0).method());
		assertEquals(1, server.requests().size());

		server.on("/range", status(405), says(206, new byte[1], "Content-Range: bytes 0-0/123456789012", "Content-Length: 1"));
		assertEquals(123_456_789_012L, download(HURRY).length(server.uri("/range")));
		assertEquals("bytes=0-0", server.requests().get(2).header("Range"));

		server.on("/get", status(403), file(bytes));
		assertEquals(300_000, download(HURRY).length(server.uri("/get")));
		server.on("/empty", status(405), status(416, "Content-Range: bytes */0"));
		assertEquals(0, download(HURRY).length(server.uri("/empty")));
		server.on("/unknown", chunked(bytes));
		assertEquals(-1, download(HURRY).length(server.uri("/unknown")));
		server.on("/packed", says(200, bytes, "Content-Encoding: gzip", "Content-Length: 300000"));
		assertEquals(-1, download(HURRY).length(server.uri("/packed")));
		assertSays(assertThrows(DownloadException.class, () -> download(HURRY).length(server.uri("/missing?token=secret"))).getMessage(), server.uri("/missing") + " cannot be downloaded: there is no such file (status 404 of 127.0.0.1)");
		server.on("/page", says(200, bytes, "Content-Type: text/html", "Content-Length: 300000"));
		assertSays(assertThrows(DownloadException.class, () -> download(HURRY).length(server.uri("/page"))).getMessage(), "a web page came instead of the file");
	}
}
