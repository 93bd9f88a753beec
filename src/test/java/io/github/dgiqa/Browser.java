package io.github.dgiqa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.apache.commons.io.file.PathUtils;

/** Chromium without a window, and one page in it: looked at and clicked by the DevTools protocol. */
public final class Browser implements Closeable {

	private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
	private static final int SECONDS = 60;
	private static final Gson GSON = new Gson();

	private final Path profile;
	private final Process process;
	private final WebSocket socket;
	private final AtomicInteger calls = new AtomicInteger();
	private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
	private final List<String> requests = new CopyOnWriteArrayList<>();
	private final List<String> errors = new CopyOnWriteArrayList<>();

	private Browser(final Path profile, final Process process) throws IOException {
		this.profile = profile;
		this.process = process;
		final Path port = profile.resolve("DevToolsActivePort");
		await(() -> Files.exists(port) && Files.readString(port).contains("\n"), "Chromium does not answer");
		final HttpClient client = HttpClient.newHttpClient();
		try {
			final String pages = client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + Files.readAllLines(port).get(0) + "/json/list")).build(), BodyHandlers.ofString()).body();
			final JsonObject page = Arrays.stream(GSON.fromJson(pages, JsonObject[].class)).filter(target -> target.get("type").getAsString().equals("page")).findFirst().orElseThrow();
			socket = client.newWebSocketBuilder().buildAsync(URI.create(page.get("webSocketDebuggerUrl").getAsString()), new Listener()).join();
		}
		catch (final InterruptedException e) {
			throw new AssertionError(e);
		}
		call("Network.enable", Map.of());
		call("Runtime.enable", Map.of());
		call("Page.enable", Map.of());
	}

	/**
	 * Starts Chromium. Without one the test is left out; where the variable CI is set, it fails.
	 *
	 * @param options of Chromium
	 */
	public static Browser open(final String... options) throws IOException {
		final Optional<Path> program = program();
		final String missing = "There is no Chromium on the PATH " + NAMES + ": the page is not tested.";
		if (System.getenv("CI") == null) assumeTrue(program.isPresent(), missing);
		final Path profile = Files.createTempDirectory("chromium");
		final String executable = program.orElseThrow(() -> new AssertionError(missing)).toString();
		final List<String> command = Stream.concat(Stream.of(executable, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
			"--remote-debugging-port=0", "--remote-allow-origins=*", "--window-size=1280,900", "--user-data-dir=" + profile, "about:blank"), Stream.of(options)).toList();
		final Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(profile.resolve("out.txt").toFile()).start();
		try {
			return new Browser(profile, process);
		}
		catch (final IOException | RuntimeException | AssertionError e) {
			process.destroyForcibly();
			throw e;
		}
	}

	private static Optional<Path> program() {
		return NAMES.stream().flatMap(name -> Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(folder -> Path.of(folder, name))).filter(Files::isExecutable).findFirst();
	}

	private final class Listener implements WebSocket.Listener {

		private final StringBuilder message = new StringBuilder();

		@Override
		public CompletionStage<?> onText(final WebSocket from, final CharSequence text, final boolean last) {
			message.append(text);
			if (last) {
				take(GSON.fromJson(message.toString(), JsonObject.class));
				message.setLength(0);
			}
			from.request(1);
			return null;
		}
	}

	private void take(final JsonObject message) {
		if (message.has("id")) {
			answers.remove(message.get("id").getAsInt()).complete(message);
			return;
		}
		final JsonObject event = message.getAsJsonObject("params");
		if (message.get("method").getAsString().equals("Network.requestWillBeSent")) requests.add(event.getAsJsonObject("request").get("url").getAsString());
		if (message.get("method").getAsString().equals("Runtime.exceptionThrown")) errors.add(event.toString());
	}

	private JsonObject call(final String method, final Map<String, ?> parameters) {
		final int id = calls.incrementAndGet();
		final CompletableFuture<JsonObject> answer = new CompletableFuture<>();
		answers.put(id, answer);
		socket.sendText(GSON.toJson(Map.of("id", id, "method", method, "params", parameters)), true).join();
		try {
			final JsonObject message = answer.get(SECONDS, TimeUnit.SECONDS);
			assertNull(message.get("error"), method + ": " + message);
			return message.getAsJsonObject("result");
		}
		catch (InterruptedException | ExecutionException | TimeoutException e) {
			throw new AssertionError(method + ": " + e, e);
		}
	}

	/** Loads a file's page anew. @param hash what comes behind the name */
	public void load(final Path page, final String hash) {
		call("Page.navigate", Map.of("url", "about:blank"));
		call("Page.navigate", Map.of("url", page.toUri() + hash));
		awaitTrue("location.protocol === 'file:' && document.readyState === 'complete'");
	}

	/** The value of an expression in the page; a promise is waited for. */
	public JsonElement value(final String expression) {
		final JsonObject result = call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true, "userGesture", true));
		assertNull(result.get("exceptionDetails"), expression + ": " + result);
		return result.getAsJsonObject("result").get("value");
	}

	/** The same of an expression for a list of texts. */
	public List<String> texts(final String expression) {
		return List.of(GSON.fromJson(value("(" + expression + ").map(String)"), String[].class));
	}

	/** Waits until an expression in the page is true. */
	public void awaitTrue(final String expression) {
		await(() -> value("Boolean(" + expression + ")").getAsBoolean(), expression);
	}

	/** Clicks in the middle of what a selector finds first, or of an element that an expression in brackets gives. */
	public void click(final String what) {
		click(what, 0);
	}

	/** The same. @param modifiers 2 for Ctrl, 8 for Shift */
	public void click(final String what, final int modifiers) {
		final String element = what.startsWith("(") ? what : "document.querySelector(" + GSON.toJson(what) + ")";
		final JsonObject at = value("(box => ({x: box.x + box.width / 2, y: box.y + box.height / 2}))(" + element + ".getBoundingClientRect())").getAsJsonObject();
		for (final String type : List.of("mousePressed", "mouseReleased"))
			call("Input.dispatchMouseEvent", Map.of("type", type, "x", at.get("x").getAsDouble(), "y", at.get("y").getAsDouble(), "button", "left", "clickCount", 1, "modifiers", modifiers));
	}

	/** Presses a key: ArrowRight, Enter ... @param code as Windows counts them */
	public void press(final String key, final int code) {
		call("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key, "code", key, "windowsVirtualKeyCode", code, "text", key.equals("Enter") ? "\r" : ""));
		call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key, "windowsVirtualKeyCode", code));
	}

	/** Lets pages read what was copied. */
	public void allowClipboard() {
		call("Browser.grantPermissions", Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
	}

	/** What pages have asked for so far, but for the empty page. */
	public List<String> requests() {
		return requests.stream().filter(url -> !url.startsWith("about:")).toList();
	}

	/** Errors that no page's script has caught. */
	public List<String> errors() {
		return List.copyOf(errors);
	}

	/** What is seen now, as PNG. */
	public void screenshot(final Path to) throws IOException {
		Files.createDirectories(to.getParent());
		Files.write(to, Base64.getDecoder().decode(call("Page.captureScreenshot", Map.of("format", "png")).get("data").getAsString()));
	}

	private interface Condition {

		boolean holds() throws IOException;
	}

	private static void await(final Condition condition, final String what) {
		final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
		try {
			while (!condition.holds()) {
				if (System.nanoTime() > end) throw new AssertionError("not within " + SECONDS + " seconds: " + what);
				Thread.sleep(20);
			}
		}
		catch (IOException | InterruptedException e) {
			throw new AssertionError(what, e);
		}
	}

	@Override
	public void close() throws IOException {
		call("Browser.close", Map.of());
		try {
			if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) process.destroyForcibly();
			for (int i = 0; i < 50 && Files.exists(profile); i++) // its helpers may still write there
				try {
					PathUtils.deleteDirectory(profile);
				}
				catch (final IOException e) {
					Thread.sleep(100);
				}
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
		}
		assertEquals(List.of(), errors());
	}
}
