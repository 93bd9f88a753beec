package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.TinyModel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built program's {@code train} with scores of people. */
class TrainRatedIT {

	@TempDir
	private Path folder;
	private Path images;
	private Path grades;

	@BeforeEach
	void images() throws IOException {
		images = Files.createDirectories(folder.resolve("images"));
		final List<String> rows = new ArrayList<>(List.of("image,score"));
		for (int i = 0; i < 10; i++) {
			Files.copy(Path.of("samples", i % 2 == 0 ? "coffee.png" : "chelsea.png"), images.resolve("image" + i + ".png"));
			rows.add("image" + i + ".png," + (20 + 5 * i));
		}
		grades = Files.write(folder.resolve("grades.csv"), rows);
	}

	private ProgramRun train(final Object... more) {
		final List<Object> command = new ArrayList<>(List.of("train", "--model", TinyModel.FOLDER, "--scratch", "--measure", 1, "--out", folder.resolve("mine"), "--steps", 4, "--batch", 4));
		command.addAll(List.of(more));
		return ProgramRun.dgiqa(command.toArray());
	}

	private JsonObject description() throws IOException {
		return JsonParser.parseString(Files.readString(folder.resolve("mine").resolve("model.json"))).getAsJsonObject();
	}

	private static void assertScale(final double low, final double high, final JsonObject scale) {
		assertEquals(low, scale.get("low").getAsDouble());
		assertEquals(high, scale.get("high").getAsDouble());
		assertTrue(scale.get("higher_is_better").getAsBoolean());
	}

	@Test
	void tableOfGrades() throws IOException {
		final ProgramRun run = train("--csv", grades, "--images", images);
		assertEquals(0, run.status(), run.err());
		assertTrue(run.err().contains("grades: 10 images; human scores 20 to 65, higher is better (" + grades + ")"), run.err());
		assertTrue(run.out().matches("(?s).*over 3 images\\R"), run.out()); // a third of 10
		final JsonObject description = description();
		assertScale(20, 65, description.getAsJsonObject("score").getAsJsonObject("from"));
		final JsonObject data = description.getAsJsonObject("training").getAsJsonObject("data");
		assertEquals(7, data.get("images").getAsInt());
		assertEquals(3, data.getAsJsonArray("held_out").size());
		assertEquals("grades.csv", data.get("scores").getAsString());
		final ProgramRun assessed = ProgramRun.dgiqa("assess", "--model", folder.resolve("mine"), images.resolve("image0.png"));
		assertEquals(0, assessed.status(), assessed.err());
		// other scores are other data
		Files.writeString(grades, Files.readString(grades).replace(",65", ",66"));
		final ProgramRun other = train("--csv", grades, "--images", images);
		assertEquals(1, other.status(), other.err());
		assertTrue(other.err().contains("another plan"), other.err());
	}

	@Test
	void rangeOfTheUsers() throws IOException {
		final ProgramRun run = train("--csv", Files.move(grades, images.resolve("grades.csv")), "--range", "0,100", "--held-out", 2);
		assertEquals(0, run.status(), run.err());
		assertScale(0, 100, description().getAsJsonObject("score").getAsJsonObject("from"));
		assertEquals(2, description().getAsJsonObject("training").getAsJsonObject("held_out").get("images").getAsInt());
	}

	@Test
	void publishedSet() throws IOException {
		final List<String> rows = new ArrayList<>(List.of("dist_img,ref_img,dmos,var"));
		for (int content = 1; content <= 4; content++)
			for (int level = 1; level <= 3; level++) {
				final String name = "I0" + content + "_01_0" + level + ".png";
				Files.copy(Path.of("samples", "coffee.png"), images.resolve(name));
				rows.add(name + ",I0" + content + ".png," + (5 - level) + ",0.5");
			}
		Files.write(images.resolve("dmos.csv"), rows);
		final ProgramRun run = train("--set", "kadid10k=" + images);
		assertEquals(0, run.status(), run.err());
		// of the contents a third, with all their images; the scale is the set's own
		assertTrue(run.out().matches("(?s).*over 3 images\\R"), run.out());
		assertScale(1, 5, description().getAsJsonObject("score").getAsJsonObject("from"));
		assertEquals(3, description().getAsJsonObject("training").getAsJsonObject("data").get("contents").getAsInt());
	}

	private static void assertRefused(final int status, final String sentence, final ProgramRun run) {
		assertEquals(status, run.status(), run.err());
		assertTrue(run.err().lines().anyMatch(line -> line.contains(sentence)), run.err());
		assertFalse(run.err().contains("\tat "), run.err());
	}

	@Test
	void wrongInputIsOneSentence() throws IOException {
		assertRefused(2, "Give one thing to learn from", train());
		assertRefused(2, "Give one thing to learn from", train("--csv", grades, "--photos", "samples"));
		assertRefused(2, "Give either --csv FILE or --set NAME=FOLDER", train("--range", "1,5"));
		assertRefused(2, "There is no file " + folder.resolve("none.csv"), train("--csv", folder.resolve("none.csv")));
		assertRefused(2, "None of the 10 images", train("--csv", grades));
		assertRefused(2, "--range needs LOW,HIGH", train("--csv", grades, "--images", images, "--range", "5,1"));
		assertRefused(1, "is not on the scale of 30.0 to 90.0", train("--csv", grades, "--images", images, "--range", "30,90"));
		assertRefused(2, "--grey is for photographs that are distorted", train("--csv", grades, "--images", images, "--grey", 0.5));
		assertRefused(2, "--held-out must be from 1 to half of the 10 contents with scores, not 6.", train("--csv", grades, "--images", images, "--held-out", 6));
		assertRefused(2, "There is no set koniq", train("--set", "koniq=" + images));
		Files.writeString(images.resolve("image3.png"), "no picture");
		assertRefused(1, "image3.png", train("--csv", grades, "--images", images));
	}
}
