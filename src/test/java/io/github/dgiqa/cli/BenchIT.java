package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import io.github.dgiqa.ProgramRun;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark as its own process: what it prints, and that it leaves nothing. How fast the machine is counts for nothing here. */
class BenchIT {

	@TempDir
	private Path folder;

	private ProcessBuilder bench(final String... arguments) {
		final List<String> command = new ArrayList<>(List.of(ProgramRun.java(), "-Djava.io.tmpdir=" + folder, "-jar", ProgramRun.JAR.toString(), "bench"));
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command);
	}

	private static JsonObject json(final ProgramRun run) {
		assertEquals(0, run.status(), run.err());
		assertEquals(1, run.out().lines().count(), run.out());
		return JsonParser.parseString(run.out()).getAsJsonObject();
	}

	private static void assertPositive(final String what, final JsonElement number) {
		assertTrue(number != null && Double.isFinite(number.getAsDouble()) && number.getAsDouble() > 0, what + ": " + number);
	}

	private void assertNothingIsLeft() throws IOException {
		try (Stream<Path> left = Files.list(folder)) {
			assertEquals(List.of(), left.filter(path -> path.getFileName().toString().startsWith("dgiqa")).toList());
		}
	}

	/** 504,646,880 multiply-adds for a crop are worked out in MultiplyAddsTest; 2048^3 for the product. */
	@Test
	void networksAndProduct() throws IOException {
		final ProgramRun run = ProgramRun.of(bench("gemm", "compact6", "--reps", "1", "--threads", "1", "--json"));
		final JsonObject json = json(run);
		for (final String key : List.of("import", "gemm", "compact6"))
			assertPositive(key, json.get(key));
		if (OS.LINUX.isCurrentOs()) assertPositive("peak_rss_mb", json.get("peak_rss_mb"));
		assertEquals(8_589_934_592L, json.getAsJsonObject("madds").get("gemm").getAsLong());
		assertEquals(6 * 504_646_880L, json.getAsJsonObject("madds").get("compact6").getAsLong());
		assertEquals(Set.of("compact6"), json.getAsJsonObject("share").keySet());
		assertPositive("share", json.getAsJsonObject("share").get("compact6"));
		assertEquals(1, json.getAsJsonObject("machine").get("threads").getAsInt());
		assertEquals("cpu", json.getAsJsonObject("machine").get("device").getAsString());
		assertEquals(List.of("gemm", "compact6"), run.err().lines().toList());
		assertNothingIsLeft();
	}

	@Test
	void firstScoreAndStages() throws IOException {
		final JsonObject json = json(ProgramRun.of(bench("first_score", "stages", "--reps", "1", "--device", "cpu", "--json", "--image", "samples/coffee.png")));
		assertPositive("first_score", json.get("first_score"));
		assertPositive("first_score_unpacking", json.get("first_score_unpacking"));
		final Map<String, JsonElement> stages = json.getAsJsonObject("stages").getAsJsonObject("compact").asMap();
		assertEquals(Set.of("read", "convert", "depth", "crops", "network", "maps", "table", "image", "per_crop"), stages.keySet());
		stages.forEach(BenchIT::assertPositive);
		final double parts = Stream.of("read", "convert", "depth", "crops", "network", "maps", "table").mapToDouble(stage -> stages.get(stage).getAsDouble()).sum();
		assertTrue(parts <= stages.get("image").getAsDouble(), stages.toString());
		assertEquals(stages.get("network").getAsDouble(), 6 * stages.get("per_crop").getAsDouble(), 1e-5);
		assertNothingIsLeft();
	}

	@Test
	void tablesForPeople() {
		final ProgramRun run = ProgramRun.of(bench("gemm", "--reps", "2"));
		assertEquals(0, run.status(), run.err());
		assertTrue(run.out().startsWith("PyTorch 2.7.1 on cpu, "), run.out());
		assertTrue(run.out().contains("medians of 2") && run.out().lines().anyMatch(line -> line.matches("gemm\\s+\\d+\\.\\d+\\s+1\\.000\\s+8\\.59")), run.out());
	}

	@Test
	void wrongUsageIsOneSentence() throws IOException {
		final Path text = Files.writeString(folder.resolve("a.png"), "no image");
		for (final List<String> wrong : List.of(List.of("speed"), List.of("gemm", "--reps", "0"), List.of("--image", "nowhere.png"), List.of("--image", text.toString()), List.of("gemm", "--device", "abacus"), List.of("gemm", "--threads", "0"))) {
			final ProgramRun run = ProgramRun.of(bench(wrong.toArray(String[]::new)));
			assertEquals(2, run.status(), wrong + run.err());
			assertEquals("", run.out());
			assertEquals(2, run.err().lines().count(), run.err());
			assertTrue(run.err().endsWith("'dgiqa bench --help' shows the options." + System.lineSeparator()), run.err());
			assertTrue(run.err().contains(wrong.get(wrong.size() - 1)), run.err());
		}
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void cancelledItLeavesNothing() throws Exception {
		final Process process = bench("first_score", "--reps", "100").start();
		try (BufferedReader err = process.errorReader()) {
			String line = err.readLine();
			while (line != null && !line.equals("first_score"))
				line = err.readLine();
			final long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
			while (process.children().findAny().isEmpty() && System.nanoTime() < limit)
				Thread.sleep(10);
			final ProcessHandle child = process.children().findAny().orElseThrow();
			assertEquals(0, new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor());
			assertTrue(process.waitFor(1, TimeUnit.MINUTES));
			assertEquals(130, process.exitValue());
			assertTrue(child.onExit().isDone() || !child.isAlive());
			assertTrue(err.lines().toList().contains("Cancelled."));
		}
		assertNothingIsLeft();
	}
}
