package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.PublishedWeights;
import io.github.dgiqa.Reference;
import io.github.dgiqa.Sha256;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.weights.WeightWriter;
import io.github.dgiqa.weights.WeightWriter.Form;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command 'models' in the built program. */
class ModelsIT {

	private static final String COFFEE = "samples/coffee.png";
	private static final String SHIPPED = "models/depth-compact/depth-compact.safetensors";
	private static final String SHIPPED_HASH = Sha256.of(Path.of(SHIPPED));

	/** Large files are written once. */
	@TempDir
	private static Path weights;

	@TempDir
	Path store;

	private ProgramRun models(final Object... arguments) {
		final List<Object> all = new ArrayList<>(List.of("models"));
		all.addAll(List.of(arguments));
		all.addAll(List.of("--store", store));
		return ProgramRun.dgiqa(all.toArray());
	}

	private String good(final Object... arguments) {
		final ProgramRun run = models(arguments);
		assertEquals(0, run.status(), run.out() + run.err());
		return run.out();
	}

	/** The one sentence on standard error, and nothing on standard output. */
	private String refused(final Object... arguments) {
		final ProgramRun run = models(arguments);
		assertEquals(3, run.status(), run.out() + run.err());
		assertEquals("", run.out());
		assertEquals(1, run.err().lines().count(), run.err());
		assertFalse(run.err().contains("Exception"), run.err());
		return run.err().strip();
	}

