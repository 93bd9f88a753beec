package io.github.dgiqa.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.io.FileSaver;
import ij.measure.ResultsTable;
import ij.process.ImageProcessor;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.Reference;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.weights.Fill;
import io.github.dgiqa.weights.WeightWriter.Form;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

/** Macros in plain ImageJ: the keys, and each of the folder macros. */
class MacrosIT extends PlainImageJ {

	private static final double COFFEE = Reference.score("coffee");
	private static final double CHELSEA = Reference.score("chelsea");
	private static final double TOLERANCE = 1e-4;

	@Test
	void keysThatAreLeftOutAreTheDefaults() throws IOException {
		final List<String> said = macro(open("coffee.png") + """
			run('Assess Quality...', 'sampling=random crops=3 seed=5 opacity=30 maps=crops');
			run('Assess Quality...');
			run('Assess Quality...', 'results=false');
			run('Assess Quality...', 'scope=everything');
			run('Assess Quality...', 'crops=many');
			run('Assess Quality...', 'maps=[depth,quality] opacity=25 Scope=stack');
			say(replace(getInfo('log'), '\\n', ' '));
			for (i = 0; i < nResults; i++) say('' + getResult('Score', i) + ';' + getResult('Crops', i) + ';' + getResultString('Sampling', i) + ';' + getResultString('Error', i));
			say(Overlay.size);
			saveAs('Tiff', getDirectory('temp') + 'dgiqa-overlay.tif');
			close();
			open(getDirectory('temp') + 'dgiqa-overlay.tif');
			say(Overlay.size);
			run('Assess Quality...', 'maps=quality');
			say(Overlay.size);
			run('Flatten');
			say('' + bitDepth() + ' ' + getWidth() + ' ' + getHeight());
			""");
		assertTrue(said.get(0).contains("Assess Quality: there is no key 'Scope', which is passed over; keys are in lower case: ["), said.get(0));
		assertTrue(said.get(1).endsWith(";3;random;"), said.get(1));
		assertEquals(COFFEE, Double.parseDouble(said.get(2).split(";")[0]), TOLERANCE);
		assertTrue(said.get(2).endsWith(";6;grid;"), said.get(2));
		assertEquals("NaN;0;;The key scope cannot be 'everything': one of slice, stack is needed.", said.get(3).replace("NaN;NaN", "NaN;0"));
		assertTrue(said.get(4).endsWith("The key crops cannot be 'many': a number is needed."), said.get(4));
		assertEquals(List.of("4", "4", "2", "24 600 400"), said.subList(6, 10));
	}

	@Test
	void callsAndBatchMode() throws IOException {
		final List<String> said = macro("""
			say(call('io.github.dgiqa.Dgiqa.score'));
			run('Assess Quality...', 'scope=stack');
			say(getResultString('Error', 0));
			""" + open("chelsea.png") + """
			say(call('io.github.dgiqa.Dgiqa.score'));
			say(call('io.github.dgiqa.Dgiqa.version') + ' ' + call('io.github.dgiqa.Dgiqa.device'));
			setBatchMode(true);
			run('Estimate Depth...', 'depth=depth-compact');
			say(getTitle() + ' ' + bitDepth() + ' ' + getWidth());
			close();
			say(getTitle());
			makeRectangle(10, 20, 300, 200);
			run('Quality Map...', 'device=cpu');
			say(getTitle() + ' ' + bitDepth() + ' ' + getWidth());
			close();
			run('Release Memory');
			run('Select None');
			run('Assess Quality...', 'depthmap=[chelsea.png] depthlarge=far');
			say(getResultString('Depth model', nResults - 1));
			setBatchMode(false);
			""");
		assertEquals("NaN", said.get(0));
		assertTrue(said.get(1).startsWith("No image is open"), said.get(1));
		assertEquals(CHELSEA, Double.parseDouble(said.get(2)), TOLERANCE);
		assertTrue(said.get(3).matches("\\d+\\.\\d+.* cpu"), said.get(3));
		assertEquals(List.of("chelsea-depth 32 451", "chelsea.png", "chelsea-quality 32 300", "measured"), said.subList(4, 8));
	}

