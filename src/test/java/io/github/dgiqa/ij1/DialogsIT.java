package io.github.dgiqa.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.measure.ResultsTable;
import ij.plugin.frame.Recorder;
import ij.process.ImageProcessor;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.Reference;

import java.awt.Choice;
import java.awt.Dialog;
import java.awt.Robot;
import java.awt.TextField;
import java.awt.Window;
import java.awt.event.ActionEvent;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;

/** Each dialog in plain ImageJ, as a person meets it: its picture is left in target/screenshots, its OK is pressed, and what the recorder wrote is run again. */
class DialogsIT extends PlainImageJ {

	private static final Path SCREENSHOTS = Path.of("target", "screenshots").toAbsolutePath();
	private static final String MODELS = "model=dgiqa-compact depth=auto sampling=auto crops=20 seed=42 device=auto precision=float32";
	private static final String SCORING = MODELS + " depthmap= depthlarge=near";

	@Test
	void eachIsRecordedAsInFijiAndCanBeReplayed() throws IOException {
		Files.createDirectories(SCREENSHOTS);
		add(Person.class);
		final ProgramRun run = start(Person.class.getName(), SAMPLES.resolve("coffee.png").toString(), SCREENSHOTS.toString());
		final List<String> recorded = run.out().lines().filter(line -> line.startsWith("run(\"")).toList();
		assertEquals(List.of(
			"run(\"Assess Quality...\", \"" + SCORING + " scope=slice channels=together maps=none opacity=60 results=true\");",
			"run(\"Estimate Depth...\", \"scope=slice channels=together depth=auto device=auto precision=float32\");",
			"run(\"Quality Map...\", \"" + SCORING + " scope=slice channels=together\");",
			"run(\"Plot Quality over Stack\", \"" + SCORING + " channels=together results=true\");",
			"run(\"Keep Best Slices...\", \"" + SCORING + " keep=number amount=10.0 results=true\");",
			"run(\"Distort...\", \"type=gaussian_blur level=3 seed=42 scope=slice channels=together depth=auto depthmap= depthlarge=near\");",
			"run(\"Assess Folder...\", \"" + MODELS + " resume=false results=true\");",
			"run(\"Evaluate...\", \"" + MODELS + " baselines=true monotone=false resamples=1000\");",
			"run(\"Models...\", \"action=list model= name= replace=false\");",
			"run(\"Engine...\", \"action=info flavor=auto replace=false\");",
			"run(\"Release Memory\");",
			"run(\"About DGIQA...\");"), recorded, run.out() + run.err());
		for (final String name : List.of("AssessQuality", "AssessQuality-overlay", "EstimateDepth", "EstimateDepth-result", "QualityMap", "QualityMap-result", "PlotQualityoverStack-result", "KeepBestSlices", "KeepBestSlices-result", "Distort", "Distort-result", "AssessFolder", "Evaluate", "Models", "Engine", "AboutDGIQA", "Results"))
			assertPainted(name);
		assertTrue(run.out().contains("nothing was recorded of Fine-tune..."), run.out()); // a folder and grades are needed
		assertTrue(run.out().contains("rows 10"), run.out()); // 1 slice, 3 plotted, 3 ranked, no folder, no human scores, and replayed one

		final List<String> replayed = macro("open('" + SAMPLES.resolve("coffee.png") + "');\n" + recorded.get(0) + "\nsay(d2s(getResult('Score', 0), 6));");
		assertEquals(Reference.score("coffee"), Double.parseDouble(replayed.get(0)), 1e-4);
	}

	/** Source, size and licence are shown first, and who cancels there has contacted nobody. */
	@Test
	void aDownloadNeedsAClick() throws IOException {
		Files.createDirectories(SCREENSHOTS);
		add(Person.class); // whose hands are used
		add(Careful.class);
		final ProgramRun run = start(Careful.class.getName(), SCREENSHOTS.toString());
		assertEquals(List.of("Models", "Download: Download, Cancel", "closed"), run.out().lines().toList().subList(0, 3), run.out() + run.err());
		assertFalse(Files.exists(imagej.resolve("models").resolve("dgiqa").resolve(".downloads")));
		assertPainted("Models-download");
	}

	/** A window that is not painted yet has one colour. */
	private static void assertPainted(final String name) throws IOException {
		assertTrue(Person.hasColours(ImageIO.read(SCREENSHOTS.resolve(name + ".png").toFile())), name + ".png is missing, or of one colour");
	}

	/** Somebody who wants to download a model, reads and cancels. */
	static final class Careful {

		private Careful() {}

		public static void main(final String[] arguments) throws Exception {
			new ImageJ();
			IJ.doCommand("Models...");
			final GenericDialog models = Person.next(null);
			System.out.println(models.getTitle());
			choose(models, 0, "download");
			choose(models, 1, "depth-anything-vits");
			Person.press(models);
			final GenericDialog download = Person.next(models);
			System.out.println(download.getTitle() + ": " + download.getButtons()[0].getLabel() + ", " + download.getButtons()[1].getLabel());
			Thread.sleep(400);
			Person.shot(download, arguments[0], "Models-download");
			download.actionPerformed(new ActionEvent(download.getButtons()[1], ActionEvent.ACTION_PERFORMED, "Cancel"));
			for (int i = 0; i < 100 && Person.dialog() != null; i++)
				Thread.sleep(100);
			System.out.println(Person.dialog() == null ? "closed" : "open");
			System.exit(0);
		}

