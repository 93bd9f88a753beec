package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.PublishedWeights;
import io.github.dgiqa.Reference;
import io.github.dgiqa.weights.WeightWriter.Form;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

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
	private static final long MOST_MEGABYTES = 1600;

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
		assertEquals("dgiqa@" + hash(quality), row.get("model"));
		assertEquals("depth-anything-vits@" + hash(depth), row.get("depth_model"));
		assertEquals(List.of("20", "random", "42", "", ""), List.of(row.get("crops"), row.get("sampling"), row.get("seed"), row.get("notes"), row.get("error")));
		if (form != Form.SAFETENSORS) { // the disk may be small
			Files.delete(quality);
			Files.delete(depth);
		}
	}

	private static double mean(final String image) {
		return Reference.json("published-e2e.json").getAsJsonObject(image + ".vits").get("mean").getAsDouble();
	}

	private static String hash(final Path file) throws IOException {
		try (InputStream in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
			in.transferTo(java.io.OutputStream.nullOutputStream());
			return HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest()).substring(0, 8);
		}
		catch (final NoSuchAlgorithmException e) {
			throw new AssertionError(e);
		}
	}

	/** The same without options that say what the model's description says anyway. */
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

	@ParameterizedTest
	@CsvSource({"dgiqa, depth-compact", "dgiqa-compact, depth-anything-vits"})
	void anyPair(final String quality, final String depth) {
		final ProgramRun run = quality.equals("dgiqa") ? ProgramRun.dgiqa("assess", "--model", quality, "--weights", weights("dgiqa", Form.SAFETENSORS), "--depth", depth, "--crops", 2, COFFEE)
			: ProgramRun.dgiqa("assess", "--depth", depth, "--depth-weights", weights("depth-anything-vits", Form.SAFETENSORS), COFFEE);
		assertEquals(0, run.status(), run.err());
		final double score = Double.parseDouble(run.rows().get(0).get("score"));
		assertTrue(score > 0 && score < 1);
	}

	/** The model's own file, given by hand: the same score, another name. */
	@Test
	void ownWeightsOfTheCompactModel() {
		final String own = "models/dgiqa-compact/dgiqa-compact.safetensors";
		final ProgramRun run = ProgramRun.dgiqa("assess", "--weights", own, COFFEE);
		assertEquals(Reference.json("compact.json").getAsJsonObject("coffee").get("score").getAsDouble(), Double.parseDouble(run.rows().get(0).get("score")), 1e-4);
		assertEquals("dgiqa-compact@88ebe8b1", run.rows().get(0).get("model")); // model.json has the whole of it
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
