package io.github.dgiqa.download;

import static io.github.dgiqa.download.MisbehavingServer.file;
import static io.github.dgiqa.download.MisbehavingServer.redirect;
import static io.github.dgiqa.download.MisbehavingServer.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways through proxies. The server is one here: it is asked for whole addresses. */
class ProxiesTest extends DownloadCase {

	private static final List<String> PROPERTIES = List.of("http.proxyHost", "http.proxyPort", "http.nonProxyHosts", "https.proxyHost", "socksProxyHost");
	private static final URI FAR = URI.create("http://files.example/weights");

	private Source far;

	@BeforeEach
	void serve() {
		far = new Source(FAR, bytes.length, sha256(bytes));
		server.on(FAR.toString(), file(bytes, V1));
	}

	@AfterEach
	void clear() {
		PROPERTIES.forEach(System::clearProperty);
	}

	private static Download with(final Map<String, String> environment) {
		return new Download(HURRY, new Disk(), environment);
	}

	private String proxy() {
		return "127.0.0.1:" + server.port();
	}

	@ParameterizedTest
	@ValueSource(strings = {"HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"})
	void theEnvironmentsProxy(final String name) throws IOException {
		for (final String prefix : List.of("http://", "")) {
			with(Map.of(name, prefix + proxy(), "HTTPS_PROXY", "http://127.0.0.1:1")).get(far, target, told);
			assertWhole();
			Files.delete(target);
		}
		assertEquals(FAR.toString(), server.requests().get(0).target());
		assertEquals("files.example", server.requests().get(0).header("Host"));
		assertNull(server.requests().get(0).header("Proxy-Authorization"));
	}

	@Test
	void lowerCaseIsFirst() throws IOException {
		with(Map.of("HTTP_PROXY", "http://127.0.0.1:1", "http_proxy", proxy(), "ALL_PROXY", "http://127.0.0.1:2")).get(far, target, told);
		assertWhole();
	}

	/** "user:p@ss+w" in Base64. */
	@Test
	void aProxyWithAPassword() throws IOException {
		with(Map.of("HTTP_PROXY", "http://user:p%40ss+w@" + proxy())).get(far, target, told);
		assertWhole();
		assertEquals("Basic dXNlcjpwQHNzK3c=", server.requests().get(0).header("Proxy-Authorization"));
	}

	/** The password is the proxy's only. */
	@Test
	void redirectedToAHostWithoutProxy() throws IOException {
		server.on(FAR.toString(), redirect(302, server.uri("/file").toString()));
		server.on("/file", file(bytes));
		with(Map.of("HTTP_PROXY", "http://user:secret@" + proxy(), "NO_PROXY", "127.0.0.1")).get(far, target, told);
		assertWhole();
		assertEquals("/file", server.requests().get(1).target());
		assertNull(server.requests().get(1).header("Proxy-Authorization"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
		"*                      | http://files.example/a      | false",
		"files.example          | http://files.example/a      | false",
		".example               | http://files.example/a      | false",
		"*.example              | http://files.example/a      | false",
		"example                | http://FILES.example/a      | false",
		"a.b, example           | http://files.example/a      | false",
		"files.example:80       | http://files.example/a      | false",
		"files.example:443      | https://files.example/a     | false",
		"files.example:8080     | http://files.example:8080/a | false",
		"127.0.0.1              | http://127.0.0.1:99/a       | false",
		"files.example:8080     | http://files.example/a      | true",
		"les.example            | http://files.example/a      | true",
		"::1, a.b               | http://[::1]/a              | false",
		"[::1]:80               | http://[::1]/a              | false",
		"[::1]:81               | http://[::1]/a              | true",
		"example.org            | http://files.example/a      | true",
		"' , '                  | http://files.example/a      | true"})
	void hostsWithoutProxy(final String list, final URI uri, final boolean proxied) throws Failure {
		for (final String name : List.of("NO_PROXY", "no_proxy")) {
			final Proxies.Via via = new Proxies(Map.of("ALL_PROXY", "proxy.example:3128", name, list)).via(uri);
			assertEquals(proxied ? "proxy.example:3128 (from ALL_PROXY)" : "null", String.valueOf(via));
		}
	}

	@Test
	void theSchemesOwnProxy() throws Failure {
		final Proxies proxies = new Proxies(Map.of("HTTP_PROXY", "a", "HTTPS_PROXY", "http://b:3128/", "ALL_PROXY", "c"));
		assertEquals("a:1080 (from HTTP_PROXY)", proxies.via(FAR).toString());
		assertEquals("b:3128 (from HTTPS_PROXY)", proxies.via(URI.create("https://files.example/")).toString());
		assertNull(new Proxies(Map.of("HTTPS_PROXY", "b")).via(FAR));
		assertNull(new Proxies(Map.of("HTTP_PROXY", " ")).via(FAR));
	}

	@Test
	void javasSettingsAreFirst() throws IOException, Failure {
		System.setProperty("http.proxyHost", "127.0.0.1");
		System.setProperty("http.proxyPort", Integer.toString(server.port()));
		final Map<String, String> environment = Map.of("ALL_PROXY", "http://user:secret@127.0.0.1:1");
		with(environment).get(far, target, told);
		assertWhole();
		assertNull(server.requests().get(0).header("Proxy-Authorization"));
		System.setProperty("http.nonProxyHosts", "*.example");
		assertNull(new Proxies(environment).via(FAR));
		assertEquals("127.0.0.1:1 (from ALL_PROXY)", new Proxies(environment).via(URI.create("https://files.example/")).toString());
	}

	// ---- trouble ----

	@Test
	void aProxyThatRefuses() throws IOException {
		final int port;
		try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = closed.getLocalPort();
		}
		assertSays(refusal(with(Map.of("HTTP_PROXY", "http://user:secret@127.0.0.1:" + port)), far, target), FAR + " cannot be downloaded: the proxy 127.0.0.1:" + port + " (from HTTP_PROXY) cannot be reached (it refuses the connection, or the network is down); correct that setting or remove it.");
		System.setProperty("http.proxyHost", "127.0.0.1");
		System.setProperty("http.proxyPort", Integer.toString(port));
		assertSays(refusal(with(Map.of()), far, target), "the proxy 127.0.0.1:" + port + " (from Java's setting http.proxyHost) cannot be reached");
	}

