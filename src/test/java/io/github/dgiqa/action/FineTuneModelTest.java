package io.github.dgiqa.action;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;

import ij.IJ;
import ij.measure.ResultsTable;
import ij.process.ImageProcessor;

import io.github.dgiqa.evaluate.sets.RatedSet;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.train.FineTuning;

import java.awt.event.KeyEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small images, and a step or two: what comes of it, how it goes on, what cannot be. */
class FineTuneModelTest {

	private static final int IMAGES = 20;

	@TempDir
	Path folder;

	private Path csv;

	/** coffee.png, more and more blurred, with grades from 20 to 1. */
	@BeforeEach
	void images() throws IOException {
		final List<String> rows = new ArrayList<>(List.of("image,score"));
		for (int i = 0; i < IMAGES; i++) {
			final ImageProcessor pixels = IJ.openImage(Path.of("samples", "coffee.png").toAbsolutePath().toString()).getProcessor().resize(120, 80);
			pixels.blurGaussian(0.3 * i);
			ImageIO.write(pixels.getBufferedImage(), "png", folder.resolve(i + ".png").toFile());
			rows.add(i + ".png," + (IMAGES - i));
		}
		csv = write("my grades.csv", rows);
		ResultsTable.getResultsTable().reset();
		store(); // empty
	}

	@AfterEach
	void store() throws IOException {
		IJ.resetEscape();
		final Path models = ModelStore.of(null).folder();
		if (Files.exists(models)) PathUtils.deleteDirectory(models);
	}

	private Path write(final String name, final List<String> lines) throws IOException {
		return Files.write(folder.resolve(name), lines);
	}

	private Map<String, Object> inputs(final Object... more) {
		final Map<String, Object> inputs = new HashMap<>(Map.of("folder", folder, "csv", csv));
		for (int i = 0; i < more.length; i += 2)
			inputs.put((String) more[i], more[i + 1]);
		return inputs;
	}

	private static JsonObject json(final Path model) throws IOException {
		return new Gson().fromJson(Files.readString(model.resolve("model.json")), JsonObject.class);
	}

	private static List<Path> works() throws IOException {
		final Path place = ModelStore.of(null).folder().resolve(".work");
		if (!Files.exists(place)) return List.of();
		try (Stream<Path> works = Files.list(place)) {
			return works.toList();
		}
	}

	@Test
	void aModelIsInTheStoreWithFiguresOfImagesThatItDidNotLearnFrom() throws IOException {
		assertNull(FineTuneModel.mistake(inputs("steps", 2)));
		final List<String> tables = FineTuneModel.run(inputs("steps", 2));
		assertTrue(tables.get(0).matches("(?s)Held-out images\nmodel +images +SRCC .*\nmy-grades +[67] .*\ndgiqa-compact +[67] .*\n"), tables.toString());
		final ModelStore store = ModelStore.of(null);
		assertTrue(store.names().contains("my-grades"));
		assertTrue(store.verify("my-grades", false).ok());
		final JsonObject training = json(store.folder().resolve("my-grades")).getAsJsonObject("training");
		assertEquals(2, training.get("steps").getAsInt());
		assertEquals(42, training.getAsJsonObject("plan").get("seed").getAsInt());
		final List<String> heldOut = FineTuning.heldOut(store.folder().resolve("my-grades"));
		assertEquals(heldOut.size(), training.getAsJsonObject("compared").get("images").getAsInt());
		assertTrue(RatedSet.read("all", csv).opinions().stream().map(opinion -> opinion.image()).toList().containsAll(heldOut));
		assertTrue(Math.abs(training.getAsJsonObject("compared").get("srcc_before").getAsDouble()) <= 1);
		assertEquals(List.of(), works());
		assertEquals(0, ResultsTable.getResultsTable().size());
		assertTrue(FineTuneModel.mistake(inputs()).startsWith("There is a model my-grades already (9.15 MB, "));
		assertNull(FineTuneModel.mistake(inputs("replace", true)));
		assertNull(FineTuneModel.mistake(inputs("name", "other", "model", "my-grades")));
	}

