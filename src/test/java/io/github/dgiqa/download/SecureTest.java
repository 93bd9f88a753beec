package io.github.dgiqa.download;

import static io.github.dgiqa.download.MisbehavingServer.cut;
import static io.github.dgiqa.download.MisbehavingServer.daemon;
import static io.github.dgiqa.download.MisbehavingServer.file;
import static io.github.dgiqa.download.MisbehavingServer.redirect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.dgiqa.ProgramRun;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads over https, from a server whose certificate only these tests trust. */
class SecureTest extends DownloadCase {

	private static final String PASSWORD = "changeit";

	@TempDir
	static Path keys;

	private static Path store;
	private static SSLContext own;
	private static SSLContext usual;

	private MisbehavingServer secure;
	private Source source;

	@BeforeAll
	static void makeCertificate() throws IOException, GeneralSecurityException {
		store = keys.resolve("keys.p12");
		final String keytool = Path.of(ProgramRun.java()).resolveSibling("keytool").toString();
		final ProgramRun run = ProgramRun.of(new ProcessBuilder(keytool, "-genkeypair", "-keyalg", "EC", "-alias", "a", "-dname", "CN=test", "-ext", "san=ip:127.0.0.1", "-keystore", store.toString(), "-storepass", PASSWORD, "-storetype", "PKCS12"));
		assertEquals(0, run.status(), run.out() + run.err());
		final KeyStore loaded = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
		final KeyManagerFactory mine = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		mine.init(loaded, PASSWORD.toCharArray());
		final KeyStore certificates = KeyStore.getInstance(KeyStore.getDefaultType());
		certificates.load(null, null);
		certificates.setCertificateEntry("a", loaded.getCertificate("a"));
		final TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trusted.init(certificates);
		own = SSLContext.getInstance("TLS");
		own.init(mine.getKeyManagers(), trusted.getTrustManagers(), null);
		usual = SSLContext.getDefault();
	}

	@BeforeEach
	void serve() throws IOException {
		SSLContext.setDefault(own);
		secure = new MisbehavingServer(own.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()), "https");
		source = new Source(secure.uri("/file"), bytes.length, sha256(bytes));
	}

	@AfterEach
	void end() throws IOException {
		secure.close();
		SSLContext.setDefault(usual);
	}

	@AfterAll
	static void trustAsBefore() {
		SSLContext.setDefault(usual);
	}

	@Test
	void brokenAndTakenUp() throws IOException {
		secure.on("/file", cut(bytes, 100_000, V1), file(bytes, V1));
		fetch(source);
		assertWhole();
		assertEquals(100_000, secure.requests().get(1).start());
	}

	@Test
	void aCertificateThatNobodyTrusts() throws IOException {
		SSLContext.setDefault(usual);
		secure.on("/file", file(bytes));
		assertSays(refusal(source), secure.uri("/file") + " cannot be downloaded: no secure connection to 127.0.0.1 can be made: its certificate is not trusted; check the computer's clock and the address; a sign-in page or a proxy of the network may stand between.");
		assertEquals(List.of(), names());
	}

	/** The certificate is of 127.0.0.1. */
	@Test
	void aCertificateOfAnotherHost() {
		secure.on("/file", file(bytes));
		assertSays(refusal(new Source(URI.create("https://localhost:" + secure.port() + "/file"), -1, null)), "no secure connection to localhost can be made: its certificate is not trusted");
	}

	@Test
	void aPortWithoutTls() {
		server.on("/file", file(bytes));
		assertSays(refusal(new Source(URI.create("https://127.0.0.1:" + server.port() + "/file"), -1, null)), "no secure connection to 127.0.0.1 can be made: the two do not understand each other");
	}

	@Test
	void neverOnToHttp() throws IOException {
		secure.on("/file", redirect(302, server.uri("/file?token=secret").toString()));
		server.on("/file", file(bytes));
		assertSays(refusal(source), secure.uri("/file") + " cannot be downloaded: its server sends the download on to " + server.uri("/file") + ", which is not secure; a sign-in page of the network may stand between");
		assertEquals(List.of(), server.requests());
		server.on("/file", redirect(302, secure.uri("/end").toString()));
		secure.on("/end", file(bytes));
		assertEquals(secure.uri("/end"), fetch(known()).from());
		assertWhole();
	}

	/** In a process of its own, since Java decides about passwords for proxies once in a process. */
	@Test
	void aProxyWithAPassword() throws IOException {
		secure.on("/file", file(bytes));
		final String host = "127.0.0.1:" + secure.port();
		server.on(host, (request, out) -> {
			MisbehavingServer.head(out, 200);
			try (Socket to = new Socket(InetAddress.getLoopbackAddress(), secure.port())) {
				daemon(() -> pump(request.socket(), to));
				pump(to, request.socket());
			}
		});
		final ProcessBuilder program = program(source, target, "-Djavax.net.ssl.trustStore=" + store, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
		program.environment().put("https_proxy", "http://user:password@127.0.0.1:" + server.port());
		final ProgramRun run = ProgramRun.of(program);
		assertEquals("300000 bytes\n", run.out(), run.err());
		assertWhole();
		assertEquals("CONNECT " + host, server.requests().get(0).method() + " " + server.requests().get(0).target());
		assertEquals("Basic dXNlcjpwYXNzd29yZA==", server.requests().get(0).header("Proxy-Authorization"));
		assertNull(secure.requests().get(0).header("Proxy-Authorization"));
	}

	private static void pump(final Socket from, final Socket to) {
		try {
			final InputStream in = from.getInputStream();
			final OutputStream out = to.getOutputStream();
			in.transferTo(out);
			to.shutdownOutput();
		}
		catch (final IOException e) {
			// one of them has left
		}
	}
}
