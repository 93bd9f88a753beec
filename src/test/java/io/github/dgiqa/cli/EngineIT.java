package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.util.Utils;

import com.sun.net.httpserver.HttpServer;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.Reference;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which PyTorch the built program uses, how another one gets there, and what it says where there is none. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class EngineIT {

	private static final double SCORE = Reference.score("coffee");
	private static final String INSTALLED = "2.7.1-cpu-linux-x86_64";

	@TempDir
	Path folder;

	private Path cache;

	@BeforeEach
	void aPlaceForPyTorch() {
		cache = folder.resolve("cache");
	}

	/** @param variables pairs of names and values */
	private ProgramRun run(final List<String> arguments, final String... variables) {
		final List<String> command = new ArrayList<>(List.of(ProgramRun.java(), "-jar", ProgramRun.JAR.toString()));
		command.addAll(arguments);
		final ProcessBuilder builder = new ProcessBuilder(command);
		builder.environment().put("DJL_CACHE_DIR", cache.toString());
		for (int i = 0; i < variables.length; i += 2)
			builder.environment().put(variables[i], variables[i + 1]);
		return ProgramRun.of(builder);
	}

	private static void assertScored(final ProgramRun run, final String device) {
		assertEquals(0, run.status(), run.err());
		assertEquals(SCORE, Double.parseDouble(run.rows().get(0).get("score")), 1e-4);
		assertEquals(device, run.rows().get(0).get("device"));
	}

	private static List<String> assess(final String... more) {
		final List<String> arguments = new ArrayList<>(List.of("assess", "samples/coffee.png"));
		arguments.addAll(Arrays.asList(more));
		return arguments;
	}

	/** The libraries of the PyTorch in the program. */
	private static Map<String, String> libraries() throws IOException {
		final Map<String, String> libraries = new LinkedHashMap<>();
		final Properties properties = new Properties();
		try (InputStream in = EngineIT.class.getResourceAsStream("/native/lib/pytorch.properties")) {
			properties.load(in);
		}
		for (final String name : properties.getProperty("libraries").split(","))
			libraries.put(name, "/pytorch/cpu/linux-x86_64/" + name);
		return libraries;
	}

	/** What the program unpacks at its first start is there already, so that it need not be unpacked for each test. */
	private void linkUnpacked() throws IOException {
		final Path pytorch = Files.createDirectories(cache.resolve("pytorch"));
		if (!Files.isDirectory(Utils.getEngineCacheDir("pytorch"))) return;
		try (Stream<Path> folders = Files.list(Utils.getEngineCacheDir("pytorch"))) {
			for (final Path unpacked : folders.filter(one -> one.getFileName().toString().matches("2\\.7\\.1-\\d{8}-cpu-.*")).toList())
				Files.createSymbolicLink(pytorch.resolve(unpacked.getFileName()), unpacked);
		}
	}

	/** A ZIP of the form of libtorch's. @param libraries names and the resources with their bytes; an empty one has a few bytes */
	private Path archive(final String buildVersion, final Map<String, String> libraries) throws IOException {
		final Path zip = folder.resolve("libtorch.zip");
		try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
			out.setMethod(ZipArchiveOutputStream.DEFLATED);
			out.setLevel(Deflater.NO_COMPRESSION);
			put(out, "libtorch/include/torch/torch.h", "#pragma once\n".getBytes(StandardCharsets.US_ASCII));
			put(out, "libtorch/lib/libc10.a", new byte[3]);
			if (buildVersion != null) put(out, "libtorch/build-version", buildVersion.getBytes(StandardCharsets.US_ASCII));
			for (final Map.Entry<String, String> library : libraries.entrySet()) {
				out.putArchiveEntry(new ZipArchiveEntry("libtorch/lib/" + library.getKey()));
				if (library.getValue().isEmpty()) out.write(new byte[3]);
				else try (InputStream in = EngineIT.class.getResourceAsStream(library.getValue())) {
					in.transferTo(out);
				}
				out.closeArchiveEntry();
			}
		}
		return zip;
	}

	private static void put(final ZipArchiveOutputStream out, final String name, final byte[] bytes) throws IOException {
		out.putArchiveEntry(new ZipArchiveEntry(name));
		out.write(bytes);
		out.closeArchiveEntry();
	}

	@Test
	void infoSaysWhatRunsAndWhyNotTheGpu() throws IOException {
		assumeTrue(!Files.exists(Path.of("/dev/nvidia0")), "a machine with a GPU says other things");
		linkUnpacked();
		final ProgramRun run = run(List.of("engine", "info"));
		assertEquals(0, run.status(), run.err());
		for (final String expected : List.of("made for PyTorch 2.7.1\n", "\nmachine: linux-x86_64, ", "\nGPU: none: NVIDIA's driver (libcuda.so.1) is not installed\n", "\n  yours, PYTORCH_LIBRARY_PATH: none\n",
			"\n  installed in " + cache.resolve("pytorch") + ": none\n", "\nruns: PyTorch 2.7.1 for cpu (in the program)\n", "\ndevice: cpu\n", "\nwhy not the GPU: no GPU answers"))
			assertTrue(run.out().contains(expected), expected + " in:\n" + run.out());
	}

	@Test
	void libtorchsOwnArchiveIsInstalledAndUsed() throws IOException {
		final Path zip = archive("2.7.1+cpu\n", libraries());
		final ProgramRun installed = run(List.of("engine", "install", zip.toString()));
		assertEquals(0, installed.status(), installed.err());
		assertTrue(installed.out().contains("PyTorch 2.7.1 for cpu is installed in " + cache.resolve("pytorch").resolve(INSTALLED)), installed.out());
		assertTrue(installed.out().contains("\nruns: PyTorch 2.7.1 for cpu (installed, "), installed.out());
		assertFalse(Files.exists(cache.resolve("pytorch").resolve(INSTALLED).resolve("libc10.a")));
		assertScored(run(assess()), "cpu");
		final ProgramRun again = run(List.of("engine", "install", zip.toString()));
		assertEquals(3, again.status());
		assertTrue(again.err().contains("is installed already") && again.err().contains("--replace"), again.err());
		assertEquals(0, run(List.of("engine", "install", zip.toString(), "--replace")).status());
		try (Stream<Path> left = Files.list(cache.resolve("pytorch"))) {
			assertEquals(List.of(INSTALLED), left.map(path -> path.getFileName().toString()).toList());
		}
	}

	@Test
	void archivesThatAreNotTheOneThatIsNeeded() throws IOException {
		final Map<String, String> linux = Map.of("libtorch.so", "", "libtorch_cpu.so", "");
		final Path html = Files.writeString(folder.resolve("page.zip"), "<!doctype html><title>Sign in</title>");
		assertRefused(archive("2.6.0+cpu", linux), "it is version 2.6.0+cpu; version 2.7.1 is needed");
		assertRefused(archive("2.7.1+cu126", linux), "it is for cu126, and this program can be joined with cpu, cu128 only");
		assertRefused(archive(null, linux), "it has no build-version");
		assertRefused(archive("2.7.1+cpu", Map.of("torch.dll", "")), "it is for win, and this machine is linux-x86_64");
		assertRefused(archive("2.7.1+cpu", Map.of("other.so", "")), "it has no lib/libtorch.so");
		assertRefused(html, "it is no ZIP, or cut off");
		assertRefused(folder, "is a folder");
		assertRefused(folder.resolve("nothing.zip"), "there is no such file");
		assertFalse(Files.exists(cache.resolve("pytorch").resolve(INSTALLED)));
	}

	private void assertRefused(final Path zip, final String expected) {
		final ProgramRun run = run(List.of("engine", "install", zip.toString()));
		assertEquals(3, run.status(), run.err());
		assertTrue(run.err().contains(zip.toString()) && run.err().contains(expected), run.err());
		assertEquals(1, run.err().lines().count(), run.err());
	}

	/** An installed one that cannot be loaded is told, and the one in the program is taken. */
	@Test
	void aDamagedOneGivesWay() throws IOException {
		linkUnpacked();
		Files.writeString(Files.createDirectories(cache.resolve("pytorch").resolve(INSTALLED)).resolve("libtorch.so"), "no library");
		final ProgramRun run = run(assess());
		assertScored(run, "cpu");
		assertTrue(run.err().contains("PyTorch 2.7.1 for cpu (installed, ") && run.err().contains("cannot be used: "), run.err());
	}

	/** One that the user points to does not give way. */
	@Test
	void theUsersOwnMustBeUsable() throws IOException {
		final ProgramRun none = run(assess(), "PYTORCH_LIBRARY_PATH", folder.toString());
		assertEquals(3, none.status(), none.err());
		assertTrue(none.err().contains("there is no libtorch.so in it; the folder lib of a libtorch is needed"), none.err());
		final Path lib = Files.createDirectories(folder.resolve("libtorch").resolve("lib"));
		Files.writeString(lib.resolve("libtorch.so"), "no library");
		Files.writeString(lib.resolveSibling("build-version"), "2.5.1+cpu");
		final ProgramRun old = run(assess(), "PYTORCH_LIBRARY_PATH", lib.toString());
		assertEquals(3, old.status(), old.err());
		assertTrue(old.err().contains("PyTorch 2.5.1 for cpu (yours, PYTORCH_LIBRARY_PATH, " + lib + ") cannot be used: version 2.7.1 is needed"), old.err());
	}

	@Test
	void aFolderThatCannotBeWritten() throws IOException {
		cache = Files.createFile(folder.resolve("file")).resolve("cache");
		final ProgramRun run = run(assess());
		assertEquals(3, run.status(), run.err());
		assertTrue(run.err().contains("its libraries cannot be written to " + cache) && run.err().contains("DJL_CACHE_DIR"), run.err());
		assertEquals("", run.out());
	}

	@Test
	void wrongUsage() {
		for (final List<String> arguments : List.of(List.of("engine"), List.of("engine", "install", "a.zip", "--yes"), assess("--device", "cuda"), assess("--precision", "int8"), assess("--device", "cpu", "--precision", "float16"))) {
			final ProgramRun run = run(arguments);
			assertEquals(2, run.status(), arguments + run.err());
			assertTrue(run.err().contains("--help"), run.err());
		}
	}

	@Test
	void float16WithoutAGpuIsFloat32AndSaidAloud() throws IOException {
		assumeTrue(!Files.exists(Path.of("/dev/nvidia0")));
		linkUnpacked();
		final ProgramRun run = run(assess("--precision", "float16"));
		assertScored(run, "cpu");
		assertEquals("", run.rows().get(0).get("notes"));
		assertTrue(run.err().contains("float16 needs a GPU, and there is none to use: computing in float32 on the CPU"), run.err());
	}

	/** A driver that answers as NVIDIA's, built here: the natives for the CPU must not silently switch a GPU off. */
	@Test
	void aGpuBesideNativesForTheCpuIsSaidAloud() throws IOException, InterruptedException {
		linkUnpacked();
		final String driver = driver().toString();
		final ProgramRun run = run(assess(), "LD_LIBRARY_PATH", driver);
		assertScored(run, "cpu");
		assertEquals(1, run.err().lines().filter(line -> line.startsWith("There is a GPU (First GPU), but the PyTorch that runs is made for the CPU; 'engine install'")).count(), run.err());
		final ProgramRun asked = run(assess("--device", "gpu"), "LD_LIBRARY_PATH", driver);
		assertEquals(3, asked.status(), asked.err());
		assertTrue(asked.err().contains("The device gpu was asked for, but the PyTorch that runs is made for the CPU"), asked.err());
		final ProgramRun info = run(List.of("engine", "info"), "LD_LIBRARY_PATH", driver);
		assertTrue(info.out().contains("GPU: First GPU, Second GPU (driver for CUDA 12.8)"), info.out());
	}

	/** The libraries of the one for CUDA are missing in part; the GPU answers. */
	@Test
	void cudaLibrariesThatCannotBeLoadedGiveWayToTheCpu() throws IOException, InterruptedException {
		linkUnpacked();
		final Path cuda = Files.createDirectories(cache.resolve("pytorch").resolve("2.7.1-cu128-linux-x86_64"));
		Files.writeString(cuda.resolve("libtorch.so"), "no library");
		final ProgramRun run = run(assess(), "LD_LIBRARY_PATH", driver().toString());
		assertScored(run, "cpu");
		assertTrue(run.err().contains("PyTorch 2.7.1 for CUDA 12.8 (installed, " + cuda + ") cannot be used"), run.err());
	}

	private Path driver() throws IOException, InterruptedException {
		final Path source = Files.writeString(folder.resolve("driver.c"), """
			#include <string.h>
			int cuInit(unsigned int flags) { return 0; }
			int cuDriverGetVersion(int *version) { *version = 12080; return 0; }
			int cuDeviceGetCount(int *count) { *count = 2; return 0; }
			int cuDeviceGet(int *device, int ordinal) { *device = ordinal; return 0; }
			int cuDeviceGetName(char *name, int length, int device) { strncpy(name, device ? "Second GPU" : "First GPU", length); return 0; }
			""");
		final Path driver = Files.createDirectories(folder.resolve("driver"));
		final Process compiler;
		try {
			compiler = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", driver.resolve("libcuda.so.1").toString(), source.toString()).start();
		}
		catch (final IOException e) {
			assumeTrue(false, "there is no C compiler to build the driver with");
			throw e;
		}
		assertEquals(0, compiler.waitFor());
		return driver;
	}

	/** A host of the form of DJL's. */
	private HttpServer host(final Map<String, String> libraries, final List<String> asked) throws IOException {
		final Path root = folder.resolve("host");
		final StringBuilder list = new StringBuilder("cpu/win-x86_64/native/lib/torch.dll.gz\n");
		for (final Map.Entry<String, String> library : libraries.entrySet()) {
			final String path = "cpu/linux-x86_64/native/lib/" + library.getKey() + ".gz";
			list.append(path).append('\n');
			final Path file = root.resolve(path);
			Files.createDirectories(file.getParent());
			try (InputStream in = EngineIT.class.getResourceAsStream(library.getValue()); OutputStream out = new GZIPOutputStream(Files.newOutputStream(file)) {
				{
					def.setLevel(Deflater.NO_COMPRESSION);
				}
			}) {
				in.transferTo(out);
			}
		}
		Files.writeString(root.resolve("files.txt"), list);
		final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.createContext("/", exchange -> {
			final Path file = root.resolve(exchange.getRequestURI().getPath().substring(1));
			synchronized (asked) {
				asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
			}
			if (exchange.getRequestMethod().equals("HEAD")) {
				exchange.getResponseHeaders().set("Content-Length", Long.toString(Files.size(file)));
				exchange.sendResponseHeaders(200, -1);
			}
			else {
				exchange.sendResponseHeaders(200, Files.size(file));
				Files.copy(file, exchange.getResponseBody());
			}
			exchange.close();
		});
		server.start();
		return server;
	}

	@Test
	void djlsIsDownloadedAfterConsent() throws IOException {
		final List<String> asked = new ArrayList<>();
		final HttpServer server = host(libraries(), asked);
		try {
			final String from = "http://localhost:" + server.getAddress().getPort();
			final ProgramRun terms = run(List.of("engine", "install", "--flavor", "cpu", "--from", from));
			assertEquals(2, terms.status(), terms.err());
			for (final String expected : List.of("source: " + from, "size: ", " MB to download", "licence: BSD-3-Clause (PyTorch)", "checksums: none is known beforehand", "goes to: " + cache.resolve("pytorch").resolve(INSTALLED)))
				assertTrue(terms.out().contains(expected), expected + " in:\n" + terms.out());
			assertTrue(terms.err().contains("Nothing was downloaded; the same call with --yes does it."), terms.err());
			assertTrue(asked.stream().noneMatch(one -> one.startsWith("GET") && one.endsWith(".gz")), asked.toString());

			final ProgramRun installed = run(List.of("engine", "install", "--flavor", "cpu", "--from", from, "--yes"));
			assertEquals(0, installed.status(), installed.err());
			assertTrue(installed.out().contains("\nruns: PyTorch 2.7.1 for cpu (installed, "), installed.out());
			assertTrue(Files.readString(cache.resolve("pytorch").resolve(INSTALLED).resolve("dgiqa-download.json")).matches("(?s)\\{.*/libtorch\\.so\\.gz\": \"[0-9a-f]{64}\".*"));
			assertTrue(asked.stream().noneMatch(one -> one.contains("win-x86_64")), asked.toString());
			assertScored(run(assess()), "cpu");
		}
		finally {
			server.stop(0);
		}
	}

	/** What is there is not fetched again. */
	@Test
	void aDownloadThatBrokeOffGoesOn() throws IOException {
		linkUnpacked();
		final Map<String, String> texts = new LinkedHashMap<>();
		texts.put("libc10.so", "/plugins.config");
		texts.put("libtorch.so", "/pytorch-engine.properties");
		final List<String> asked = new ArrayList<>();
		final HttpServer server = host(texts, asked);
		try {
			final Path second = folder.resolve("host/cpu/linux-x86_64/native/lib/libtorch.so.gz");
			final byte[] good = Files.readAllBytes(second);
			Files.writeString(second, "not compressed at all");
			final List<String> call = List.of("engine", "install", "--flavor", "cpu", "--from", "http://localhost:" + server.getAddress().getPort(), "--yes");
			final ProgramRun broken = run(call);
			assertEquals(3, broken.status(), broken.err());
			assertTrue(broken.err().contains("libtorch.so.gz is not compressed by gzip, as it should be"), broken.err());
			assertFalse(Files.exists(cache.resolve("pytorch").resolve(INSTALLED)));

			Files.write(second, good);
			asked.clear();
			final ProgramRun whole = run(call);
			assertTrue(whole.out().contains("is installed in " + cache.resolve("pytorch").resolve(INSTALLED)), whole.out() + whole.err());
			assertEquals(List.of("GET /cpu/linux-x86_64/native/lib/libtorch.so.gz"), asked.stream().filter(one -> one.startsWith("GET") && one.endsWith(".gz")).toList());
			assertEquals(Files.readString(Path.of("plugins.config")), Files.readString(cache.resolve("pytorch").resolve(INSTALLED).resolve("libc10.so")));
		}
		finally {
			server.stop(0);
		}
	}

	@Test
	void aHostThatDoesNotAnswer() {
		final ProgramRun run = run(List.of("engine", "install", "--from", "http://localhost:9"));
		assertEquals(3, run.status(), run.err());
		assertTrue(run.err().contains("localhost:9"), run.err());
		assertEquals(1, run.err().lines().count(), run.err());
	}
}
