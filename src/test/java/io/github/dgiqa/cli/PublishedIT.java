package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.PublishedWeights;
import io.github.dgiqa.Reference;
import io.github.dgiqa.Sha256;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.weights.Bytes;
import io.github.dgiqa.weights.StoredTensor;
import io.github.dgiqa.weights.WeightFile;
import io.github.dgiqa.weights.WeightWriter;
import io.github.dgiqa.weights.WeightWriter.Form;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The published networks in the built program, with weight files of the user's: the closed-form fill in every form. */
class PublishedIT {

	private static final String COFFEE = "samples/coffee.png";
	/** End to end, from the PNG. */
	private static final double TOLERANCE = 5e-5;
	/** The same of the compact model, which is more sensitive to a level of the depth map. */
	private static final double COMPACT_TOLERANCE = 1e-4;
	private static final long MOST_MEGABYTES = 1200;

	@TempDir
	private static Path folder;

	private static Path weights(final String model, final Form form) {
		return PublishedWeights.file(folder, model, form);
	}

	@ParameterizedTest
	@EnumSource
	void everyFormGivesThePublishedScore(final Form form) throws IOException {
		final Path quality = weights("dgiqa", form);
		final Path depth = weights("depth-anything-vits", form);
		final ProgramRun run = ProgramRun.dgiqa("assess", "--model", "dgiqa", "--weights", quality, "--depth", "depth-anything-vits", "--depth-weights", depth, COFFEE);
		assertEquals(0, run.status(), run.err());
		final CSVRecord row = run.rows().get(0);
		assertEquals(mean("coffee"), Double.parseDouble(row.get("score")), TOLERANCE);
		assertEquals(Sha256.name("dgiqa", quality), row.get("model"));
		assertEquals(Sha256.name("depth-anything-vits", depth), row.get("depth_model"));
		assertEquals(List.of("20", "random", "42", "", ""), List.of(row.get("crops"), row.get("sampling"), row.get("seed"), row.get("notes"), row.get("error")));
		if (form != Form.SAFETENSORS) { // the disk may be small
			Files.delete(quality);
			Files.delete(depth);
		}
	}

	private static double mean(final String image) {
		return Reference.json("published-e2e.json").getAsJsonObject(image + ".vits").get("mean").getAsDouble();
	}

	/** Also without the option --depth: the description names that model. */
	@Test
	@EnabledOnOs(OS.LINUX)
	void memoryOfOneImage() throws IOException, InterruptedException {
		final Process process = new ProcessBuilder(ProgramRun.java(), "-jar", ProgramRun.JAR.toString(), "assess", "--model", "dgiqa", "--weights", weights("dgiqa", Form.SAFETENSORS).toString(), "--depth-weights",
			weights("depth-anything-vits", Form.SAFETENSORS).toString(), "samples/chelsea.png").redirectErrorStream(true).start();
		long peak = 0;
		while (process.isAlive()) {
			peak = Math.max(peak, ProgramRun.megabytes(process.pid(), "VmHWM"));
			Thread.sleep(50);
		}
		assertEquals(0, process.exitValue());
		final String score = new String(process.getInputStream().readAllBytes()).lines().filter(line -> line.startsWith("samples")).findFirst().orElseThrow().split(",")[2];
		assertEquals(mean("chelsea"), Double.parseDouble(score), TOLERANCE);
		assertTrue(peak > 0 && peak < MOST_MEGABYTES, peak + " MB");
	}

	/** Expected scores: PyTorch's, with the compact weights as they are and the published networks' filled. */
	@ParameterizedTest
	@CsvSource({"dgiqa, depth-compact, 0.46191129", "dgiqa, depth-anything-vitb, 0.46481472", "dgiqa-compact, depth-anything-vits, 0.72492617", "dgiqa-compact, depth-anything-vitb, 0.72293854"})
	void anyPair(final String quality, final String depth, final double score) {
		final List<Object> arguments = new ArrayList<>(List.of("assess", "--model", quality, "--depth", depth, COFFEE));
		if (!quality.endsWith("compact")) arguments.addAll(List.of("--weights", weights(quality, Form.SAFETENSORS)));
		if (!depth.endsWith("compact")) arguments.addAll(List.of("--depth-weights", weights(depth, Form.SAFETENSORS)));
		final ProgramRun run = ProgramRun.dgiqa(arguments.toArray());
		assertEquals(0, run.status(), run.err());
		assertEquals(score, Double.parseDouble(run.rows().get(0).get("score")), quality.equals("dgiqa") ? TOLERANCE : COMPACT_TOLERANCE);
	}

	/** A weight that is no number gives no score. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
		"depth-compact | --depth-weights | The depth is no finite number everywhere: the weights of depth-compact@",
		"dgiqa-compact | --weights | The score is no finite number: the weights of dgiqa-compact@"})
	void weightsThatAreNoNumbers(final String model, final String option, final String error) throws IOException {
		final Path file = folder.resolve("nan.safetensors");
		WeightWriter.write(ModelStore.of(null).find(model).network().stateDict(), key -> i -> Float.NaN, file, Form.SAFETENSORS);
		final ProgramRun run = ProgramRun.dgiqa("assess", option, file, COFFEE);
		assertEquals(1, run.status(), run.err());
		assertEquals("", run.rows().get(0).get("score"));
		assertTrue(run.rows().get(0).get("error").startsWith(error), run.out());
	}

	/** The model's own file, given by hand: the same score, another name. */
	@Test
	void ownWeightsOfTheCompactModel() throws IOException {
		final String own = "models/dgiqa-compact/dgiqa-compact.safetensors";
		final ProgramRun run = ProgramRun.dgiqa("assess", "--weights", own, COFFEE);
		assertEquals(Reference.score("coffee"), Double.parseDouble(run.rows().get(0).get("score")), 1e-4);
		assertEquals(Sha256.name("dgiqa-compact", Path.of(own)), run.rows().get(0).get("model")); // model.json has the whole of it
	}

