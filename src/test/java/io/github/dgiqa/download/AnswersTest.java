package io.github.dgiqa.download;

import static io.github.dgiqa.download.MisbehavingServer.cut;
import static io.github.dgiqa.download.MisbehavingServer.file;
import static io.github.dgiqa.download.MisbehavingServer.redirect;
import static io.github.dgiqa.download.MisbehavingServer.says;
import static io.github.dgiqa.download.MisbehavingServer.status;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers answer instead of a file, and what is said of it. */
class AnswersTest extends DownloadCase {

	// ---- statuses ----

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
		"401 | it is not given out without signing in (status 401 of 127.0.0.1); open it in a browser, sign in there or accept the licence | 1",
		"403 | it is not given out without signing in (status 403 of 127.0.0.1); open it in a browser, sign in there or accept the licence | 1",
		"404 | there is no such file (status 404 of 127.0.0.1); check the address | 1",
		"410 | there is no such file (status 410 of 127.0.0.1); check the address | 1",
		"429 | its server is busy (status 429 of 127.0.0.1); try again later | 4",
		"503 | its server is busy (status 503 of 127.0.0.1); try again later | 4",
		"500 | its server has trouble (status 500 of 127.0.0.1); try again later | 4",
		"502 | its server has trouble (status 502 of 127.0.0.1); try again later | 4",
		"511 | a web page came instead of the file, which looks like a sign-in page of the network | 1",
		"204 | its server gives an answer that was not expected (status 204 of 127.0.0.1); check the address | 1",
		"206 | its server gives an answer that was not expected (status 206 of 127.0.0.1); check the address | 1",
		"400 | its server gives an answer that was not expected (status 400 of 127.0.0.1); check the address | 1"})
	void statusesThatBringNoFile(final int status, final String words, final int requests) throws IOException {
		server.on("/file", status(status, "Content-Type: text/html"));
		final Source source = new Source(server.uri("/file?token=secret#secret"), -1, null);
		assertSays(refusal(source), server.uri("/file") + " cannot be downloaded: " + words);
		assertEquals(requests, server.requests().size());
		assertEquals(List.of(), names());
	}

	@Test
	void aServerThatIsBusyForLong() {
		server.on("/file", status(429, "Retry-After: 90"), status(503, "Retry-After: 1800"), status(503, "Retry-After: Fri, 31 Dec 2100 23:59:59 GMT"));
		assertSays(refusal(known()), "its server is busy (status 429 of 127.0.0.1) and asks to wait 90 seconds; try again then.");
		assertSays(refusal(known()), "its server is busy (status 503 of 127.0.0.1) and asks to wait 30 minutes; try again then.");
		assertSays(refusal(known()), "minutes; try again then.");
		assertEquals(3, server.requests().size());
	}

	@Test
	void aServerThatIsBusyForAMoment() throws IOException {
		server.on("/file", status(503, "Retry-After: 0"), status(429, "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT"), status(503, "Retry-After: soon"), file(bytes));
		fetch(known());
		assertWhole();
		assertEquals(4, server.requests().size());
	}

	@Test
	void aServerThatIsBusyInTheMiddle() throws IOException {
		leavePart(known(), 100_000, V1);
		server.on("/file", status(503, "Retry-After: 90"));
		assertSays(refusal(known()), "The download of " + server.uri("/file") + " stopped at 0.1 MB of 0.3 MB: its server is busy (status 503 of 127.0.0.1) and asks to wait 90 seconds; try again then; what came is kept");
		assertKept(100_000);
	}

	// ---- redirects ----

	@Test
	void redirectsAreFollowed() throws IOException {
		server.on("/file", redirect(302, "/there/next"));
		server.on("/there/next", redirect(307, "../end?token=secret"));
		server.on("/end", file(bytes, V1));
		assertEquals(server.uri("/end?token=secret"), fetch(known()).from());
		assertWhole();
		assertEquals(300_000, download(HURRY).length(server.uri("/file")));
	}

	/** Addresses that are signed anew for each request. */
	@Test
	void redirectsOfWhatIsTakenUp() throws IOException {
		server.on("/file", redirect(302, "/end?token=secret1"), redirect(302, "/end?token=secret2"));
		server.on("/end", cut(bytes, 100_000, V1), file(bytes, V1));
		assertEquals(server.uri("/end?token=secret2"), fetch(known()).from());
		assertWhole();
		assertEquals(List.of("null null", "null null", "bytes=100000- \"v1\"", "bytes=100000- \"v1\""), ranges());
	}

	@Test
	void tenRedirectsAndEleven() throws IOException {
		for (int i = 0; i <= 10; i++)
			server.on("/" + i, redirect(301, "/" + (i + 1)));
		server.on("/11", file(bytes));
		assertSays(refusal(new Source(server.uri("/0"), -1, null)), server.uri("/0") + " cannot be downloaded: its server sends the download on more than 10 times; try again later");
		assertEquals(11, server.requests().size());
		fetch(new Source(server.uri("/1"), -1, null));
		assertWhole();
	}

	@Test
	void redirectsThatLeadNowhere() throws IOException {
		server.on("/file", redirect(302, "/b?token=secret"));
		server.on("/b", redirect(302, "/file"));
		assertSays(refusal(known()), "its server sends the download around in a circle (back to " + server.uri("/file") + ")");
		for (final String location : List.of("ftp://example.org/a", "file:///etc/passwd", "http://[", "mailto:a@example.org")) {
			server.on("/file", redirect(302, location));
			assertSays(refusal(known()), server.uri("/file") + " sends the download on to no address that can be used");
		}
		server.on("/file", status(302));
		assertSays(refusal(known()), server.uri("/file") + " sends the download on to no address that can be used");
		assertEquals(List.of(), names());
	}

	// ---- web pages ----

	@ParameterizedTest
	@ValueSource(strings = {"<!DOCTYPE html><title>Sign in</title>", "<html lang=en>", "\uFEFF \r\n<!doctype HTML>", "<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC 'x'>", "<!-- a\nb --><HTML>", "<script>location='http://sign.in'</script>", "\n\n<head>"})
	void webPages(final String page) throws IOException {
		Files.writeString(target, "old");
		for (final Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)) {
			server.on("/file", says(200, page.getBytes(charset), "Content-Type: application/octet-stream"));
			assertSays(refusal(unknown()), server.uri("/file") + " cannot be downloaded: a web page came instead of the file, which looks like a sign-in page of the network or of the file's site; open the address in a browser, sign in, and try again.");
			assertEquals(List.of("weights.bin"), names());
			assertEquals("old", Files.readString(target));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = {"text/html", "Text/HTML; charset=utf-8", "application/xhtml+xml"})
	void webPagesByTheirType(final String type) throws IOException {
		server.on("/file", says(200, bytes, "Content-Type: " + type, "Content-Length: 300000"));
		assertSays(refusal(known()), "a web page came instead of the file");
		assertEquals(List.of(), names());
	}

	/** At home, on a train, at home again. */
	@Test
	void aSignInPageLeavesWhatCame() throws IOException {
		leavePart(unknown(), 100_000, V1);
		server.on("/file", redirect(302, "/sign-in"));
		server.on("/sign-in", says(200, "<html>Sign in</html>".getBytes(StandardCharsets.US_ASCII)));
		assertSays(refusal(unknown()), "stopped at 0.1 MB of 0.3 MB: a web page came instead of the file", "what came is kept");
		assertKept(100_000);
		server.on("/file", file(bytes, V1));
		fetch(unknown());
		assertWhole();
		assertEquals("bytes=100000- \"v1\"", ranges().get(2));
	}

	/** Of all that begins with such a sign only pages are refused. */
	@Test
	void whatIsNoWebPage() throws IOException {
		for (final String text : List.of("<svg xmlns='http://www.w3.org/2000/svg'/>", "<?xml version='1.0'?><models/>", "html", "", "<", "<!---->".repeat(140))) {
			server.on("/file", says(200, text.getBytes(StandardCharsets.UTF_8), "Content-Type: text/plain"));
			fetch(unknown());
			assertEquals(text, Files.readString(target));
		}
	}

	// ---- packed for the way ----

	private static byte[] gzip(final byte[] bytes) throws IOException {
		final ByteArrayOutputStream packed = new ByteArrayOutputStream();
		try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
			out.write(bytes);
		}
		return packed.toByteArray();
	}

	@Test
	void packedWithGzip() throws IOException {
		final byte[] packed = gzip(bytes);
		for (final Source source : List.of(known(), unknown())) {
			Files.deleteIfExists(target);
			server.on("/file", says(200, packed, "Content-Encoding: gzip", "Content-Length: " + packed.length));
			assertEquals(300_000, fetch(source).bytes());
			assertWhole();
		}
	}

	/** Its bytes are not counted as the server's: they cannot be continued. */
	@Test
	void packedWithGzipAndBroken() throws IOException {
		final byte[] packed = gzip(bytes);
		server.on("/file", says(200, Arrays.copyOf(packed, 100_000), "Content-Encoding: x-gzip", V1, "Content-Length: " + packed.length));
		assertSays(refusal(known()), "cannot be downloaded: the connection broke");
		assertEquals(List.of("null null", "null null", "null null", "null null"), ranges());
		assertEquals(List.of(), names());
		packed[50_000] ^= 1;
		packed[50_001] ^= 1;
		server.on("/file", says(200, packed, "Content-Encoding: gzip", "Content-Length: " + packed.length));
		assertSays(refusal(unknown()), "cannot be downloaded: what came is damaged on its way");
		assertEquals(List.of(), names());
	}

	/** Servers that call a packed file packed for the way. */
	@Test
	void filesThatArePacked() throws IOException {
		final byte[] packed = gzip(bytes);
		server.on("/file.so.gz", says(200, packed, "Content-Encoding: gzip", "Content-Length: " + packed.length));
		fetch(new Source(server.uri("/file.so.gz"), -1, null));
		assertArrayEquals(packed, Files.readAllBytes(target));
		server.on("/file", says(200, packed, "Content-Encoding: gzip", "Content-Length: " + packed.length));
		fetch(new Source(server.uri("/file"), packed.length, sha256(packed)));
		assertArrayEquals(packed, Files.readAllBytes(target));
	}

	@Test
	void packedOtherwise() throws IOException {
		server.on("/file", says(200, bytes, "Content-Encoding: br"));
		assertSays(refusal(known()), "its server packs it in a way that was not asked for (br); save it with a browser");
		assertEquals(List.of(), names());
	}

	// ---- no answers ----

	/** A label of more than 63 letters is no name that a name server is asked for. */
	@Test
	void anUnknownHost() throws IOException {
		final String host = "a".repeat(64) + ".invalid";
		assertSays(refusal(new Source(URI.create("https://" + host + "/file"), -1, null)), host + " is no name of a host; check the address");
		assertSays(refusal(new Source(URI.create("http://" + host + "/file?token=secret"), -1, null)), "http://" + host + "/file cannot be downloaded: the host " + host + " is unknown; check the address and the network connection, and behind a proxy name it in ImageJ (Edit > Options > Proxy Settings) or in the environment (HTTPS_PROXY=http://host:port).");
		assertEquals(List.of(), names());
	}

	@Test
	void aHostThatRefuses() throws IOException {
		final int port;
		try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = closed.getLocalPort();
		}
		assertSays(refusal(new Source(URI.create("http://127.0.0.1:" + port + "/file"), -1, null)), "cannot be downloaded: the host 127.0.0.1 cannot be reached (it refuses the connection, or the network is down); check the network connection");
	}

	/** Its secure connection is never made. */
	@Test
	void aHostThatDoesNotAnswer() throws IOException {
		final Limits hurry = limits(Duration.ofMillis(300), HURRY.silence(), HURRY.patience());
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			final Source source = new Source(URI.create("https://127.0.0.1:" + silent.getLocalPort() + "/file"), -1, null);
			assertSays(refusal(download(hurry), source, target), "cannot be downloaded: the host 127.0.0.1 does not answer within 0.3 seconds; check the network connection");
		}
		assertEquals(List.of(), told.notes);
	}

	/** The network went away in the middle. */
	@Test
	void aHostThatRefusesOnceBegun() throws IOException {
		server.on("/file", (request, out) -> {
			MisbehavingServer.head(out, 200, V1, "Content-Length: 300000");
			out.write(bytes, 0, 100_000);
			out.flush();
			server.close();
		});
		final String sentence = "stopped at 0.1 MB of 0.3 MB: the host 127.0.0.1 cannot be reached (it refuses the connection, or the network is down)";
		assertSays(refusal(known()), sentence);
		assertEquals(3, told.notes.size(), "tries once begun");
		assertSays(refusal(known()), sentence);
		assertEquals(3, told.notes.size(), "no tries where the network is not there from the start");
		assertKept(100_000);
	}

	@Test
	void whatIsNoHttp() throws IOException {
		server.on("/file", (request, out) -> out.write("220 mail.example.org ESMTP\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
		assertSays(refusal(known()), "cannot be downloaded: the host 127.0.0.1 does not answer in HTTP; check the address");
		server.on("/file", (request, out) -> {});
		assertSays(refusal(known()), "cannot be downloaded: the connection broke; check the network connection.");
		assertEquals(List.of(), names());
	}
}