		private static void choose(final GenericDialog dialog, final int choice, final String item) {
			((Choice) dialog.getChoices().get(choice)).select(item);
		}
	}

	/** Two steps of learning from twenty small images; what the recorder wrote is run again under another name. */
	@Test
	void aModelThatWasFineTunedIsThereAtOnce() throws IOException {
		add(Person.class); // whose hands are used
		add(Teacher.class);
		Files.createDirectories(SCREENSHOTS);
		final Path images = Files.createDirectories(imagej.resolve("images"));
		final StringBuilder grades = new StringBuilder("image,score\n");
		final ImageProcessor coffee = IJ.openImage(SAMPLES.resolve("coffee.png").toString()).getProcessor().resize(120, 80);
		for (int i = 0; i < 20; i++) {
			ImageIO.write(coffee.getBufferedImage(), "png", images.resolve(i + ".png").toFile());
			grades.append(i).append(".png,").append(20 - i).append('\n');
			coffee.blurGaussian(1);
		}
		final Path csv = Files.writeString(imagej.resolve("grades.csv"), grades);
		final ProgramRun run = start(Teacher.class.getName(), images.toString(), csv.toString(), SCREENSHOTS.toString());
		final List<String> recorded = run.out().lines().filter(line -> line.startsWith("run(\"")).toList();
		assertEquals(List.of("run(\"Fine-tune...\", \"folder=" + images + " csv=" + csv + " name=mine replace=false model=dgiqa-compact lowest= highest= minutes=20 steps=2 seed=42 device=auto\");"), recorded, run.out() + run.err());
		assertTrue(run.out().contains("DGIQA: New model mine: on "), run.out());
		assertPainted("Fine-tune");
		final List<String> said = macro(recorded.get(0).replace("name=mine", "name=again") + "\nopen('" + SAMPLES.resolve("coffee.png") + "');\nrun('Assess Quality...', 'model=again');\nsay(getResultString('Model', 0));\nsay(getResultString('Error', 0));");
		assertEquals(List.of("again", ""), said);
	}

	/** Somebody with a folder of images and grades. */
	static final class Teacher {

		private Teacher() {}

		public static void main(final String[] arguments) throws Exception {
			new ImageJ();
			final Recorder recorder = new Recorder();
			IJ.doCommand("Fine-tune...");
			final GenericDialog dialog = Person.next(null);
			Thread.sleep(400);
			Person.shot(dialog, arguments[2], "Fine-tune");
			((TextField) dialog.getStringFields().get(0)).setText(arguments[0]);
			((TextField) dialog.getStringFields().get(1)).setText(arguments[1]);
			((TextField) dialog.getStringFields().get(2)).setText("mine");
			((TextField) dialog.getNumericFields().get(1)).setText("2");
			Person.press(dialog);
			for (int i = 0; i < 600 && !recorder.getText().contains("Fine-tune..."); i++)
				Thread.sleep(100);
			System.out.println(recorder.getText());
			System.out.println(IJ.getLog());
			System.exit(0);
		}
	}

	/** No image, or a word where a number belongs: a message, no row, nothing recorded. */
	@Test
	void mistakesAreToldBeforeAnythingRuns() throws IOException {
		add(Person.class); // whose hands are used
		add(Clumsy.class);
		final ProgramRun run = start(Clumsy.class.getName(), SAMPLES.resolve("coffee.png").toString());
		assertEquals(List.of("MessageDialog", "GenericDialog", "MessageDialog", "rows 0", "recorded 0"), run.out().lines().filter(line -> line.matches("\\w+Dialog|rows .*|recorded .*")).toList(), run.out() + run.err());
	}

	/** Somebody who forgets the image, and then types a word for the opacity. */
	static final class Clumsy {

		private Clumsy() {}

		public static void main(final String[] arguments) throws Exception {
			new ImageJ();
			final Recorder recorder = new Recorder();
			IJ.doCommand("Assess Quality...");
			System.out.println(dismiss(null));
			IJ.openImage(arguments[0]).show();
			IJ.doCommand("Assess Quality...");
			System.out.println(dismiss("much"));
			System.out.println(dismiss(null));
			System.out.println("rows " + ResultsTable.getResultsTable().size());
			System.out.println("recorded " + recorder.getText().lines().filter(line -> line.contains("Assess Quality")).count());
			System.exit(0);
		}

		/** Presses OK in the next dialog that opens; returns its kind. @param opacity what to type first, or null */
		private static String dismiss(final String opacity) throws Exception {
			for (int i = 0; i < 200; i++) {
				Thread.sleep(100);
				final Dialog dialog = Person.dialog();
				if (dialog == null) continue;
				if (opacity != null) ((TextField) ((GenericDialog) dialog).getNumericFields().get(0)).setText(opacity);
				final String kind = dialog.getClass().getSimpleName();
				Person.press(dialog);
				Thread.sleep(500);
				return kind;
			}
			return "nothing opened";
		}
	}

