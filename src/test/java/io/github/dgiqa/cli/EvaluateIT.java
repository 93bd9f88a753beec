package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.io.FileSaver;
import ij.process.ImageProcessor;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.Sha256;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.imageio.ImageIO;

import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The built program's {@code evaluate}: tables, files, going on after a kill, errors. */
class EvaluateIT {

	/** Sigmas of a blur. */
	private static final double[] BLURS = {0, 1, 2, 4};
	private static final List<String> BASELINES = List.of("laplacian_variance", "tenengrad", "normalised_variance", "noise", "entropy", "bytes_per_pixel");

	@TempDir
	Path folder;

	private Path csv;

	/** Two photographs, each blurred more and more; the human scores are those of someone who sees that. */
	@BeforeEach
	void blur() throws IOException {
		final StringBuilder rows = new StringBuilder("image,score,reference,distortion,level\n");
		for (final String name : List.of("coffee", "chelsea")) {
			final ImagePlus photograph = IJ.openImage("samples/" + name + ".png");
			for (int level = 0; level < BLURS.length; level++) {
				final ImageProcessor blurred = photograph.getProcessor().duplicate();
				if (level > 0) blurred.blurGaussian(BLURS[level]);
				final String file = name + level + ".png";
				assertTrue(new FileSaver(new ImagePlus("", blurred)).saveAsPng(folder.resolve(file).toString()));
				rows.append(file + "," + (0.9 - 0.25 * level) + "," + name + ",blur," + level + "\n");
			}
		}
		csv = Files.writeString(folder.resolve("grades.csv"), rows);
	}

	private ProgramRun evaluate(final Object... more) {
		final Object[] arguments = new Object[more.length + 3];
		arguments[0] = "evaluate";
		arguments[1] = "--out";
		arguments[2] = folder.resolve("out");
		System.arraycopy(more, 0, arguments, 3, more.length);
		return ProgramRun.dgiqa(arguments);
	}

	/** The cells of the row that begins with the set and the model. */
	private static List<String> row(final ProgramRun run, final String title, final String model) {
		return run.out().lines().dropWhile(line -> !line.equals(title)).filter(line -> line.contains(" " + model + " ")).map(line -> Arrays.asList(line.split("\\s+"))).findFirst().orElseThrow();
	}