	@Test
	void distortedImages() throws IOException {
		final List<String> said = macro(open("coffee.png") + """
			run('Distort...', 'type=high_sharpen level=5');
			say(getTitle() + ' ' + bitDepth() + ' ' + getWidth());
			selectWindow('coffee.png');
			run('Distort...', 'type=jpeg2000 level=all');
			say(getTitle() + ' ' + nSlices);
			selectWindow('coffee.png');
			run('Distort...');
			say(getTitle());
			run('Assess Quality...');
			selectWindow('coffee.png');
			run('Distort...', 'type=smear');
			say(getTitle() + ' ' + getResultString('Error', nResults - 1));
			""");
		assertEquals(List.of("coffee-high_sharpen-5 24 600", "coffee-jpeg2000-all 5", "coffee-gaussian_blur-3"), said.subList(0, 3));
		assertTrue(said.get(3).startsWith("coffee.png The key type cannot be 'smear': one of gaussian_blur, "), said.get(3));
	}

	@Test
	void aStackIsAssessedAndPlotted() throws IOException {
		final Path csv = imagej.resolve("scores.csv");
		final Path plot = imagej.resolve("plot.png");
		macro(run("DGIQA_Assess_Stack.ijm", stack() + ";" + csv + ";" + plot));
		final ResultsTable rows = ResultsTable.open(csv.toString());
		assertEquals(3, rows.size());
		assertEquals(COFFEE, rows.getValue("Score", 0), TOLERANCE);
		assertEquals(3, rows.getValue("Slice", 2));
		assertTrue(IJ.openImage(plot.toString()).getWidth() > 400);
	}

	@Test
	void aFolderIsAssessed() throws IOException {
		final Path csv = imagej.resolve("my scores.csv");
		macro(run("DGIQA_Assess_Folder.ijm", SAMPLES + ";" + csv));
		final List<CSVRecord> rows = ProgramRun.rows(csv);
		assertEquals(2, rows.size());
		assertEquals(CHELSEA, Double.parseDouble(rows.get(0).get("score")), TOLERANCE);
		assertEquals(COFFEE, Double.parseDouble(rows.get(1).get("score")), TOLERANCE);
	}

	@Test
	void aFolderGoesOnAndHasAReport() throws IOException {
		final Path csv = imagej.resolve("my kept.csv");
		final Path report = imagej.resolve("my report");
		final String line = "run('Assess Folder...', 'folder=[" + SAMPLES + "] csv=[" + csv + "] resume=true report=[" + report + "]');\n";
		final List<String> said = macro(line + "n = nResults;\n" + line + "say('' + n + ' ' + nResults + getInfo('log'));");
		assertEquals("2 2DGIQA: the report is " + report.resolve("index.html"), said.get(0));
		assertTrue(said.contains("DGIQA: 2 of 2 files have their rows already."), said.toString());
		assertEquals(2, ProgramRun.rows(csv).size());
		assertEquals(2, Files.readAllLines(report.resolve("index.html")).stream().filter(row -> row.startsWith("<script>row({") && row.contains("\"maps\":true")).count());
	}

	@Test
	void theWorstSlicesAreThrownOut() throws IOException {
		final Path best = imagej.resolve("best.tif");
		macro(run("DGIQA_Discard_Worst_Slices.ijm", stack() + ";" + best));
		final ImagePlus kept = IJ.openImage(best.toString());
		assertEquals(2, kept.getStackSize()); // four fifths of 3
		assertEquals("blur 2", kept.getStack().getSliceLabel(2));
	}

	@Test
	void twoModelsAreCompared() throws IOException {
		final Path models = imagej.resolve("models").resolve("dgiqa");
		final Path mine = Files.createDirectories(models.resolve("mine"));
		Files.copy(models.resolve("dgiqa-compact").resolve("dgiqa-compact.safetensors"), mine.resolve("dgiqa-compact.safetensors"));
		final String description = Files.readString(models.resolve("dgiqa-compact").resolve("model.json"));
		// another model to the program: seen at a larger size
		Files.writeString(mine.resolve("model.json"), description.replaceFirst("\"name\": *\"dgiqa-compact\"", "\"name\": \"mine\"").replaceFirst("\"short_side\": *384", "\"short_side\": 448"));
		final List<String> said = macro(run("DGIQA_Compare_Models.ijm", SAMPLES.resolve("coffee.png") + ";dgiqa-compact;mine") + "say(getInfo('log'));\nsay('' + nResults + getResultString('Model', 1));");
		assertEquals("slice dgiqa-compact mine difference", said.get(0));
		final String[] line = said.get(1).split(" ");
		assertEquals(Reference.shownScore("coffee"), line[1]);
		assertNotEquals(Reference.shownScore("coffee"), line[2]);
		assertEquals("2mine", said.get(said.size() - 1));
	}