	/** A published network learns on from a checkpoint; what is frozen stays, everything else moves. */
	@Test
	void fineTunedFromACheckpoint() throws IOException {
		final Path checkpoint = weights("dgiqa", Form.SAFETENSORS);
		final Path grades = Files.write(folder.resolve("grades.csv"), List.of("image,score", "coffee.png,2", "chelsea.png,5"));
		final Path out = folder.resolve("tuned");
		final ProgramRun run = ProgramRun.dgiqa("train", "--model", "dgiqa", "--weights", checkpoint, "--depth", "depth-compact", "--csv", grades, "--images", "samples", "--freeze", "depth_backbone\\..*", "--held-out", 1,
			"--steps", 2, "--batch", 2, "--average", 0, "--rate", 0.01, "--out", out);
		assertEquals(0, run.status(), run.err());
		final Path tuned;
		try (Stream<Path> files = Files.list(out)) {
			tuned = files.filter(file -> file.toString().endsWith(".safetensors")).findFirst().orElseThrow();
		}
		try (Bytes before = Bytes.of(checkpoint); Bytes after = Bytes.of(tuned); NDManager manager = TorchEngine.start(DeviceChoice.CPU, 0).newManager()) {
			final Map<String, StoredTensor> old = WeightFile.tensors(before);
			final Map<String, StoredTensor> now = WeightFile.tensors(after);
			assertEquals(old.keySet(), now.keySet());
			int moved = 0;
			for (final Map.Entry<String, StoredTensor> entry : old.entrySet())
				try (NDManager scratch = manager.newSubManager()) {
					final NDArray was = entry.getValue().load(scratch).toType(DataType.FLOAT16, false).toType(DataType.FLOAT32, false);
					final boolean same = was.equals(now.get(entry.getKey()).load(scratch).toType(DataType.FLOAT32, false));
					if (entry.getKey().startsWith("depth_backbone.")) assertTrue(same, entry.getKey());
					else if (!same) moved++;
				}
			final long learned = old.keySet().stream().filter(key -> !key.startsWith("depth_backbone.")).count();
			assertTrue(moved > 0.9 * learned, moved + " of " + learned);
		}
		final ProgramRun assessed = ProgramRun.dgiqa("assess", "--model", out, COFFEE);
		assertEquals(0, assessed.status(), assessed.err());
		assertEquals("depth-compact", assessed.rows().get(0).get("depth_model"));
	}

	@Test
	void aLongImageIsSaidToBeCut() throws IOException {
		final Path image = folder.resolve("long.png");
		javax.imageio.ImageIO.write(new java.awt.image.BufferedImage(1000, 100, java.awt.image.BufferedImage.TYPE_INT_RGB), "png", image.toFile());
		final ProgramRun run = ProgramRun.dgiqa("assess", "--depth", "depth-anything-vits", "--depth-weights", weights("depth-anything-vits", Form.SAFETENSORS), image);
		assertEquals(0, run.status(), run.err());
		assertTrue(run.rows().get(0).get("notes").contains("cut from 5180 to 2072"), run.out());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
		"depth-anything-vitb | 236 have a wrong shape (pretrained.cls_token (1, 1, 384) instead of (1, 1, 768); | this looks like Depth Anything ViT-S; Depth Anything ViT-B was expected",
		"depth-compact | are missing (encoder.stem.0.weight (32, 3, 3, 3); | this looks like Depth Anything ViT-S; Compact inverse depth was expected"})
	void anotherModelsWeights(final String model, final String problem, final String guess) {
		final ProgramRun run = ProgramRun.dgiqa("assess", "--depth", model, "--depth-weights", weights("depth-anything-vits", Form.SAFETENSORS), COFFEE);
		refused(run, problem);
		refused(run, guess);
	}

	@Test
	void modelsWithoutWeights() {
		refused(ProgramRun.dgiqa("assess", "--model", "dgiqa", COFFEE), "--weights");
		refused(ProgramRun.dgiqa("assess", "--depth", "depth-anything-vitb", COFFEE), "--depth-weights");
		refused(ProgramRun.dgiqa("assess", "--weights", folder.resolve("nothing.pth"), COFFEE), "nothing.pth is missing");
		refused(ProgramRun.dgiqa("assess", "--weights", folder, COFFEE), folder.toString());
	}

	private static void refused(final ProgramRun run, final String saying) {
		assertEquals(3, run.status(), run.err());
		assertEquals("", run.out());
		assertEquals(1, run.err().lines().count(), run.err());
		assertTrue(run.err().contains(saying), run.err());
		assertFalse(run.err().contains("Exception"), run.err());
	}
}