	private List<String> files(final Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.map(file -> file.getFileName().toString()).filter(name -> !name.equals(".lock")).sorted().toList();
		}
	}

	private static Path constant(final float value) throws IOException {
		final Path file = weights.resolve("constant" + value + ".pth");
		if (!Files.exists(file)) WeightWriter.write(ModelStore.of(null).find("depth-compact").network().stateDict(), key -> i -> value, file, Form.ZIP);
		return file;
	}

	@Test
	void theTable() {
		final String list = good("list");
		final List<String> lines = list.lines().toList();
		assertEquals(7, lines.size(), list);
		assertTrue(lines.get(0).matches("NAME +SIZE +LICENCE +ORIGIN +STATE"), list);
		assertTrue(lines.get(3).matches("depth-anything-vits +about 99\\.1 MB +Apache-2\\.0 +huggingface\\.co/LiheYoung/depth_anything_vits14 +needs weights"), list);
		assertTrue(lines.get(6).matches("dgiqa-compact \\(default\\) +9\\.15 MB +BSD-2-Clause +with the program +ready \\(in the program\\)"), list);
		for (final String line : lines)
			assertEquals(' ', line.charAt(lines.get(0).indexOf("STATE") - 1), "in columns: " + line);
		final ProgramRun alone = models();
		assertEquals(list, alone.out());
		assertTrue(alone.err().contains(store.toString()), alone.err());
	}

	@Test
	void allOfOne() throws IOException {
		final Path weights = Path.of("models", "dgiqa-compact", "dgiqa-compact.safetensors");
		final String info = good("info", "dgiqa-compact");
		assertTrue(info.contains(Sha256.of(weights)), info);
		assertTrue(info.contains(Files.size(weights) + " bytes") && info.contains("4,513,901 parameters") && info.contains("arXiv 2505.24002") && info.contains("in the program"), info);
		assertTrue(good("info", "dgiqa").contains("https://github.com/uf-robopi/DGIQA"));
		assertTrue(good("info", "depth-anything-vits").contains("no SHA-256 is known beforehand"));
		assertTrue(refused("info", "nothing").startsWith("There is no model nothing"));
	}

	/** What the published program gives with these weights, now without --weights. */
	@Test
	void importedModelsGiveThePublishedScore() {
		final Path quality = PublishedWeights.file(weights, "dgiqa", Form.ZIP);
		final Path depth = PublishedWeights.file(weights, "depth-anything-vits", Form.SAFETENSORS);
		assertTrue(good("import", quality, "--name", "dgiqa-koniq").startsWith("dgiqa.zip is now the model dgiqa-koniq: DGIQA: the published network, 102.9 million parameters; 412 MB in " + store.resolve("dgiqa-koniq") + "; licence: not stated ("));
		assertTrue(good("import", depth).startsWith("depth-anything-vits.safetensors is now the model depth-anything-vits: "));
		final ProgramRun run = ProgramRun.dgiqa("assess", "--store", store, "--model", "dgiqa-koniq", COFFEE, "samples/chelsea.png");
		assertEquals(0, run.status(), run.err());
		for (final CSVRecord row : run.rows()) {
			final String image = row.get("path").replaceAll(".*/|\\.png", "");
			assertEquals(Reference.json("published-e2e.json").getAsJsonObject(image + ".vits").get("mean").getAsDouble(), Double.parseDouble(row.get("score")), 5e-5);
			assertEquals(List.of("dgiqa-koniq", "depth-anything-vits"), List.of(row.get("model"), row.get("depth_model")));
		}
		final String list = good("list");
		assertTrue(list.lines().anyMatch(line -> line.matches("dgiqa-koniq +412 MB +not stated +dgiqa\\.zip, SHA-256 [0-9a-f]{8} +ready")), list);
		assertTrue(list.lines().anyMatch(line -> line.matches("dgiqa +about 412 MB .* needs weights")), list);
	}

	@Test
	void aModelWithoutWeightsSaysWhereToGetThem() {
		final ProgramRun run = ProgramRun.dgiqa("assess", "--store", store, "--model", "dgiqa", COFFEE);
		assertEquals(3, run.status());
		assertTrue(run.err().contains("get them from https://github.com/uf-robopi/DGIQA and import the file once ('models import FILE'"), run.err());
	}

	@Test
	void replaced() throws IOException {
		good("import", constant(1), "--name", "mine");
		assertTrue(refused("import", constant(2), "--name", "mine").startsWith("There is a model mine already"));
		good("import", constant(2), "--name", "mine", "--replace");
		assertTrue(good("info", "mine").contains("constant2.0.pth"));
		assertEquals(2, files(store.resolve("mine")).size());
		final ProgramRun usage = models("import", constant(1), "--name", "../mine");
		assertEquals(2, usage.status());
		assertTrue(usage.err().startsWith("A model cannot be called '../mine'"), usage.err());
	}

	/** To a machine without network: the folder itself is what is carried. */
	@Test
	void aStoreIsCarried(@TempDir final Path other) throws IOException {
		good("import", constant(1), "--name", "one");
		good("import", constant(2), "--name", "two");
		final ProgramRun run = ProgramRun.dgiqa("models", "--store", other, "import", store);
		assertEquals(0, run.status(), run.err());
		assertEquals(2, run.out().lines().count(), run.out());
		assertEquals(List.of("one", "two"), files(other));
		assertEquals(0, ProgramRun.dgiqa("models", "--store", other, "verify", "one", "two").status());
	}

	@Test
	void verified() throws IOException {
		good("import", SHIPPED, "--name", "mine");
		final ProgramRun all = models("verify");
		assertEquals(0, all.status(), all.out() + all.err());
		assertEquals(7, all.out().lines().count());
		assertTrue(all.out().contains("depth-compact: all right, SHA-256 " + SHIPPED_HASH + "."), all.out());
		final Path file = store.resolve("mine").resolve(files(store.resolve("mine")).stream().filter(name -> name.startsWith("weights")).findFirst().orElseThrow());
		final byte[] bytes = Files.readAllBytes(file);
		bytes[bytes.length - 1] ^= 1;
		Files.write(file, bytes);
		final ProgramRun damaged = models("verify", "mine", "depth-compact");
		assertEquals(3, damaged.status());
		assertTrue(damaged.out().lines().findFirst().orElseThrow().startsWith("mine: " + file + " is not the file that its model.json names"), damaged.out());
		assertEquals(3, models("verify", "dgiqa").status(), "it was asked for, and there are none");
		Files.write(file, new byte[12]);
		assertTrue(good("list").lines().anyMatch(line -> line.contains("damaged: " + file.getFileName() + " has 12 bytes instead of ")), "seen without reading all");
	}

	@Test
	void removed() throws IOException {
		good("import", SHIPPED, "--replace");
		assertEquals("The model depth-compact is removed from " + store + "; that of the same name in the program takes its place.", good("remove", "depth-compact").strip());
		assertEquals(List.of(), files(store));
		assertTrue(refused("remove", "depth-compact").startsWith("The model depth-compact is part of the program and stays"));
		assertTrue(refused("remove", "nothing").startsWith("There is no model nothing in "));
	}

	@Test
	void theFolderOfTheEnvironment() throws IOException {
		final ProcessBuilder builder = new ProcessBuilder(ProgramRun.java(), "-jar", ProgramRun.JAR.toString(), "models", "import", SHIPPED, "--name", "mine");
		builder.environment().put("DGIQA_MODELS", store.toString());
		assertEquals(0, ProgramRun.of(builder).status());
		assertEquals(List.of("mine"), files(store));
	}

	// -- stopped and killed --

	private Process start(final Object... arguments) throws IOException {
		final List<String> command = new ArrayList<>(List.of(ProgramRun.java(), "-jar", ProgramRun.JAR.toString(), "models", "--store", store.toString()));
		Stream.of(arguments).map(Object::toString).forEach(command::add);
		return new ProcessBuilder(command).redirectErrorStream(true).start();
	}

	private static String lastLine(final Process process) throws IOException {
		return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().reduce((a, b) -> b).orElse("");
	}

	private void waitForStage() throws IOException, InterruptedException {
		for (int i = 0; i < 6000 && files(store).stream().noneMatch(name -> name.startsWith(".import-")); i++)
			Thread.sleep(5);
	}

	@Test
	@DisabledOnOs(OS.WINDOWS) // its processes cannot be asked to end
	void whoStopsAnImportLeavesNothing() throws Exception {
		final Process process = start("import", PublishedWeights.file(weights, "dgiqa", Form.ZIP));
		waitForStage();
		process.toHandle().destroy(); // the process's own method would close its output
		assertTrue(process.waitFor(60, TimeUnit.SECONDS));
		assertEquals(130, process.exitValue());
		assertEquals("Cancelled; the models are as they were.", lastLine(process));
		assertEquals(List.of(), files(store));
	}

	/** At whatever moment: there is the old model or the new one, and what the killed one left goes with the next import. */
	@Test
	void whoKillsAnImportLeavesTheOldModelOrTheNew() throws Exception {
		good("import", constant(1), "--name", "mine");
		for (int pause = 0; pause <= 400; pause += 80) {
			final Process process = start("import", constant(2), "--name", "mine", "--replace");
			waitForStage();
			Thread.sleep(pause);
			process.destroyForcibly().waitFor();
			assertEquals(0, models("verify", "mine").status(), "killed after " + pause + " ms");
		}
		good("import", constant(3), "--name", "mine", "--replace");
		assertEquals(List.of("mine"), files(store));
		assertEquals(2, files(store.resolve("mine")).size());
	}

	// -- downloads --

	/** A server of one answer, which counts who asks. */
	private static final class Server implements AutoCloseable {

		final AtomicInteger asked = new AtomicInteger();
		private final HttpServer server;

		Server(final int status, final byte[] answer) throws IOException {
			server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			server.createContext("/", exchange -> {
				asked.incrementAndGet();
				exchange.sendResponseHeaders(status, exchange.getRequestMethod().equals("HEAD") ? -1 : answer.length);
				if (!exchange.getRequestMethod().equals("HEAD")) try (OutputStream out = exchange.getResponseBody()) {
					out.write(answer);
				}
				exchange.close();
			});
			server.start();
		}

		String url(final String file) {
			return "http://" + server.getAddress().getAddress().getHostAddress() + ":" + server.getAddress().getPort() + "/" + file;
		}

		@Override
		public void close() {
			server.stop(0);
		}
	}

	@Test
	void nothingIsContactedWithoutYes() throws IOException {
		try (Server server = new Server(200, Files.readAllBytes(Path.of(SHIPPED)))) {
			final ProgramRun run = models("download", "depth-anything-vits", "--from", server.url("a.bin"));
			assertEquals(2, run.status());
			for (final String part : List.of(server.url("a.bin"), "about 99.1 MB", "Apache-2.0", "no SHA-256 is known beforehand", store.resolve("depth-anything-vits").toString()))
				assertTrue(run.out().contains(part), run.out());
			assertEquals("Nothing was downloaded; add --yes to do so.", run.err().strip());
			assertEquals(0, server.asked.get());
			assertEquals(List.of(), files(store));
		}
		final ProgramRun run = models("download", "depth-anything-vits", "depth-anything-vitb", "depth-anything-vitl");
		assertEquals(2, run.status());
		assertTrue(run.out().contains("https://huggingface.co/LiheYoung/depth_anything_vitl14/resolve/main/pytorch_model.bin"), run.out());
	}

	@Test
	void downloadedFromAMirror() throws IOException {
		try (Server server = new Server(200, Files.readAllBytes(constant(1)))) {
			final String out = good("download", "depth-compact", "--name", "mine", "--from", server.url("files/pytorch_model.bin?download=true"), "--yes");
			assertTrue(out.contains("is now the model mine: Compact inverse depth"), out);
			assertTrue(server.asked.get() > 0);
			assertEquals(List.of("mine"), files(store), "the file is gone");
			final String info = good("info", "mine");
			assertTrue(info.contains("pytorch_model.bin") && info.contains(server.url("files/pytorch_model.bin?download=true")), info);
			assertTrue(good("list").lines().anyMatch(line -> line.startsWith("mine ") && line.contains(" 127.0.0.1:") && line.endsWith(" ready")));
			final int before = server.asked.get();
			assertTrue(refused("download", "depth-compact", "--name", "mine", "--from", server.url("a.bin"), "--yes").startsWith("There is a model mine already"));
			assertEquals(before, server.asked.get(), "known before it is downloaded");
		}
	}

	/** Stopped in the middle; the second try asks for the rest alone. */
	@Test
	@DisabledOnOs(OS.WINDOWS)
	void aDownloadGoesOnWhereItWasStopped() throws Exception {
		final byte[] file = Files.readAllBytes(constant(1));
		final int half = file.length / 2;
		final List<String> ranges = new CopyOnWriteArrayList<>();
		final CountDownLatch sent = new CountDownLatch(1);
		final CountDownLatch stopped = new CountDownLatch(1);
		final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.setExecutor(Executors.newCachedThreadPool());
		server.createContext("/", exchange -> {
			final String range = String.valueOf(exchange.getRequestHeaders().getFirst("Range"));
			ranges.add(range);
			exchange.getResponseHeaders().add("ETag", "\"1\"");
			exchange.getResponseHeaders().add("Accept-Ranges", "bytes");
			final int from = range.startsWith("bytes=") ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
			if (from > 0) exchange.getResponseHeaders().add("Content-Range", "bytes " + from + "-" + (file.length - 1) + "/" + file.length);
			exchange.sendResponseHeaders(from > 0 ? 206 : 200, file.length - from);
			try (OutputStream out = exchange.getResponseBody()) {
				if (from == 0) {
					out.write(file, 0, half);
					out.flush();
					sent.countDown();
					stopped.await();
				}
				else out.write(file, from, file.length - from);
			}
			catch (final InterruptedException e) {
				Thread.currentThread().interrupt();
			}
		});
		server.start();
		try {
			final String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/pytorch_model.bin";
			final Process process = start("download", "depth-compact", "--name", "mine", "--from", url, "--yes");
			assertTrue(sent.await(60, TimeUnit.SECONDS));
			final Path part = store.resolve(".downloads").resolve("mine").resolve("pytorch_model.bin.part");
			for (int i = 0; i < 600 && (!Files.exists(part) || Files.size(part) < half); i++)
				Thread.sleep(50);
			process.toHandle().destroy();
			assertTrue(process.waitFor(60, TimeUnit.SECONDS));
			stopped.countDown();
			assertEquals(130, process.exitValue());
			assertEquals("Cancelled; what came is kept in " + store + " for another try.", lastLine(process));
			assertFalse(files(store).contains("mine"));
			good("download", "depth-compact", "--name", "mine", "--from", url, "--yes");
			assertEquals(List.of("mine"), files(store));
			assertEquals(0, models("verify", "mine").status());
			assertEquals(List.of("null", "bytes=" + half + "-"), ranges);
		}
		finally {
			stopped.countDown();
			server.stop(0);
			((ExecutorService) server.getExecutor()).shutdownNow();
		}
	}

	@Test
	void whatIsNotTheModelIsNotKept() throws IOException {
		try (Server server = new Server(200, Files.readAllBytes(Path.of(SHIPPED)))) {
			final ProgramRun run = models("download", "depth-anything-vits", "--from", server.url("a.bin"), "--yes");
			assertEquals(3, run.status());
			final String sentence = run.err().lines().reduce((a, b) -> b).orElse("");
			assertTrue(sentence.startsWith(server.url("a.bin") + " is not the model depth-anything-vits: it looks like Compact inverse depth"), run.err());
			assertEquals(List.of(), files(store));
		}
		try (Server server = new Server(404, "<html>".getBytes(StandardCharsets.US_ASCII))) {
			final ProgramRun run = models("download", "depth-anything-vits", "--from", server.url("a.bin"), "--yes");
			assertEquals(3, run.status(), run.err());
			assertTrue(run.err().contains("404") && !run.err().contains("Exception"), run.err());
			assertEquals(List.of(), files(store));
		}
	}

	@Test
	void whatCannotBeDownloaded() {
		assertEquals("The program cannot download the weights of dgiqa: get them from https://github.com/uf-robopi/DGIQA and import the file once ('models import FILE', or Plugins>DGIQA>Models...).", refused("download", "dgiqa"));
		assertEquals("The program cannot download the weights of depth-compact: the model comes with them.", refused("download", "depth-compact", "--yes"));
		assertEquals("Nothing can be downloaded from file:///etc/passwd: an address that begins with http:// or https:// is needed.", refused("download", "dgiqa", "--from", "file:///etc/passwd", "--yes"));
		assertTrue(refused("download", "models/dgiqa", "--from", "http://localhost/a.pth", "--yes").startsWith("There is no model models/dgiqa, only "));
		final ProgramRun usage = models("download", "dgiqa", "depth-compact", "--from", "http://localhost/a.pth");
		assertEquals(2, usage.status());
		assertTrue(usage.err().startsWith("--from goes with one model, and 2 were named."), usage.err());
	}
}
