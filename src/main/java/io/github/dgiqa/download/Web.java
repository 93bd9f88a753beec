package io.github.dgiqa.download;

import io.github.dgiqa.Version;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks servers, through proxies where there are some, and follows redirects. Its connections are used again. */
final class Web {

	private static final int MOST_REDIRECTS = 10;
	private static final String AGENT = "DGIQA/" + Version.get();

	private final Limits limits;
	private final Proxies proxies;
	private final HttpClient client;

	/** @param environment the variables that may name proxies */
	Web(final Limits limits, final Map<String, String> environment) {
		this.limits = limits;
		proxies = new Proxies(environment);
		client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER).connectTimeout(limits.connect()).proxy(proxies).build();
	}

	/** @throws DownloadException where nothing can be downloaded from an address */
	static void check(final URI uri) {
		if (!isWeb(uri)) throw Sentences.noAddress(uri);
	}

	/** Whether something can be downloaded from an address. */
	static boolean isWeb(final URI uri) {
		return (isSecure(uri) || "http".equalsIgnoreCase(uri.getScheme())) && uri.getHost() != null;
	}

	private static boolean isSecure(final URI uri) {
		return "https".equalsIgnoreCase(uri.getScheme());
	}

	/**
	 * Sends a request, also to where the answers redirect it.
	 *
	 * @param headers those that are not the same in all requests
	 * @return the first answer that is no redirect; whoever asks closes it
	 */
	Answer ask(final String method, final URI uri, final Map<String, String> headers, final Ticker ticker) throws Failure {
		final Set<URI> seen = new HashSet<>();
		URI here = uri;
		while (true) {
			if (!seen.add(here)) throw Sentences.loop(here);
			if (seen.size() > MOST_REDIRECTS + 1) throw Sentences.tooManyRedirects(MOST_REDIRECTS);
			final Answer answer = send(method, here, headers, ticker);
			if (!answer.isRedirect()) return answer;
			answer.skip();
			here = next(here, answer.header("Location"));
		}
	}

	private static URI next(final URI here, final String location) throws Failure {
		final URI next;
		try {
			next = here.resolve(location == null ? "" : location.replace(" ", "%20"));
		}
		catch (final IllegalArgumentException e) {
			throw Sentences.badRedirect(here);
		}
		if (location == null || !isWeb(next)) throw Sentences.badRedirect(here);
		if (isSecure(here) && !isSecure(next)) throw Sentences.insecureRedirect(next);
		return next;
	}

	private Answer send(final String method, final URI uri, final Map<String, String> headers, final Ticker ticker) throws Failure {
		final Proxies.Via via = proxies.via(uri);
		final HttpRequest.Builder request = HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody());
		request.setHeader("User-Agent", AGENT).setHeader("Accept-Encoding", "identity");
		headers.forEach(request::setHeader);
		if (via != null && via.authorization() != null) request.setHeader("Proxy-Authorization", via.authorization());
		final HttpResponse<Body> answer;
		try {
			answer = await(client.sendAsync(request.build(), info -> new Body(ticker, limits.silence())), ticker);
		}
		catch (final ExecutionException e) {
			throw Sentences.unreachable(uri, via, e.getCause(), limits);
		}
		return new Answer(uri, answer.statusCode(), answer.headers(), answer.body());
	}

	/** The request's own timeout would, in a newer Java, also end a long download. */
	private HttpResponse<Body> await(final CompletableFuture<HttpResponse<Body>> answer, final Ticker ticker) throws ExecutionException {
		final long end = System.nanoTime() + limits.connect().plus(limits.silence()).toNanos();
		boolean came = false;
		try {
			while (System.nanoTime() < end) {
				ticker.tick();
				try {
					final HttpResponse<Body> response = answer.get(Ticker.MILLIS, TimeUnit.MILLISECONDS);
					came = true;
					return response;
				}
				catch (final TimeoutException e) {
					// not yet
				}
			}
		}
		catch (final InterruptedException e) {
			throw Ticker.interrupted();
		}
		finally {
			if (!came && !answer.cancel(true)) answer.thenAccept(response -> response.body().close());
		}
		throw new ExecutionException(new HttpTimeoutException("silence"));
	}
}