	/** The same wish goes on after Esc, and comes to the weights of one that was never stopped. */
	@Test
	void escKeepsWhatWasLearned() throws Exception {
		final int steps = 12;
		final Map<String, Object> wish = inputs("steps", steps, "name", "stopped");
		final Thread person = new Thread(() -> {
			try {
				// it has a row once ten steps are done
				for (int i = 0; i < 6000 && (works().isEmpty() || !Files.exists(works().get(0).resolve("training").resolve("log.csv"))); i++)
					Thread.sleep(50);
			}
			catch (IOException | InterruptedException e) {
				throw new AssertionError(e);
			}
			IJ.setKeyDown(KeyEvent.VK_ESCAPE);
		});
		person.start();
		assertEquals(List.of(), FineTuneModel.run(wish));
		person.join();
		assertFalse(ModelStore.of(null).names().contains("stopped"));
		assertEquals(1, works().size());
		final JsonObject checkpoint = new Gson().fromJson(Files.readString(works().get(0).resolve("training").resolve("checkpoint.json")), JsonObject.class);
		final int done = checkpoint.getAsJsonObject("progress").get("step").getAsInt();
		assertTrue(done >= 10 && done < steps, "" + done);
		assertEquals(1, FineTuneModel.run(wish).size());
		assertEquals(List.of(), works());
		assertEquals(1, FineTuneModel.run(inputs("steps", steps, "name", "whole")).size());
		final Path store = ModelStore.of(null).folder();
		assertEquals(hash(store.resolve("whole")), hash(store.resolve("stopped")));
	}

	private static String hash(final Path model) throws IOException {
		return json(model).getAsJsonArray("files").get(0).getAsJsonObject().get("sha256").getAsString();
	}

	@Test
	void whatCannotBeIsOneSentence() throws IOException {
		check("The key folder cannot be '/no/such': a folder with images is needed.", "folder", "/no/such");
		check("The key csv cannot be '': a CSV file with the columns image and score is needed.", "csv", "");
		check("There is no file " + folder.resolve("none.csv") + ": ", "csv", folder.resolve("none.csv"));
		check(write("b.csv", List.of("image,grade", "0.png,3")) + " has no column score: ", "csv", folder.resolve("b.csv"));
		check("None of the 2 images that " + write("c.csv", List.of("image,score", "x.png,3", "y.png,4")) + " names is in " + folder, "csv", folder.resolve("c.csv"));
		check(write("d.csv", List.of("image,score", "0.png,3", "1.png,4", "x.png,5")) + " has grades of 2 different images in " + folder + ", and at least 20 are needed", "csv", folder.resolve("d.csv"));
		final List<String> same = new ArrayList<>(List.of("image,score,reference"));
		final List<String> equal = new ArrayList<>(List.of("image,score"));
		for (int i = 0; i < IMAGES; i++) {
			same.add(i + ".png," + i + ",field" + i / 2);
			equal.add(i + ".png,3");
		}
		check(write("e.csv", same) + " has grades of 10 different images in ", "csv", folder.resolve("e.csv"));
		check("All 20 grades in " + write("f.csv", equal) + " are 3.0: there is nothing to learn", "csv", folder.resolve("f.csv"));
		check("The key lowest cannot be '2': a number of at most 1.0, the smallest grade in " + csv + ", is needed.", "lowest", "2");
		check("The key highest cannot be '10': a number of at least 20.0, the largest grade in " + csv + ", is needed.", "highest", "10");
		check("The key minutes cannot be '0': a whole number from 1 to ", "minutes", 0);
		check("The key device cannot be 'fast': ", "device", "fast");
		check("There is no model no-such: ", "model", "no-such");
		check("The model depth-compact (in the program) is for depth; one for quality is needed here.", "model", "depth-compact");
		check("The model dgiqa (in the program) comes without weights: ", "model", "dgiqa");
		check("There is a model dgiqa-compact already", "name", "dgiqa-compact");
		check("A model cannot be called '../up': ", "name", "../up");
		assertFalse(Files.exists(ModelStore.of(null).folder()));
	}

	private void check(final String begins, final Object... inputs) {
		final String mistake = FineTuneModel.mistake(inputs(inputs));
		assertTrue(mistake.startsWith(begins) && mistake.endsWith(".") && !mistake.contains("\n"), mistake);
		assertEquals(List.of(), FineTuneModel.run(inputs(inputs)));
		assertEquals(0, ResultsTable.getResultsTable().size());
	}
}
