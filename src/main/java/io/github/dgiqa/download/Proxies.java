package io.github.dgiqa.download;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The proxy for an address. Java's own settings come first: the properties {@code https.proxyHost}, {@code http.proxyHost}
 * and those that go with them, {@code java.net.useSystemProxies}, or a default {@link ProxySelector} that the application
 * set. Without them the variables of the environment count: {@code HTTPS_PROXY} or {@code HTTP_PROXY}, by the address's
 * scheme, then {@code ALL_PROXY}; in lower case they come first. They hold {@code [http://][user:password@]host[:port]}.
 * {@code NO_PROXY} lists the hosts to reach without: names, which stand for their subdomains too, a name with a port, or
 * {@code *} for all.
 */
final class Proxies extends ProxySelector {

	/**
	 * A proxy.
	 *
	 * @param origin where it is set, for people
	 * @param authorization the header that it is sent; null for none
	 */
	record Via(InetSocketAddress address, String origin, String authorization) {

		@Override
		public String toString() {
			return address.getHostString() + ":" + address.getPort() + " (from " + origin + ")";
		}
	}

	/** The proxies' port where none is given, as curl has it. */
	private static final int PORT = 1080;
	private static final String BASIC_OFF = "jdk.http.auth.tunneling.disabledSchemes";

	static {
		// Java sends no password to a proxy for https unless told so before its first request; who put one into the environment wants it sent
		final Map<String, String> environment = System.getenv();
		final boolean password = List.of("HTTPS_PROXY", "ALL_PROXY").stream().map(name -> variable(environment, name)).anyMatch(value -> value != null && value.contains("@"));
		if (password && System.getProperty(BASIC_OFF) == null) System.setProperty(BASIC_OFF, "");
	}

	private final Map<String, String> environment;

	Proxies(final Map<String, String> environment) {
		this.environment = environment;
	}

	/**
	 * The proxy for an address; null for none.
	 *
	 * @throws Failure where it is of a kind that Java's client cannot use
	 */
	Via via(final URI uri) throws Failure {
		final String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
		for (final Proxy proxy : javas(uri)) {
			if (proxy.type() == Proxy.Type.DIRECT) continue;
			final InetSocketAddress address = (InetSocketAddress) proxy.address();
			if (proxy.type() == Proxy.Type.SOCKS) throw Sentences.proxyKind(address.getHostString() + ":" + address.getPort(), "Java's setting socksProxyHost", scheme);
			return new Via(address, "Java's setting " + scheme + ".proxyHost", null);
		}
		final boolean set = !System.getProperty(scheme + ".proxyHost", "").isBlank(); // but not for this host
		if (set || isExcepted(uri)) return null;
		for (final String name : List.of(scheme.toUpperCase(Locale.ROOT) + "_PROXY", "ALL_PROXY")) {
			final String value = variable(environment, name);
			if (value != null) return parse(value, name, scheme);
		}
		return null;
	}

	private static List<Proxy> javas(final URI uri) {
		final ProxySelector standard = ProxySelector.getDefault();
		return standard == null ? List.of() : standard.select(uri);
	}

	/** The value of a variable; null where it is not set or empty. */
	private static String variable(final Map<String, String> environment, final String name) {
		final UnaryOperator<String> value = key -> environment.getOrDefault(key, "").strip();
		final String lower = value.apply(name.toLowerCase(Locale.ROOT));
		final String text = lower.isEmpty() ? value.apply(name) : lower;
		return text.isEmpty() ? null : text;
	}

	private static Via parse(final String value, final String name, final String scheme) throws Failure {
		final URI proxy;
		try {
			proxy = URI.create(value.contains("://") ? value : "http://" + value);
		}
		catch (final IllegalArgumentException e) {
			throw Sentences.badProxy(name);
		}
		if (!"http".equalsIgnoreCase(proxy.getScheme())) throw Sentences.proxyKind(Sentences.address(proxy), name, scheme);
		if (proxy.getHost() == null) throw Sentences.badProxy(name);
		final int port = proxy.getPort() < 0 ? PORT : proxy.getPort();
		return new Via(InetSocketAddress.createUnresolved(proxy.getHost(), port), name, authorization(proxy.getRawUserInfo()));
	}

	private static String authorization(final String user) {
		if (user == null) return null;
		final String plain = URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8);
		return "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
	}

	private boolean isExcepted(final URI uri) {
		final String list = variable(environment, "NO_PROXY");
		if (list == null) return false;
		final String host = uri.getHost().toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", ""); // of an address of IPv6
		final int port = uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
		for (final String entry : list.toLowerCase(Locale.ROOT).split("[,\\s]+")) {
			final String name = entry.replaceFirst("^\\*?\\.", "").replaceFirst("(?<=[^:]):" + port + "$", "").replaceAll("[\\[\\]]", "");
			if (name.equals("*") || host.equals(name) || !name.isEmpty() && host.endsWith("." + name)) return true;
		}
		return false;
	}

	/** What the client asks, once {@link #via} has told that the proxy can be used. */
	@Override
	public List<Proxy> select(final URI uri) {
		try {
			final Via via = via(uri);
			return List.of(via == null ? Proxy.NO_PROXY : new Proxy(Proxy.Type.HTTP, via.address()));
		}
		catch (final Failure e) {
			throw new IllegalStateException(e);
		}
	}

	@Override
	public void connectFailed(final URI uri, final SocketAddress address, final IOException error) {
		// the download tells
	}
}
