package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.TinyModel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built program's {@code train}, on a tiny network and two photographs, one of which is held out. */
class TrainIT {

	private static final int STEPS = 20;
	private static final int KILLS = 4;

	@TempDir
	private Path folder;
	private Path photos;

	@BeforeEach
	void photographs() throws IOException {
		photos = Files.createDirectories(folder.resolve("photos"));
		for (final String name : List.of("coffee.png", "chelsea.png"))
			Files.copy(Path.of("samples", name), photos.resolve(name));
	}

	/** @param more options, each with its value, in place of these or besides */
	private List<Object> command(final Path out, final Object... more) {
		final List<Object> command = new ArrayList<>(List.of("train", "--photos", photos, "--model", TinyModel.FOLDER, "--scratch", "--out", out, "--held-out", 1, "--steps", STEPS, "--batch", 8, "--warm-up", 5, "--measure", 3,
			"--evaluate-every", 15, "--rate", 0.003, "--threads", 2));
		for (int i = 0; i < more.length; i += 2) {
			final int place = command.indexOf(more[i]);
			if (place < 0) command.addAll(List.of(more[i], more[i + 1]));
			else command.set(place + 1, more[i + 1]);
		}
		return command;
	}

	private static ProgramRun run(final List<Object> command) {
		return ProgramRun.dgiqa(command.toArray());
	}

	/** The same program with a checkpoint after each step. */
	private static Process start(final List<Object> command, final String... options) throws IOException {
		final List<String> words = new ArrayList<>(List.of(ProgramRun.java(), "-Ddgiqa.train.save=0"));
		words.addAll(List.of(options));
		words.addAll(List.of("-jar", ProgramRun.JAR.toString()));
		command.forEach(word -> words.add(word.toString()));
		return new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
	}

	/** The step of the checkpoint; 0 where there is none. */
	private static int checkpoint(final Path model) throws IOException {
		final Path file = model.resolve("training").resolve("checkpoint.json");
		return Files.exists(file) ? JsonParser.parseString(Files.readString(file)).getAsJsonObject().getAsJsonObject("progress").get("step").getAsInt() : 0;
	}

	private static byte[] weights(final Path model) throws IOException {
		try (Stream<Path> files = Files.list(model)) {
			final List<Path> found = files.filter(file -> file.toString().endsWith(".safetensors")).toList();
			assertEquals(1, found.size(), "" + found);
			return Files.readAllBytes(found.get(0));
		}
	}

	/** The log without its last column, which is the time. */
	private static List<String> log(final Path model) throws IOException {
		return Files.readAllLines(model.resolve("training").resolve("log.csv")).stream().map(row -> row.substring(0, row.lastIndexOf(','))).toList();
	}

	private static void assertSame(final Path expected, final Path found) throws IOException {
		assertEquals(log(expected), log(found));
		assertArrayEquals(weights(expected), weights(found));
	}

	@Test
	void leavesAModelThatAssessTakes() throws IOException {
		final Path out = folder.resolve("mine");
		final ProgramRun run = run(command(out));
		assertEquals(0, run.status(), run.err());
		assertTrue(run.out().matches("(?s).*held-out SRCC -?[01]\\.\\d{4}, PLCC -?[01]\\.\\d{4} over 11 images\\R"), run.out());
		assertEquals(List.of("10", "15", "20"), ProgramRun.rows(out.resolve("training").resolve("log.csv")).stream().map(row -> row.get("step")).toList());
		final CSVRecord last = ProgramRun.rows(out.resolve("training").resolve("log.csv")).get(2);
		assertFalse(last.get("held_out_srcc").isEmpty());
		assertEquals("", ProgramRun.rows(out.resolve("training").resolve("log.csv")).get(0).get("held_out_srcc"));
		assertTrue(Files.size(out.resolve("training").resolve("curve.png")) > 0);
		final String description = Files.readString(out.resolve("model.json"));
		assertTrue(description.contains("\"chelsea.png\""), description); // of 2 names the first
		final ProgramRun assessed = ProgramRun.dgiqa("assess", "--model", out, photos.resolve("coffee.png"));
		assertEquals(0, assessed.status(), assessed.err());
		assertEquals("mine", assessed.rows().get(0).get("model"));
		// repeated, nothing is left to do
		final byte[] weights = weights(out);
		final ProgramRun again = run(command(out));
		assertEquals(0, again.status(), again.err());
		assertTrue(again.err().contains("Going on after step 20."), again.err());
		assertArrayEquals(weights, weights(out));
	}

