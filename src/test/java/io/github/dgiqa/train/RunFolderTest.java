package io.github.dgiqa.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.TinyModel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The plan, the checkpoint and the log of a run, whatever happens to the files. */
class RunFolderTest extends NativeMemory {

	private static final String PLAN = "{'model': 'tiny', 'plan': {'rate': 0.01, 'seed': 7}}";

	@TempDir
	private Path model;
	private Path folder;
	private RunFolder run;

	@BeforeEach
	void begin() {
		folder = model.resolve("training");
		of(PLAN);
	}

	@AfterEach
	void end() {
		run.close();
	}

	/** As another process would, after the one before. */
	private RunFolder of(final String plan) {
		if (run != null) run.close();
		run = RunFolder.of(model, JsonParser.parseString(plan).getAsJsonObject());
		return run;
	}

	private static void assertRefused(final String sentence, final Executable work) {
		final String found = assertThrows(DgiqaException.class, work).getMessage();
		assertTrue(found.contains(sentence), found);
	}

	private List<String> files() throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("lock")).sorted().toList();
		}
	}

	// -- the plan --

	@Test
	void anotherPlanIsRefused() throws IOException {
		of("{'plan': {'seed': 7, 'rate': 0.01}, 'model': 'tiny'}"); // the same
		assertRefused(model + " holds a training run with another plan (plan: rate was 0.01, is 0.02): repeat that command", () -> of(PLAN.replace("0.01", "0.02")));
		assertRefused("(model was \"tiny\", is \"other\")", () -> of(PLAN.replace("tiny", "other")));
		assertRefused("(name was null, is \"new\")", () -> of(PLAN.replace("{'model'", "{'name': 'new', 'model'")));
		assertRefused("(it has more parts)", () -> of("{'model': 'tiny'}"));
		assertEquals(JsonParser.parseString(PLAN), JsonParser.parseString(Files.readString(folder.resolve("plan.json"))));
		Files.writeString(folder.resolve("plan.json"), "{\"model\": ");
		assertRefused(folder.resolve("plan.json") + " is damaged: name another folder.", () -> of(PLAN));
		Files.writeString(folder.resolve("plan.json"), "");
		assertRefused("(it is empty)", () -> of(PLAN));
	}

	@Test
	void aModelFromElsewhereIsNotReplaced() throws IOException {
		final Path description = model.resolve("model.json");
		Files.copy(TinyModel.FOLDER.resolve("model.json"), description);
		of(PLAN); // its own
		PathUtils.deleteDirectory(folder);
		assertRefused(model + " holds a model that was not trained there and would be lost: name another folder.", () -> of(PLAN));
		assertFalse(Files.exists(folder));
		assertArrayEquals(Files.readAllBytes(TinyModel.FOLDER.resolve("model.json")), Files.readAllBytes(description));
	}

	// -- the checkpoint --

	private static Progress at(final int step) {
		return new Progress(step, 1.5, 0, 0, 0.25, new Figures(0.1, 0.2, Double.NaN, Double.NaN, 11), 3);
	}

	private void save(final int step, final float... values) {
		run.save(at(step), Map.of("value.a", manager.create(values, new Shape(2, values.length / 2))));
	}

	private void assertCheckpoint(final int step, final float... values) throws IOException {
		try (RunFolder.Checkpoint checkpoint = of(PLAN).load(); NDArray found = checkpoint.tensor("value.a", new Shape(2, values.length / 2)).load(manager)) {
			assertEquals(at(step), checkpoint.progress());
			assertArrayEquals(values, found.toFloatArray());
		}
	}

	@Test
	void aCheckpointComesBack() throws IOException {
		assertFalse(run.hasCheckpoint());
		save(5, 1, 2, 3, 4);
		assertTrue(of(PLAN).hasCheckpoint());
		assertCheckpoint(5, 1, 2, 3, 4);
		save(12, 5, 6, 7, 8);
		assertCheckpoint(12, 5, 6, 7, 8);
		assertEquals(List.of("checkpoint-12.safetensors", "checkpoint.json", "plan.json"), files());
		save(12, 5, 6, 7, 8); // after a look, the same step has other figures
		assertCheckpoint(12, 5, 6, 7, 8);
	}

	@Test
	void aCheckpointOfAnotherNetwork() throws IOException {
		save(5, 1, 2, 3, 4);
		try (RunFolder.Checkpoint checkpoint = run.load()) {
			assertRefused("is not one of this network: value.b should be (2, 2), and is missing", () -> checkpoint.tensor("value.b", new Shape(2, 2)));
			assertRefused("value.a should be (4), and is (2, 2)", () -> checkpoint.tensor("value.a", new Shape(4)));
		}
	}

	/** What is being written is not in the place of what is there. */
	@Test
	void theOneBeforeStaysUntilTheNewOneIsWhole() throws IOException {
		save(5, 1, 2, 3, 4);
		for (final int step : new int[] {5, 6}) {
			assertThrows(DgiqaException.class, () -> run.save(new Progress(step, 2.5, 0, 0, 0.25, null, 0), Map.of("value.a", manager.ones(new Shape(2)), "__metadata__", manager.ones(new Shape(2)))));
			assertCheckpoint(5, 1, 2, 3, 4);
		}
		final Path inTheWay = Files.createDirectories(folder.resolve("checkpoint.json.part"));
		assertRefused("The training run in " + folder + " cannot be written or read: ", () -> save(6, 5, 6, 7, 8));
		assertCheckpoint(5, 1, 2, 3, 4);
		Files.delete(inTheWay);
		save(6, 5, 6, 7, 8);
		assertCheckpoint(6, 5, 6, 7, 8);
		assertEquals(List.of("checkpoint-6.safetensors", "checkpoint.json", "plan.json"), files());
	}

	@Test
	void damagedWeights() throws IOException {
		save(5, 1, 2, 3, 4);
		final Path file = folder.resolve("checkpoint-5.safetensors");
		final byte[] whole = Files.readAllBytes(file);
		final byte[] flipped = whole.clone();
		flipped[whole.length - 1] ^= 1;
		final String damaged = "The checkpoint " + file + " is damaged: begin again in another folder, or remove " + folder + ".";
		Files.write(file, flipped);
		assertRefused(damaged, run::load);
		Files.write(file, Arrays.copyOf(whole, whole.length / 2));
		assertRefused(damaged, run::load);
		Files.delete(file);
		assertRefused("The checkpoint in " + folder + " cannot be read: " + file + " is missing; bring it back, or begin again in another folder.", run::load);
		Files.write(file, whole);
		assertCheckpoint(5, 1, 2, 3, 4);
	}

	@Test
	void damagedCheckpointFile() throws IOException {
		save(5, 1, 2, 3, 4);
		final Path file = folder.resolve("checkpoint.json");
		final String whole = Files.readString(file);
		final String damaged = "The checkpoint " + file + " is damaged: ";
		for (final String text : List.of(whole.substring(0, whole.length() / 2), "", "{}", "[]", whole.replace("\"weights\"", "\"other\""))) {
			Files.writeString(file, text);
			assertRefused(damaged, run::load);
		}
		// as earlier versions wrote it
		final JsonObject json = JsonParser.parseString(whole).getAsJsonObject();
		json.remove("sha256");
		Files.writeString(file, json.toString());
		assertCheckpoint(5, 1, 2, 3, 4);
	}

	@Test
	void whatIsSavedIsNotWrittenAgain() throws IOException {
		save(5, 1, 2, 3, 4);
		save(5, 5, 6, 7, 8);
		assertCheckpoint(5, 1, 2, 3, 4);
	}

	@Test
	void onlyOneAtATime() {
		assertRefused("Another training is at work in " + model + ": wait until it is done, stop it, or name another folder.", () -> RunFolder.of(model, JsonParser.parseString(PLAN).getAsJsonObject()));
	}

	// -- the log --

	private void log(final RunFolder to, final int step, final Figures figures) {
		to.log(step, 0.5, 0.001, 0.25, figures, 1.5);
	}

	private List<String> rows() throws IOException {
		return Files.readAllLines(folder.resolve("log.csv"));
	}

	@Test
	void rowsOfTheLog() throws IOException {
		log(run, 10, null);
		assertFalse(Files.exists(folder.resolve("curve.png")));
		log(run, 15, new Figures(0.02, -0.5, 0.75, Double.NaN, 11));
		assertEquals(List.of("step,loss,rate,gradient,held_out_loss,held_out_srcc,held_out_plcc,held_out_monotone,seconds", "10,0.500000,0.00100,0.2500,,,,,1.5", "15,0.500000,0.00100,0.2500,0.020000,-0.500000,0.750000,NaN,1.5"), rows());
		assertTrue(Files.exists(folder.resolve("curve.png")));
	}

	/** Somebody has it open, as on Windows, or the disk is full: that ends no training. */
	@Test
	void aLogThatCannotBeWritten() throws IOException {
		Files.createDirectories(folder.resolve("log.csv.part"));
		final String problem = run.log(10, 0.5, 0.001, 0.25, null, 1.5);
		assertTrue(problem.startsWith("The log in " + folder + " cannot be written: ") && problem.endsWith(". The training goes on."), problem);
		Files.delete(folder.resolve("log.csv.part"));
		assertNull(run.log(20, 0.5, 0.001, 0.25, null, 1.5));
		assertEquals(List.of(10, 20), steps(rows()));
	}

	/** A person changed it: rows of another form are left out. */
	@Test
	void rowsThatAPersonChanged() throws IOException {
		save(20, 1, 2, 3, 4);
		Files.writeString(folder.resolve("log.csv"), "step,loss\n10,0.5\n20,0.500000,0.00100,0.2500,,,,,1.5\n");
		of(PLAN).load().close();
		assertNull(run.log(30, 0.5, 0.001, 0.25, new Figures(0.02, -0.5, 0.75, 0.5, 11), 1.5));
		assertEquals(List.of(20, 30), steps(rows()));
	}

	private static List<Integer> steps(final List<String> rows) {
		return rows.stream().skip(1).map(row -> Integer.valueOf(row.split(",")[0])).toList();
	}

	/** A run that was killed goes on from its checkpoint, and logs the steps behind it again. */
	@Test
	void rowsBehindTheCheckpointAreForgotten() throws IOException {
		log(run, 10, null);
		log(run, 20, null);
		save(20, 1, 2, 3, 4);
		log(run, 30, null);
		log(run, 100, null);
		final RunFolder again = of(PLAN);
		again.load().close();
		log(again, 30, null);
		assertEquals(List.of(10, 20, 30), steps(rows()));
	}

	/** Saved before a look, whose row was written and will be once more. */
	@Test
	void theRowOfTheCheckpointsOwnStepIsForgottenWhereItIsDue() throws IOException {
		log(run, 10, null);
		final Progress before = Progress.NONE.after(0.5, 0.25, 1).after(0.5, 0.25, 1);
		assertEquals(2, before.counted());
		run.save(new Progress(15, 1.5, before.losses(), before.counted(), 0.25, null, 0), Map.of("value.a", manager.ones(new Shape(2))));
		log(run, 15, new Figures(0.02, -0.5, 0.75, 0.5, 11));
		final RunFolder again = of(PLAN);
		again.load().close();
		log(again, 15, new Figures(0.02, -0.5, 0.75, 0.5, 11));
		assertEquals(List.of(10, 15), steps(rows()));
	}
}