	@Test
	void tablesAndFiles() throws IOException {
		final ProgramRun run = evaluate("--csv", csv, "--monotone", "--bootstrap", 20);
		assertEquals(0, run.status(), run.err());
		final List<String> lines = run.out().lines().toList();
		assertEquals("Overall", lines.get(0));
		assertEquals(List.of("set", "model", "images", "failed", "SRCC", "KRCC", "PLCC", "PLCC_fit", "RMSE", "SRCC_95", "PLCC_95"), Arrays.asList(lines.get(1).split("\\s+")));
		final List<String> network = row(run, "Overall", "dgiqa-compact");
		assertEquals(List.of("grades", "dgiqa-compact", "8", "0"), network.subList(0, 4));
		assertTrue(network.get(4).matches("0\\.9\\d\\d\\d"), run.out());
		for (final String baseline : BASELINES)
			assertEquals("8", row(run, "Overall", baseline).get(2));
		// the more it is blurred, the fewer edges: each photograph's order is the human one
		assertEquals(List.of("grades", "tenengrad", "all", "0.1000", "12", "12", "1.0000"), row(run, "Levels in the human order", "tenengrad"));
		assertEquals(List.of("grades", "dgiqa-compact", "all", "0.1000", "12", "12", "1.0000"), row(run, "Levels in the human order", "dgiqa-compact"));
		assertEquals("2", row(run, "By level", "dgiqa-compact").get(3));
		assertTrue(run.err().contains("0 to 1, higher is better") && run.err().contains("fewer than 3 images"), run.err());

		final Path out = folder.resolve("out");
		final List<CSVRecord> results = ProgramRun.rows(out.resolve("results.csv"));
		assertEquals(7 + 7 + 4 * 7, results.size());
		assertEquals(network.get(4), String.format("%.4f", Double.parseDouble(results.get(0).get("srcc"))));
		final List<CSVRecord> scores = ProgramRun.rows(out.resolve("scores").resolve("grades-dgiqa-compact.csv"));
		assertEquals(8, scores.size());
		assertTrue(scores.get(0).get("scorer").matches("dgiqa-compact [0-9a-f]{64} with depth-compact [0-9a-f]{64}, grid, float32"), scores.get(0).get("scorer"));
		final BufferedImage plot = ImageIO.read(out.resolve("plots").resolve("grades-dgiqa-compact.png").toFile());
		assertTrue(plot.getWidth() > 400 && plot.getHeight() > 300);
		final String page = Files.readString(out.resolve("report.html"));
		assertEquals(7, page.split("<img ", -1).length - 1);
		assertFalse(page.contains("http"), "the page needs no network");
		assertTrue(page.contains("<td>dgiqa-compact</td>") && page.contains("Levels in the human order"));
		assertTrue(Files.readString(out.resolve("report.md")).contains("| grades | dgiqa-compact | 8 | 0 | " + network.get(4)));
		assertTrue(Files.readString(out.resolve("srcc.csv")).startsWith("model,grades\ndgiqa-compact," + network.get(4)));
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void aKilledRunGoesOn() throws Exception {
		final Path scores = folder.resolve("out").resolve("scores").resolve("grades-dgiqa-compact.csv");
		final Process process = new ProcessBuilder(ProgramRun.java(), "-jar", ProgramRun.JAR.toString(), "evaluate", "--out", folder.resolve("out").toString(), "--csv", csv.toString())
			.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
		final long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
		while (System.nanoTime() < limit && (!Files.exists(scores) || Files.readAllLines(scores).size() < 4))
			Thread.sleep(5);
		process.destroyForcibly().waitFor();
		final List<CSVRecord> before = ProgramRun.rows(scores);
		assertTrue(before.size() >= 3 && before.size() < 8, "" + before.size());
		// a line that was cut when the program was killed
		Files.writeString(scores, Files.readString(scores) + "/somewhere/coffee");

		final ProgramRun run = evaluate("--csv", csv, "--bootstrap", 0);
		assertEquals(0, run.status(), run.err());
		assertTrue(run.err().contains("dgiqa-compact on grades: " + (8 - before.size()) + " images to score, " + before.size() + " scored before"), run.err());
		final List<CSVRecord> after = ProgramRun.rows(scores);
		assertEquals(8, after.size());
		for (int i = 0; i < before.size(); i++)
			assertEquals(before.get(i).toList(), after.get(i).toList());

		final ProgramRun whole = ProgramRun.dgiqa("evaluate", "--out", folder.resolve("other"), "--csv", csv, "--bootstrap", 0);
		assertEquals(whole.out(), run.out());
		final ProgramRun again = evaluate("--csv", csv, "--bootstrap", 0);
		assertEquals(whole.out(), again.out());
		assertTrue(again.err().contains("dgiqa-compact on grades: 0 images to score, 8 scored before") && again.err().contains("baselines on grades: 0 images to score, 8 scored before"), again.err());
	}

	@Test
	void whatChangedIsScoredAnew() throws IOException {
		evaluate("--csv", csv, "--no-baselines", "--bootstrap", 0, "--limit", 2);
		assertTrue(new FileSaver(new ImagePlus("", IJ.openImage("samples/chelsea.png").getProcessor().resize(250))).saveAsPng(folder.resolve("coffee0.png").toString()));
		final ProgramRun run = evaluate("--csv", csv, "--no-baselines", "--bootstrap", 0, "--limit", 3);
		assertTrue(run.err().contains("2 images to score, 1 scored before"), run.err());
		final Path weights = folder.resolve("w.safetensors");
		Files.copy(Path.of("models", "dgiqa-compact", "dgiqa-compact.safetensors"), weights);
		final ProgramRun own = evaluate("--csv", csv, "--no-baselines", "--bootstrap", 0, "--limit", 3, "--weights", weights);
		final String name = Sha256.name("dgiqa-compact", weights);
		assertTrue(own.err().contains(name + " on grades: 3 images to score, 0 scored before"), own.err());
		assertEquals(row(run, "Overall", "dgiqa-compact").subList(2, 9), row(own, "Overall", name).subList(2, 9));
	}

	@Test
	void imagesThatFailAreCountedAndTriedAgain() throws IOException {
		final Path broken = folder.resolve("coffee1.png");
		final byte[] whole = Files.readAllBytes(broken);
		Files.writeString(broken, "not a picture");
		Files.delete(folder.resolve("chelsea3.png"));
		final ProgramRun run = evaluate("--csv", csv, "--bootstrap", 0);
		assertEquals(1, run.status(), run.err());
		assertEquals(List.of("6", "1"), row(run, "Overall", "dgiqa-compact").subList(2, 4));
		assertEquals(List.of("6", "1"), row(run, "Overall", "noise").subList(2, 4));
		assertTrue(run.err().contains("coffee1.png: ") && run.err().contains("Of the 8 images of grades 1 is not there and left out, such as chelsea3.png."), run.err());
		Files.write(broken, whole);
		final ProgramRun mended = evaluate("--csv", csv, "--bootstrap", 0);
		assertTrue(mended.err().contains("dgiqa-compact on grades: 1 images to score, 6 scored before"), mended.err());
		assertEquals(List.of("7", "0"), row(mended, "Overall", "dgiqa-compact").subList(2, 4));
	}

	/** Two sets, of which one says that low scores are good. */
	@Test
	void modelsBySets() throws IOException {
		final Path kadid = Files.createDirectories(folder.resolve("kadid").resolve("images"));
		final StringBuilder rows = new StringBuilder("dist_img,ref_img,dmos,var\n");
		for (int level = 1; level < BLURS.length; level++) {
			Files.copy(folder.resolve("coffee" + level + ".png"), kadid.resolve("I01_01_0" + level + ".png"));
			rows.append("I01_01_0" + level + ".png,I01.png," + (5 - level) + ",0.5\n");
		}
		Files.writeString(kadid.resolveSibling("dmos.csv"), rows);
		final ProgramRun run = evaluate("--csv", "mine=" + csv, "--set", "kadid10k=" + folder.resolve("kadid"), "--bootstrap", 0);
		assertEquals(0, run.status(), run.err());
		assertEquals(List.of("model", "kadid10k", "mine"), Arrays.asList(run.out().lines().dropWhile(line -> !line.startsWith("SRCC, models")).skip(1).findFirst().orElseThrow().split("\\s+")));
		assertEquals("1.0000", row(run, "Overall", "dgiqa-compact").get(4));
		assertTrue(run.err().contains("kadid10k: 3 images; human scores 1 to 5, higher is better"), run.err());
	}

	@Test
	void wrongUsage() throws IOException {
		final Path bad = Files.writeString(folder.resolve("bad.csv"), "image,score\ncoffee0.png,fine\n");
		for (final Object[] arguments : List.of(
			new Object[] {},
			new Object[] {"--csv", folder.resolve("missing.csv")},
			new Object[] {"--csv", folder},
			new Object[] {"--csv", bad},
			new Object[] {"--csv", csv, "--csv", csv},
			new Object[] {"--set", "kadid10k"},
			new Object[] {"--set", "kadid10k=" + folder.resolve("nowhere")},
			new Object[] {"--set", "kadid10k=" + folder},
			new Object[] {"--set", "live=" + folder},
			new Object[] {"--csv", csv, "--seed", -1},
			new Object[] {"--csv", csv, "--bootstrap", -1},
			new Object[] {"--csv", csv, "--limit", 0},
			new Object[] {"--csv", csv, "--model", "dgiqa-compact", "--model", "dgiqa", "--weights", csv},
			new Object[] {"--csv", csv, "--device", "tpu"},
			new Object[] {"--csv", csv, "--out", csv}))
		{
			final ProgramRun run = evaluate(arguments);
			assertEquals(2, run.status(), List.of(arguments) + run.err());
			assertEquals("", run.out());
			assertTrue(run.err().lines().count() <= 2 && !run.err().contains("\tat ") && !run.err().contains("Exception"), run.err());
		}
		assertTrue(evaluate("--set", "live=" + folder).err().contains("koniq10k, kadid10k, tid2013, livec, spaq, csiq, flive"));
		assertEquals(3, evaluate("--csv", csv, "--model", "no-such-model").status());
		assertEquals(3, evaluate("--csv", csv, "--model", "dgiqa").status()); // its weights are the user's to bring
	}
}