	/** Somebody who chooses each item of the menu in turn, presses OK and looks. */
	static final class Person {

		private static final String[] ITEMS = {"Assess Quality...", "Estimate Depth...", "Quality Map...", "Plot Quality over Stack", "Keep Best Slices...", "Distort...", "Assess Folder...", "Evaluate...", "Fine-tune...", "Models...", "Engine...", "Release Memory", "About DGIQA..."};

		private static final String IMAGE = "coffee stack";

		private Person() {}

		public static void main(final String[] arguments) throws Exception {
			new ImageJ();
			final ImagePlus coffee = IJ.openImage(arguments[0]);
			final ImageStack stack = new ImageStack(coffee.getWidth(), coffee.getHeight());
			for (int i = 0; i < 3; i++) {
				final ImageProcessor pixels = coffee.getProcessor().duplicate();
				if (i > 0) pixels.blurGaussian(2 * i);
				stack.addSlice("blur " + 2 * i, pixels);
			}
			final ImagePlus image = new ImagePlus(IMAGE, stack);
			image.show();
			final Recorder recorder = new Recorder();
			for (final String item : ITEMS) {
				IJ.selectWindow(image.getID());
				recorded(recorder, ""); // forgets selectImage
				IJ.doCommand(item);
				press(item, arguments[1]);
				System.out.println(recorded(recorder, item));
			}
			IJ.selectWindow(image.getID());
			IJ.run(image, "Assess Quality...", "maps=quality,crops");
			save(image.flatten(), arguments[1], "AssessQuality-overlay");
			final Window table = WindowManager.getWindow("Results");
			table.setBounds(0, 500, 1270, 300);
			table.toFront();
			Thread.sleep(1000);
			shot(table, arguments[1], "Results");
			System.out.println("rows " + ResultsTable.getResultsTable().size());
			System.out.println(IJ.getLog());
			System.exit(0);
		}

		private static String recorded(final Recorder recorder, final String item) {
			final String[] lines = recorder.getText().split("\n");
			return lines[lines.length - 1].contains(item) ? lines[lines.length - 1] : "nothing was recorded of " + item;
		}

		/** Waits for what opens and presses OK until the command is done. */
		private static void press(final String item, final String folder) throws Exception {
			final String name = item.replaceAll("[ .]", "");
			boolean first = true;
			for (int i = 0; i < 600; i++) {
				Thread.sleep(100);
				final Dialog dialog = dialog();
				if (dialog != null) {
					Thread.sleep(400);
					if (first && !name.equals("Fine-tune")) shot(dialog, folder, name); // that one is the Teacher's
					first = false;
					press(dialog);
				}
				else if (!isRunning(item) && i > 10) break;
			}
			final ImagePlus result = WindowManager.getCurrentImage();
			if (!result.getTitle().equals(IMAGE)) save(result.flatten(), folder, name + "-result");
		}

		static void press(final Dialog dialog) {
			if (dialog instanceof GenericDialog) {
				final GenericDialog generic = (GenericDialog) dialog;
				generic.actionPerformed(new ActionEvent(generic.getButtons()[0], ActionEvent.ACTION_PERFORMED, "OK"));
			}
			else dialog.dispose();
		}

		/** The next dialog that opens. */
		static GenericDialog next(final Dialog before) throws InterruptedException {
			for (int i = 0; i < 200; i++) {
				Thread.sleep(100);
				final Dialog dialog = dialog();
				if (dialog != null && dialog != before) return (GenericDialog) dialog;
			}
			throw new AssertionError("nothing opened");
		}

		static Dialog dialog() {
			for (final Window window : Window.getWindows())
				if (window instanceof Dialog && window.isShowing()) return (Dialog) window;
			return null;
		}

		private static boolean isRunning(final String item) {
			return Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().contains(item));
		}

		/** Waits at most ten seconds for what is to be seen: colours that stay as they are. */
		static void shot(final Window window, final String folder, final String name) throws Exception {
			final Robot robot = new Robot();
			BufferedImage before = robot.createScreenCapture(window.getBounds());
			BufferedImage now = before;
			for (int i = 0; i < 50; i++) {
				Thread.sleep(200);
				now = robot.createScreenCapture(window.getBounds());
				if (hasColours(now) && Arrays.equals(pixels(now), pixels(before))) break;
				before = now;
				// without a window manager AWT may believe a dialog to be in the corner of the screen that it has left
				if (!hasColours(now)) window.setLocation(1 + i % 2, 1);
				window.toFront();
				window.repaint();
			}
			ImageIO.write(now, "png", new File(folder, name + ".png"));
		}

		static boolean hasColours(final BufferedImage image) {
			return Arrays.stream(pixels(image)).distinct().limit(2).count() > 1;
		}

		private static int[] pixels(final BufferedImage image) {
			return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
		}

		private static void save(final ImagePlus image, final String folder, final String name) {
			IJ.save(image, new File(folder, name + ".png").toString());
		}
	}
}