	/** A model that takes another's place in the session counts at once. */
	@Test
	void modelsComeAndGo() throws IOException {
		final Path shipped = Path.of("models", "dgiqa-compact", "dgiqa-compact.safetensors").toAbsolutePath();
		final Path filled = imagej.resolve("my weights.pth");
		Fill.write(ModelStore.of(null).find("dgiqa-compact").network().stateDict(), filled, Form.ZIP);
		final List<String> said = macro(open("coffee.png") + ("""
			run('Models...');
			run('Models...', 'action=import file=[%1$s] name=mine');
			run('Assess Quality...', 'model=mine');
			run('Models...', 'action=import file=[%2$s] name=mine');
			run('Models...', 'action=import file=[%2$s] name=mine replace=true');
			run('Assess Quality...', 'model=mine');
			run('Models...', 'action=verify model=mine');
			run('Models...', 'action=remove model=mine');
			run('Assess Quality...', 'model=mine');
			run('Models...', 'action=download model=depth-anything-vits');
			run('Models...', 'action=download model=dgiqa accept=true');
			run('Models...', 'action=import');
			run('Models...', 'action=dance');
			for (i = 0; i < nResults; i++) say('row ' + getResult('Score', i) + ';' + getResultString('Model', i) + ';' + getResultString('Error', i));
			say(getInfo('log'));
			""").formatted(shipped, filled));
		final List<String> log = said.stream().filter(line -> !line.startsWith("row ") && !line.isEmpty()).toList();
		assertTrue(log.get(5).matches("dgiqa-compact \\(default\\); 9\\.15 MB; BSD-2-Clause; with the program; ready"), said.toString());
		final List<String> rows = said.stream().filter(line -> line.startsWith("row ")).toList();
		assertEquals(3, rows.size(), said.toString());
		assertEquals(COFFEE, Double.parseDouble(rows.get(0).substring(4).split(";")[0]), TOLERANCE);
		assertTrue(rows.get(0).endsWith(";mine;"), rows.get(0));
		assertTrue(Math.abs(COFFEE - Double.parseDouble(rows.get(1).substring(4).split(";")[0])) > 0.1, "other weights, other score: " + rows.get(1));
		assertTrue(rows.get(2).startsWith("row NaN;") && rows.get(2).contains("There is no model mine"), rows.get(2));
		final List<String> starts = List.of(
			"Models: dgiqa-compact.safetensors is now the model mine: DGIQA compact",
			"Models: There is a model mine already (",
			"Models: my weights.pth is now the model mine: DGIQA compact",
			"mine: all right, SHA-256 ",
			"Models: The model mine is removed from ",
			"Assess Quality: There is no model mine",
			"Models: Nothing was downloaded, for the key accept is not true. Download of depth-anything-vits (",
			"Models: The program cannot download the weights of dgiqa: get them from https://github.com/uf-robopi/DGIQA",
			"Models: The key file cannot be '': the name of a weight file, or of a folder or zip with models is needed.",
			"Models: The key action cannot be 'dance': one of list, import, download, verify, remove is needed.");
		assertEquals(6 + starts.size(), log.size(), log.toString());
		for (int i = 0; i < starts.size(); i++)
			assertTrue(log.get(6 + i).startsWith(starts.get(i)), log.get(6 + i));
	}

	private static String open(final String sample) {
		return "open('" + SAMPLES.resolve(sample) + "');\n";
	}

	private String run(final String macro, final String argument) {
		return "runMacro('" + imagej.resolve("macros").resolve(macro) + "', '" + argument + "');\n";
	}

	/** coffee.png, then twice more and more blurred. */
	private Path stack() {
		final ImagePlus coffee = IJ.openImage(SAMPLES.resolve("coffee.png").toString());
		final ImageStack stack = new ImageStack(coffee.getWidth(), coffee.getHeight());
		for (int i = 0; i < 3; i++) {
			final ImageProcessor pixels = coffee.getProcessor().duplicate();
			if (i > 0) pixels.blurGaussian(2 * i);
			stack.addSlice("blur " + 2 * i, pixels);
		}
		final Path file = imagej.resolve("stack.tif");
		new FileSaver(new ImagePlus("stack", stack)).saveAsTiffStack(file.toString());
		return file;
	}
}