	@Test
	void aProxyThatIsUnknown() {
		final String host = "a".repeat(64) + ".invalid";
		assertSays(refusal(with(Map.of("HTTP_PROXY", host + ":3128")), far, target), "the proxy " + host + ":3128 (from HTTP_PROXY) is unknown; correct that setting or remove it.");
	}

	@Test
	void aProxyThatWantsAnotherPassword() {
		server.on(FAR.toString(), status(407, "Proxy-Authenticate: Basic realm=\"a\""));
		assertSays(refusal(with(Map.of("HTTP_PROXY", "http://user:secret@" + proxy())), far, target), "the proxy asks for another user and password (status 407); set HTTPS_PROXY=http://user:password@host:port in the environment; ");
	}

	@Test
	void aTunnelThatIsRefused() {
		server.on("files.example:443", status(403));
		assertSays(refusal(with(Map.of("HTTPS_PROXY", proxy())), new Source(URI.create("https://files.example/weights"), -1, null), target), "the proxy " + proxy() + " (from HTTPS_PROXY) refuses to connect to files.example (status 403); correct that setting or remove it.");
		server.on("files.example:443", status(407, "Proxy-Authenticate: Basic realm=\"a\""));
		assertSays(refusal(with(Map.of("HTTPS_PROXY", proxy())), new Source(URI.create("https://files.example/weights"), -1, null), target), "the proxy asks for another user and password (status 407); set HTTPS_PROXY=http://user:password@host:port in the environment; ");
		assertEquals("CONNECT", server.requests().get(0).method());
	}

	@Test
	void proxiesThatCannotBeUsed() {
		for (final String kind : List.of("socks5://user:secret@127.0.0.1:1", "https://127.0.0.1:1"))
			assertSays(refusal(with(Map.of("ALL_PROXY", kind)), far, target), "the proxy " + kind.replace("user:secret@", "") + " in ALL_PROXY is of a kind that is not supported; name an HTTP proxy in HTTP_PROXY (http://host:port).");
		for (final String none : List.of("http://user:se cret@host", "http:///", "http://user:p@secret@host:1"))
			assertSays(refusal(with(Map.of("http_proxy", none)), far, target), "the environment's HTTP_PROXY names no proxy; it needs the form http://host:port");
		System.setProperty("socksProxyHost", "127.0.0.1");
		assertSays(refusal(with(Map.of()), far, target), "the proxy 127.0.0.1:1080 in Java's setting socksProxyHost is of a kind that is not supported; name an HTTP proxy in HTTP_PROXY");
		assertThrows(IllegalStateException.class, () -> new Proxies(Map.of()).select(FAR));
		assertEquals(List.of(), server.requests());
	}
}