	@Test
	void killedAtAnyMomentItComesToTheSame() throws IOException, InterruptedException {
		final Path unbroken = folder.resolve("unbroken").resolve("mine");
		assertEquals(0, run(command(unbroken)).status());
		final Path broken = folder.resolve("broken").resolve("mine");
		final Random random = new Random(8);
		for (int kill = 1; kill <= KILLS; kill++) {
			final Process process = start(command(broken));
			final int before = checkpoint(broken);
			while (checkpoint(broken) < before + 2)
				assertFalse(process.waitFor(10, TimeUnit.MILLISECONDS), "it ended before it could be killed");
			process.waitFor(random.nextInt(300), TimeUnit.MILLISECONDS);
			process.destroyForcibly().waitFor();
		}
		final ProgramRun rest = run(command(broken));
		assertEquals(0, rest.status(), rest.err());
		assertTrue(rest.err().matches("(?s).*Going on after step \\d+\\..*"), rest.err());
		assertSame(unbroken, broken);
	}

	@Test
	void stoppedItSavesAndGoesOn() throws IOException, InterruptedException {
		final Path unbroken = folder.resolve("unbroken").resolve("mine");
		assertEquals(0, run(command(unbroken)).status());
		final Path stopped = folder.resolve("stopped").resolve("mine");
		// with so many processors batches are made ahead
		final Process process = start(command(stopped), "-XX:ActiveProcessorCount=8");
		while (checkpoint(stopped) == 0)
			assertFalse(process.waitFor(20, TimeUnit.MILLISECONDS), "it ended before it could be stopped");
		assertEquals(0, new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor());
		assertTrue(process.waitFor(60, TimeUnit.SECONDS));
		assertEquals(130, process.exitValue());
		final Path weights = stopped.resolve("training").resolve("checkpoint-" + checkpoint(stopped) + ".safetensors");
		assertTrue(Files.exists(weights), "" + weights);
		final ProgramRun rest = run(command(stopped));
		assertEquals(0, rest.status(), rest.err());
		assertTrue(rest.err().matches("(?s).*Going on after step \\d+\\..*"), rest.err());
		assertSame(unbroken, stopped);
	}

	private void assertRefused(final int status, final String sentence, final List<Object> command) {
		final ProgramRun run = run(command);
		assertEquals(status, run.status(), run.err());
		assertTrue(run.err().lines().anyMatch(line -> line.contains(sentence)), run.err());
		assertFalse(run.err().contains("\tat "), run.err());
	}

	@Test
	void wrongInputIsOneSentence() throws IOException {
		final Path out = folder.resolve("mine");
		assertRefused(2, "--held-out must be from 1 to half of the 2 photographs, not 2.", command(out, "--held-out", 2));
		assertRefused(2, "--rate must be above 0, at most 1, not 0.0.", command(out, "--rate", 0));
		assertRefused(2, "--clip must be a number above 0, not Infinity.", command(out, "--clip", "Infinity"));
		assertRefused(2, "Unknown options: '--precision'", command(out, "--precision", "float16"));
		assertRefused(2, "--out needs a folder with a name", command(Path.of("/")));
		assertRefused(2, "--freeze: '(' is no regular expression", command(out, "--freeze", "("));
		assertRefused(1, "No parameter of the network has a path that the pattern backbones is for", command(out, "--freeze", "backbones"));
		assertRefused(3, "fit no backbone of this network", command(out, "--backbone", Path.of("models", "dgiqa-compact", "dgiqa-compact.safetensors")));
		final Path file = Files.createFile(folder.resolve("file"));
		assertRefused(2, "the folder cannot be made", command(file));
		assertRefused(2, "is a depth model: give the depth maps of the photographs", List.of("train", "--photos", photos, "--model", "depth-compact", "--out", out, "--held-out", 1));
		final Path empty = Files.createDirectories(folder.resolve("empty"));
		assertRefused(2, "No image found in " + empty, List.of("train", "--photos", empty, "--out", out));
		Files.writeString(photos.resolve("broken.png"), "no picture");
		assertRefused(1, "broken.png", command(out));
	}

	@Test
	void onlyOneTrainsInAFolder() throws IOException, InterruptedException {
		final Path out = folder.resolve("mine");
		final Process first = start(command(out, "--steps", 100_000));
		while (checkpoint(out) == 0)
			assertFalse(first.waitFor(20, TimeUnit.MILLISECONDS), "it ended");
		assertRefused(1, "Another training is at work in " + out + ": wait until it is done", command(out, "--steps", 100_000));
		first.destroyForcibly().waitFor();
	}

	@Test
	void otherPhotographsAreAnotherPlan() throws IOException {
		final Path out = folder.resolve("mine");
		assertEquals(0, run(command(out, "--steps", 2, "--warm-up", 1)).status());
		// the one that is held out has the same name still
		Files.copy(photos.resolve("chelsea.png"), photos.resolve("coffee.png"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
		assertRefused(1, "holds a training run with another plan (data: photographs_sha256 was", command(out, "--steps", 2, "--warm-up", 1));
	}

	@Test
	void anotherPlanNeedsAnotherFolder() {
		final Path out = folder.resolve("mine");
		assertEquals(0, run(command(out)).status());
		assertRefused(1, "holds a training run with another plan", command(out, "--rate", 0.001));
	}
}
