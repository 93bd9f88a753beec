package io.github.dgiqa.download;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An HTTP server on this machine that does as it is told, right or wrong. Each connection has one request. */
final class MisbehavingServer implements Closeable {

	private static final int LONGEST_WAIT = 60;
	/** How a client begins that takes this for a port with TLS. */
	private static final int TLS = 0x16;

	/** @param headers by their names in lower case */
	record Request(String method, String target, Map<String, String> headers, Socket socket) {

		String header(final String name) {
			return headers.get(name.toLowerCase(Locale.ROOT));
		}

		/** Where the range begins that is asked for; 0 without one. */
		int start() {
			return header("Range") == null ? 0 : Integer.parseInt(header("Range").replaceAll("bytes=(\\d+)-.*", "$1"));
		}
	}

	/** What to do with a request; the connection ends after it. */
	interface Behaviour {

		void answer(Request request, OutputStream out) throws IOException;
	}

	private final ServerSocket socket;
	private final String scheme;
	private final Map<String, Deque<Behaviour>> behaviours = new HashMap<>();
	private final List<Request> requests = new CopyOnWriteArrayList<>();
	private final List<Socket> open = new CopyOnWriteArrayList<>();

	MisbehavingServer() throws IOException {
		this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "http");
	}

	MisbehavingServer(final ServerSocket socket, final String scheme) {
		this.socket = socket;
		this.scheme = scheme;
		daemon(this::accept);
	}

	static void daemon(final Runnable task) {
		final Thread thread = new Thread(task, "misbehaving server");
		thread.setDaemon(true);
		thread.start();
	}

	int port() {
		return socket.getLocalPort();
	}

	URI uri(final String target) {
		return URI.create(scheme + "://127.0.0.1:" + port() + target);
	}

	/** What comes of requests for a target, one after the other; the last again and again. */
	synchronized MisbehavingServer on(final String target, final Behaviour... inTurn) {
		behaviours.put(target, new ArrayDeque<>(Arrays.asList(inTurn)));
		return this;
	}

	/** All requests so far, in their order. */
	List<Request> requests() {
		return requests;
	}

	private void accept() {
		try {
			while (true) {
				final Socket connection = socket.accept();
				open.add(connection);
				daemon(() -> serve(connection));
			}
		}
		catch (final IOException e) {
			// closed
		}
	}

	private void serve(final Socket connection) {
		try (connection) {
			final InputStream in = new BufferedInputStream(connection.getInputStream());
			in.mark(1);
			if (in.read() == TLS) {
				status(400).answer(null, connection.getOutputStream());
				return;
			}
			in.reset();
			final Request request = read(in, connection);
			if (request == null) return;
			requests.add(request);
			next(request.target().replaceFirst("\\?.*", "")).answer(request, connection.getOutputStream());
			connection.getOutputStream().flush();
		}
		catch (final IOException e) {
			// the other side has left
		}
	}

	private synchronized Behaviour next(final String target) {
		final Deque<Behaviour> queue = behaviours.get(target);
		if (queue == null) return status(404);
		return queue.size() > 1 ? queue.poll() : queue.peek();
	}

	private static Request read(final InputStream in, final Socket connection) throws IOException {
		final String first = line(in);
		if (first.isEmpty()) return null;
		final Map<String, String> headers = new HashMap<>();
		for (String line = line(in); !line.isEmpty(); line = line(in))
			headers.put(line.replaceFirst(":.*", "").toLowerCase(Locale.ROOT), line.replaceFirst("[^:]*:\\s*", ""));
		return new Request(first.split(" ")[0], first.split(" ")[1], headers, connection);
	}

	private static String line(final InputStream in) throws IOException {
		final StringBuilder line = new StringBuilder();
		for (int c = in.read(); c >= 0 && c != '\n'; c = in.read())
			if (c != '\r') line.append((char) c);
		return line.toString();
	}

	@Override
	public void close() throws IOException {
		socket.close();
		for (final Socket connection : open)
			connection.close();
	}

	// ---- behaviours ----

	/** Sends a status line and headers. */
	static void head(final OutputStream out, final int status, final String... headers) throws IOException {
		final StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Some reason\r\nConnection: close\r\n");
		for (final String header : headers)
			head.append(header).append("\r\n");
		out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
		out.flush();
	}

	/** An answer as it is told, with its body. */
	static Behaviour says(final int status, final byte[] body, final String... headers) {
		return (request, out) -> {
			head(out, status, headers);
			out.write(body);
		};
	}

	static Behaviour status(final int status, final String... headers) {
		return (request, out) -> {
			head(out, status, headers);
			out.write("no file".getBytes(StandardCharsets.US_ASCII));
		};
	}

	static Behaviour redirect(final int status, final String location) {
		return status(status, "Location: " + location, "Content-Length: 7");
	}

	/** A file, as a server should send it: parts of it too, and only of the version with that ETag or date. */
	static Behaviour file(final byte[] bytes, final String... validators) {
		return cut(bytes, bytes.length, validators);
	}

	/** The same, but no more than some bytes, then the connection ends. */
	static Behaviour cut(final byte[] bytes, final int most, final String... validators) {
		return (request, out) -> send(request, out, bytes, most, validators);
	}

	/** The same, but then nothing comes until the connection is closed by the other side, or a latch is down. */
	static Behaviour hold(final byte[] bytes, final int first, final CountDownLatch go, final String... validators) {
		return (request, out) -> {
			send(request, out, bytes, first, validators);
			await(go);
			out.write(bytes, request.start() + first, bytes.length - request.start() - first);
		};
	}

	private static void send(final Request request, final OutputStream out, final byte[] bytes, final int most, final String... validators) throws IOException {
		final String condition = request.header("If-Range");
		final boolean same = condition == null || Arrays.stream(validators).anyMatch(validator -> validator.endsWith(": " + condition));
		final int start = same ? request.start() : 0;
		final String[] headers = Arrays.copyOf(validators, validators.length + 2);
		headers[validators.length] = "Content-Length: " + (bytes.length - start);
		headers[validators.length + 1] = start == 0 ? "Accept-Ranges: bytes" : "Content-Range: bytes " + start + "-" + (bytes.length - 1) + "/" + bytes.length;
		head(out, start == 0 ? 200 : 206, headers);
		if (!request.method().equals("HEAD")) out.write(bytes, start, Math.min(most, bytes.length - start));
		out.flush();
	}

	/** In chunks, without a length before. */
	static Behaviour chunked(final byte[] bytes) {
		return (request, out) -> {
			head(out, 200, "Transfer-Encoding: chunked");
			out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
			out.write(bytes);
			out.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		};
	}

	static void await(final CountDownLatch latch) {
		try {
			if (!latch.await(LONGEST_WAIT, TimeUnit.SECONDS)) throw new AssertionError("waited for too long");
		}
		catch (final InterruptedException e) {
			throw new AssertionError(e);
		}
	}
}
