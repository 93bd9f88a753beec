package io.github.dgiqa.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.VirtualStack;
import ij.WindowManager;
import ij.gui.ImageRoi;
import ij.gui.OvalRoi;
import ij.gui.Overlay;
import ij.gui.Plot;
import ij.gui.Roi;
import ij.io.FileSaver;
import ij.measure.ResultsTable;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.LUT;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.Reference;
import io.github.dgiqa.assess.Assessment;
import io.github.dgiqa.distort.Distortions;
import io.github.dgiqa.distort.Scene;
import io.github.dgiqa.engine.FailingGpu;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Pictures;

import java.awt.Color;
import java.awt.event.KeyEvent;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

import net.imglib2.img.array.ArrayImgs;

import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandModule;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

/** Each command as a script runs it: by SciJava's CommandService, without windows. */
class CommandsTest {

	private static final double COFFEE = Reference.score("coffee");
	private static final double CHELSEA = Reference.score("chelsea");
	private static final double TOLERANCE = 1e-4;
	private static final Path SAMPLES = Path.of("samples").toAbsolutePath();
	private static final String MODELS = "model=dgiqa-compact depth=auto sampling=auto crops=20 seed=42 device=auto precision=float32 weights=null depthfile=null";
	private static final String SCORING = MODELS + " depthmap= depthlarge=near";

	private static Context context;

	private final ResultsTable table = ResultsTable.getResultsTable();

	@BeforeAll
	static void start() {
		context = new Context(CommandService.class);
	}

	@AfterAll
	static void stop() {
		context.dispose();
	}

	@BeforeEach
	void emptyTable() {
		table.reset();
		WindowManager.setTempCurrentImage(null); // what the test before has shown
	}

	@Test
	void keysAndDefaultsAreThoseOfTheManual() {
		final Map<Class<? extends Command>, String> expected = Map.ofEntries(
			Map.entry(AssessQuality.class, "scope=slice channels=together maps=none opacity=60 results=true " + SCORING),
			Map.entry(EstimateDepth.class, "scope=slice channels=together depth=auto device=auto precision=float32 depthfile=null"),
			Map.entry(QualityMap.class, "scope=slice channels=together " + SCORING),
			Map.entry(PlotQuality.class, "channels=together results=true " + SCORING),
			Map.entry(KeepBestSlices.class, "keep=number amount=10.0 results=true " + SCORING),
			Map.entry(Distort.class, "type=gaussian_blur level=3 seed=42 scope=slice channels=together depth=auto depthmap= depthlarge=near"),
			Map.entry(AssessFolder.class, "folder=null csv=null resume=false report=null results=true " + MODELS),
			Map.entry(Evaluate.class, "csv=null out=null baselines=true monotone=false resamples=1000 " + MODELS),
			Map.entry(FineTune.class, "folder=null csv=null name= replace=false model=dgiqa-compact lowest= highest= minutes=20 steps=0 seed=42 device=auto"),
			Map.entry(Models.class, "action=list model= file=null name= replace=false accept=false"),
			Map.entry(Engine.class, "action=info file=null flavor=auto replace=false accept=false"),
			Map.entry(ReleaseMemory.class, ""),
			Map.entry(AboutDgiqa.class, ""));
		final List<String> ours = List.of("image", "data", "low", "high", "measured");
		expected.forEach((type, keys) -> {
			final CommandInfo info = context.service(CommandService.class).getCommand(type);
			final Module module = context.service(org.scijava.module.ModuleService.class).createModule(info);
			final Map<String, String> found = new TreeMap<>();
			for (final ModuleItem<?> input : info.inputs()) {
				if (Context.class.isAssignableFrom(input.getType()) || org.scijava.service.Service.class.isAssignableFrom(input.getType())) continue;
				assertFalse(input.isPersisted(), type + " remembers " + input.getName());
				assertEquals(input.getName().toLowerCase(Locale.ROOT), input.getName());
				if (!ours.contains(input.getName())) found.put(input.getName(), String.valueOf(module.getInput(input.getName())));
			}
			final Map<String, String> named = new TreeMap<>();
			for (final String key : keys.isEmpty() ? new String[0] : keys.split(" "))
				named.put(key.split("=", 2)[0], key.split("=", 2)[1]);
			assertEquals(named, found, type.toString());
			for (final ModuleItem<?> output : info.outputs())
				assertTrue(output.getType() == List.class || output.getType() == ImagePlus.class, "a scalar output opens a window: " + output.getName());
			for (final String a : found.keySet())
				for (final String b : found.keySet())
					assertTrue(a.equals(b) || !b.endsWith(a), b + " ends with " + a);
		});
	}

	@Test
	void aPhotographHasItsScoreAndARow() {
		final List<?> assessments = (List<?>) run(AssessQuality.class, "image", coffee()).getOutput("assessments");
		assertEquals(1, assessments.size());
		assertEquals(COFFEE, ((Assessment) assessments.get(0)).score(), TOLERANCE);
		assertEquals("Label,Slice,Score,SD,Min,Max,Crops,Model,Depth model,Sampling,Seed,Device,Seconds,Notes,Error", table.getColumnHeadings().strip().replace("\t", ",").replaceFirst("^ ?,", ""));
		assertEquals(1, table.size());
		assertEquals("coffee.png", table.getLabel(0));
		assertEquals(COFFEE, table.getValue("Score", 0), TOLERANCE);
		assertEquals(Reference.shownScore("coffee"), table.getStringValue("Score", 0));
		assertEquals(((Assessment) assessments.get(0)).score(), table.getValue("Score", 0)); // all digits
		assertEquals(6, table.getValue("Crops", 0));
		assertEquals("dgiqa-compact", table.getStringValue("Model", 0));
		assertEquals("depth-compact", table.getStringValue("Depth model", 0));
		assertEquals("grid", table.getStringValue("Sampling", 0));
		assertEquals("", table.getStringValue("Seed", 0));
		assertEquals("", table.getStringValue("Error", 0));
	}

	@Test
	void theUsersRowsAndColumnsStay() {
		table.incrementCounter();
		table.addLabel("mine");
		table.addValue("Area", 12.5);
		table.addValue("Kind", "cell");
		run(AssessQuality.class, "image", coffee());
		assertEquals(2, table.size());
		assertEquals("mine", table.getLabel(0));
		assertEquals(12.5, table.getValue("Area", 0));
		assertEquals("cell", table.getStringValue("Kind", 0));
		assertTrue(Double.isNaN(table.getValue("Area", 1)), "the score's row has no area");
		assertEquals("", table.getStringValue("Kind", 1));
		assertEquals("", table.getStringValue("Score", 0));
		assertEquals(COFFEE, table.getValue("Score", 1), TOLERANCE);
	}

	/** Min and Max are columns of Measure too, which shows them as the user has set. */
	@Test
	void theUsersNumbersLookAsBefore() {
		table.incrementCounter();
		table.addValue("Min", 3.5);
		assertEquals("3.500", table.getStringValue("Min", 0));
		run(AssessQuality.class, "image", coffee());
		run(AssessQuality.class, "image", coffee());
		assertEquals("3.500", table.getStringValue("Min", 0));
		assertEquals(Reference.json("compact.json").getAsJsonObject("coffee").get("crop_min").getAsDouble(), table.getValue("Min", 2), 1e-3);
		assertEquals(Reference.shownScore("coffee"), table.getStringValue("Score", 2));
	}

	/** The GPU is one for tests; the models of other tests must not be in memory, nor these in that of others. */
	@Test
	void aGpuThatFailsInTheMiddleOfAStackGivesWayToTheCpu() {
		final ImageStack stack = new ImageStack(600, 400);
		for (int i = 0; i < 7; i++)
			stack.addSlice(coffee().getProcessor());
		final PrintStream out = System.out;
		final ByteArrayOutputStream log = new ByteArrayOutputStream();
		run(ReleaseMemory.class);
		System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8)); // ImageJ's log where there are no windows
		try (FailingGpu gpu = new FailingGpu().breaksAfter(2 + 6 + 1)) { // models, depth maps, a batch of 32 crops
			run(AssessQuality.class, "image", new ImagePlus("seven", stack), "scope", "stack");
		}
		finally {
			System.setOut(out);
			run(ReleaseMemory.class);
		}
		assertEquals(7, table.size());
		for (int i = 0; i < 7; i++) {
			assertEquals(COFFEE, table.getValue("Score", i), TOLERANCE);
			assertEquals(i < 5 ? "gpu" : "cpu", table.getStringValue("Device", i));
			assertEquals("", table.getStringValue("Error", i));
		}
		final String said = log.toString(StandardCharsets.UTF_8);
		assertEquals(1, said.lines().filter(line -> line.equals("DGIQA: The device gpu failed: CUDA error: an illegal memory access was encountered. Going on with the CPU.")).count(), said);
	}

	@Test
	void float16IsNamedInTheRow() {
		run(ReleaseMemory.class);
		try (FailingGpu gpu = new FailingGpu()) {
			run(AssessQuality.class, "image", coffee(), "precision", "float16");
		}
		finally {
			run(ReleaseMemory.class);
		}
		assertEquals(COFFEE, table.getValue("Score", 0), 2e-3);
		assertEquals("gpu", table.getStringValue("Device", 0));
		assertEquals("float16", table.getStringValue("Notes", 0));
		assertEquals("The precision float16 needs a GPU, and the device cpu was asked for: choose another device, or float32.", error(AssessQuality.class, "image", coffee(), "device", "cpu", "precision", "float16"));
		assertEquals("The key precision cannot be 'int8': one of float32, float16 is needed.", error(AssessQuality.class, "image", coffee(), "precision", "int8"));
	}

	@Test
	void whatIsSeenCounts() {
		final ImageProcessor grey = coffee().getProcessor().convertToByteProcessor();
		final double score = score(new ImagePlus("8 bits", grey));

		final ImageProcessor narrow = grey.convertToShortProcessor(false);
		narrow.multiply(2);
		narrow.add(1000);
		final ImagePlus sixteen = new ImagePlus("16 bits", narrow);
		sixteen.setDisplayRange(1000, 1510);
		assertEquals(score, score(sixteen), 2e-3); // levels differ by one at most

		final ImageProcessor inverted = grey.duplicate();
		inverted.invert();
		final ImagePlus invertedLut = new ImagePlus("inverted LUT", inverted);
		invertedLut.getProcessor().invertLut();
		assertEquals(score, score(invertedLut), 1e-9);

		final ImagePlus threshold = new ImagePlus("threshold", grey.duplicate());
		threshold.getProcessor().setThreshold(50, 100, ImageProcessor.RED_LUT);
		assertEquals(score, score(threshold), 1e-9);

		final FloatProcessor floats = grey.convertToFloatProcessor();
		floats.setf(0, Float.NaN);
		final ImagePlus thirtyTwo = new ImagePlus("32 bits", floats);
		thirtyTwo.setDisplayRange(0, 255);
		assertEquals(score, score(thirtyTwo), 2e-3);
		assertTrue(table.getStringValue("Notes", table.size() - 1).startsWith("1 pixel is not finite"));

		final byte[] plane = (byte[]) grey.getPixels();
		run(AssessQuality.class, "data", ArrayImgs.unsignedBytes(plane, grey.getWidth(), grey.getHeight()), "low", 0, "high", 255);
		assertEquals(score, table.getValue("Score", table.size() - 1), 1e-9);
		assertEquals("data", table.getLabel(table.size() - 1));
		assertTrue(error(AssessQuality.class, "data", ArrayImgs.unsignedBytes(plane, grey.getWidth(), grey.getHeight())).contains("low and high are needed"));
	}

	@Test
	void aPixelIsAnImage() {
		final double score = score(new ImagePlus("pixel", new ByteProcessor(1, 1)));
		assertTrue(score >= 0 && score <= 1, "score " + score);
	}

	@Test
	void everyZAndTAndChannel() {
		final ImagePlus image = hyperstack();
		image.setPosition(2, 2, 1);
		assertEquals(1, rows(AssessQuality.class, "image", image));
		assertEquals(4, table.getValue("Slice", 0)); // first channel of z=2, t=1
		assertEquals(2, table.getValue("Z", 0));
		assertEquals(1, table.getValue("T", 0));
		assertFalse(table.columnExists("C"), "channels are together");
		assertEquals(4, rows(AssessQuality.class, "image", image, "scope", "stack"));
		assertEquals(List.of("1,1", "2,1", "1,2", "2,2"), column("Z", "T"));
		assertEquals(12, rows(AssessQuality.class, "image", image, "scope", "stack", "channels", "each"));
		assertEquals(List.of("1,1,1", "2,1,1", "3,1,1", "1,2,1"), column("C", "Z", "T").subList(0, 4));
		assertEquals(2, image.getC());
		assertEquals(2, image.getZ());
		final double both = score(image);
		((CompositeImage) image).getActiveChannels()[0] = false;
		assertNotEquals(both, score(image));
	}

	@Test
	void virtualStacksAreAsThoseInMemory() throws IOException {
		final ImagePlus stack = blurred();
		run(AssessQuality.class, "image", stack, "scope", "stack");
		run(AssessQuality.class, "image", virtual(stack, null), "scope", "stack");
		assertEquals(6, table.size());
		for (int i = 0; i < 3; i++)
			assertEquals(table.getValue("Score", i), table.getValue("Score", i + 3), 1e-9);
		assertEquals(COFFEE, table.getValue("Score", 0), TOLERANCE);
		assertEquals("blurred:blur 2", table.getLabel(1));
	}

	@Test
	void onlyTheSelectionsBoxIsAssessed() {
		final ImagePlus image = coffee();
		final Roi roi = new OvalRoi(50, 5, 541, 391);
		image.setRoi(roi);
		run(AssessQuality.class, "image", image, "maps", "quality,crops", "opacity", 40);
		assertSame(roi, image.getRoi());
		final ImageProcessor whole = coffee().getProcessor();
		whole.setRoi(50, 5, 541, 391);
		assertEquals(score(new ImagePlus("box", whole.crop())), table.getValue("Score", 0), 1e-9);
		final Overlay overlay = image.getOverlay();
		assertEquals(roi.getBounds(), overlay.get(overlay.getIndex("DGIQA quality")).getBounds());
		assertEquals(0.4, ((ImageRoi) overlay.get(overlay.getIndex("DGIQA quality"))).getOpacity(), 1e-6);
		final Roi crop = overlay.get(overlay.getIndex("DGIQA crop 1"));
		assertEquals(50, crop.getBounds().x);
		assertEquals(5, crop.getBounds().y);
		assertEquals(391 * 224 / 384.0, crop.getFloatHeight(), 0.6); // the box's short side is seen at 384 pixels, a crop has 224
	}

	@Test
	void overlaysAreOursAndLast(@TempDir final Path folder) {
		final ImagePlus image = blurred();
		final Overlay mine = new Overlay(new Roi(1, 2, 3, 4));
		mine.get(0).setName("mine");
		image.setOverlay(mine);
		run(AssessQuality.class, "image", image, "scope", "stack", "maps", "depth,attention,quality,crops");
		final int all = image.getOverlay().size();
		assertEquals(1 + 3 * (3 + 3 + 2 * 6), all); // of each slice maps, scales, and six boxes with scores
		image.setSlice(2);
		run(AssessQuality.class, "image", image, "maps", "quality");
		assertEquals(all - 2 - 2 - 12, image.getOverlay().size());
		assertEquals("mine", image.getOverlay().get(0).getName());

		final String file = folder.resolve("saved.tif").toString();
		IJ.saveAsTiff(image, file);
		final ImagePlus again = IJ.openImage(file);
		assertEquals(image.getOverlay().size(), again.getOverlay().size());
		for (int i = 0; i < again.getOverlay().size(); i++) {
			final Roi before = image.getOverlay().get(i);
			final Roi after = again.getOverlay().get(i);
			if (!(before instanceof ImageRoi)) assertEquals(before.getName(), after.getName()); // ImageJ 1.54p forgets those of images
			assertEquals(before.getPosition(), after.getPosition());
			assertEquals(before.getProperty("dgiqa"), after.getProperty("dgiqa"));
			if (before instanceof ImageRoi) assertEquals(((ImageRoi) before).getOpacity(), ((ImageRoi) after).getOpacity(), 1e-3);
		}
		again.setSlice(2);
		run(AssessQuality.class, "image", again, "maps", "quality");
		assertEquals(image.getOverlay().size(), again.getOverlay().size(), "ours are known after reopening");
		run(AssessQuality.class, "image", again);
		assertEquals(image.getOverlay().size(), again.getOverlay().size(), "without maps nothing is changed");
	}

	@Test
	void elementsAreBoundToTheirPosition() {
		final ImagePlus image = hyperstack();
		image.setPosition(1, 2, 1);
		run(AssessQuality.class, "image", image, "maps", "quality");
		final Roi together = image.getOverlay().get(0);
		assertArrayEquals(new int[] {0, 2, 1}, new int[] {together.getCPosition(), together.getZPosition(), together.getTPosition()});
		image.setOverlay(null);
		run(AssessQuality.class, "image", image, "maps", "quality", "channels", "each");
		assertEquals(3, image.getOverlay().size()); // too small for scales
		final Roi third = image.getOverlay().get(2);
		assertArrayEquals(new int[] {3, 2, 1}, new int[] {third.getCPosition(), third.getZPosition(), third.getTPosition()});
	}

	@Test
	void flattenShowsTheMap() {
		final ImagePlus image = coffee();
		run(AssessQuality.class, "image", image, "maps", "quality", "opacity", 100);
		final int flat = image.flatten().getProcessor().getPixel(20, 20) & 0xffffff;
		final Roi map = image.getOverlay().get(0);
		assertEquals(((ImageRoi) map).getProcessor().convertToRGB().getPixel(20, 20) & 0xffffff, flat);
		// good is yellow in viridis, bad is violet
		assertTrue(new Color(flat).getGreen() > 120, "local quality of a sharp photograph: " + Integer.toHexString(flat));
	}

	@Test
	void aLockedImageWaits() throws InterruptedException {
		final ImagePlus image = coffee();
		final Thread other = new Thread(image::lockSilently);
		other.start();
		other.join();
		assertTrue(error(AssessQuality.class, "image", image).startsWith("Another command works on coffee.png: wait until it is done"));
		assertTrue(image.isLocked(), "the lock is the other's");
		image.unlock();
		score(image);
		assertFalse(image.isLocked());
		assertTrue(error(AssessQuality.class, "image", image, "model", "no-such-model").contains("no-such-model"));
		assertFalse(image.isLocked());
	}

	@Test
	void noImageIsARow() {
		for (final Class<? extends Command> type : List.<Class<? extends Command>>of(AssessQuality.class, EstimateDepth.class, QualityMap.class, PlotQuality.class, KeepBestSlices.class))
			assertTrue(error(type).startsWith("No image is open"), type.toString());
		assertTrue(error(AssessQuality.class, "image", new ImagePlus()).startsWith("The image has no pixels"));
		assertTrue(error(AssessFolder.class).startsWith("The key folder cannot be ''"));
	}

	/** To ImageJ the active image is a thread's, and SciJava has threads of its own. */
	@Test
	void theActiveImageIsTheCallers() {
		WindowManager.setTempCurrentImage(coffee());
		try {
			run(AssessQuality.class);
		}
		finally {
			WindowManager.setTempCurrentImage(null);
		}
		assertEquals(COFFEE, table.getValue("Score", 0), TOLERANCE);
	}

	@Test
	void unknownValuesAreOneSentence() {
		final ImagePlus image = blurred();
		assertEquals("The key scope cannot be 'all': one of slice, stack is needed.", error(AssessQuality.class, "image", image, "scope", "all"));
		assertEquals("The key channels cannot be 'red': one of together, each is needed.", error(AssessQuality.class, "image", image, "channels", "red"));
		assertEquals("The key sampling cannot be 'all': one of auto, grid, random is needed.", error(AssessQuality.class, "image", image, "sampling", "all"));
		assertEquals("The key device cannot be 'tpu': one of auto, cpu, gpu, gpu:N (N from 0), mps is needed.", error(AssessQuality.class, "image", image, "device", "tpu"));
		assertEquals("The key maps cannot be 'score': none, or some of depth, attention, quality, crops with commas between, is needed.", error(AssessQuality.class, "image", image, "maps", "quality,score"));
		assertEquals("The key opacity cannot be '101': a whole number from 0 to 100 is needed.", error(AssessQuality.class, "image", image, "opacity", 101));
		assertEquals("The key crops cannot be '0': a whole number of at least 1 is needed.", error(AssessQuality.class, "image", image, "crops", 0));
		assertEquals("The key seed cannot be '-1': a whole number from 0 to 4294967295 is needed.", error(AssessQuality.class, "image", image, "seed", -1L));
		assertEquals("The key depthmap cannot be 'nothing': the title of an open image is needed.", error(AssessQuality.class, "image", image, "depthmap", "nothing"));
		assertEquals("The key depthlarge cannot be 'up': one of near, far is needed.", error(AssessQuality.class, "image", image, "depthlarge", "up"));
		assertEquals("The key keep cannot be 'all': one of number, share, threshold is needed.", error(KeepBestSlices.class, "image", image, "keep", "all"));
		assertEquals("The key amount cannot be '10.0': with keep=threshold a score from 0 to 1 is needed.", error(KeepBestSlices.class, "image", image, "keep", "threshold"));
	}

	@Test
	void randomCropsHaveTheirSeed() {
		run(AssessQuality.class, "image", coffee(), "sampling", "random", "crops", 3, "seed", 7L);
		run(AssessQuality.class, "image", coffee(), "sampling", "random", "crops", 3, "seed", 7L);
		assertEquals(3, table.getValue("Crops", 0));
		assertEquals(7, table.getValue("Seed", 0));
		assertEquals("random", table.getStringValue("Sampling", 0));
		assertEquals(table.getValue("Score", 0), table.getValue("Score", 1));
	}

	@Test
	void measuredDepthTakesTheModelsPlace() {
		final ImagePlus image = coffee();
		final float[] near = new float[image.getWidth() * image.getHeight()];
		for (int i = 0; i < near.length; i++)
			near[i] = i / image.getWidth(); // the lower, the nearer
		final float[] distance = near.clone();
		for (int i = 0; i < near.length; i++)
			distance[i] = 1000 - 2 * near[i];
		run(AssessQuality.class, "image", image, "measured", new ImagePlus("near", new FloatProcessor(600, 400, near)));
		run(AssessQuality.class, "image", image, "measured", new ImagePlus("distance", new FloatProcessor(600, 400, distance)), "depthlarge", "far");
		run(AssessQuality.class, "image", image, "measured", new ImagePlus("distance", new FloatProcessor(600, 400, distance)), "depthlarge", "near");
		assertEquals("measured", table.getStringValue("Depth model", 0));
		assertEquals(table.getValue("Score", 0), table.getValue("Score", 1), 1e-9);
		assertNotEquals(table.getValue("Score", 0), table.getValue("Score", 2));
		assertTrue(error(AssessQuality.class, "image", image, "measured", new ImagePlus("small", new FloatProcessor(60, 40))).contains("60 x 40 pixels, the image 600 x 400"));
	}

	@Test
	void depthIsTheModelsOwnNumbers() {
		final ImagePlus image = blurred();
		final ImagePlus stack = result(EstimateDepth.class, "image", image, "scope", "stack");
		image.setSlice(3);
		final ImagePlus slice = result(EstimateDepth.class, "image", image);
		assertEquals("blurred-depth", stack.getTitle());
		assertEquals(3, stack.getStackSize());
		assertEquals(32, stack.getBitDepth());
		assertEquals("blur 2", stack.getStack().getSliceLabel(2));
		assertEquals(0.25, stack.getCalibration().pixelWidth);
		assertEquals("mm", stack.getCalibration().getUnit());
		assertArrayEquals((float[]) slice.getProcessor().getPixels(), (float[]) stack.getStack().getPixels(3));
		assertTrue(stack.getProcessor().isColorLut());
		assertEquals(0, table.size());
	}

	@Test
	void qualityMapIsTheAssessments() {
		final ImagePlus image = coffee();
		image.setRoi(10, 20, 300, 200);
		final Assessment assessment = (Assessment) ((List<?>) run(AssessQuality.class, "image", image).getOutput("assessments")).get(0);
		final ImagePlus map = result(QualityMap.class, "image", image);
		assertArrayEquals(assessment.qualityMap().resize(300, 200).map().values(), (float[]) map.getProcessor().getPixels());
		assertEquals(0, map.getDisplayRangeMin());
		assertEquals(1, map.getDisplayRangeMax());
		assertEquals(-10, map.getCalibration().xOrigin);
		final ImagePlus random = result(QualityMap.class, "image", image, "sampling", "random", "crops", 1);
		assertTrue(Float.isNaN(random.getProcessor().getf(0, 0)) || Float.isNaN(random.getProcessor().getf(299, 199)), "where no crop was there is no number");
	}

	@Test
	void thePlotHasScoresAndSpread() {
		final ImagePlus plot = result(PlotQuality.class, "image", blurred());
		assertEquals(3, table.size());
		final float[] scores = ((Plot) plot.getProperty(Plot.PROPERTY_KEY)).getYValues();
		assertEquals(3, scores.length);
		assertEquals(COFFEE, scores[0], TOLERANCE);
		for (int i = 0; i < 3; i++)
			assertEquals(table.getValue("Score", i), scores[i], 1e-6);
	}

	@Test
	void theBestSlicesAreKept() {
		final ImagePlus image = blurred(); // each slice is worse than the one before
		final ImagePlus two = result(KeepBestSlices.class, "image", image, "amount", 2);
		assertEquals(3, image.getStackSize());
		assertEquals(2, two.getStackSize());
		assertEquals("blur 2", two.getStack().getSliceLabel(2));
		assertEquals(0.25, two.getCalibration().pixelWidth);
		assertArrayEquals((int[]) image.getStack().getPixels(2), (int[]) two.getStack().getPixels(2));
		assertEquals(1, result(KeepBestSlices.class, "image", image, "keep", "share", "amount", 34).getStackSize());
		assertEquals(1, result(KeepBestSlices.class, "image", image, "keep", "threshold", "amount", COFFEE - 0.01).getStackSize());
		assertEquals(3, result(KeepBestSlices.class, "image", image, "amount", 10).getStackSize());
		assertTrue(error(KeepBestSlices.class, "image", image, "keep", "threshold", "amount", 0.99).startsWith("No slice has a score of at least 0.99"));
		final ImagePlus hyper = result(KeepBestSlices.class, "image", hyperstack(), "amount", 2);
		assertEquals(3, hyper.getNChannels());
		assertEquals(2, hyper.getNSlices());
		assertTrue(hyper.isComposite());
	}

	@Test
	void aFolderIsTheBatchRunners(@TempDir final Path folder) throws IOException {
		for (final String name : List.of("coffee.png", "chelsea.png"))
			Files.copy(SAMPLES.resolve(name), folder.resolve(name));
		Files.writeString(folder.resolve("broken.png"), "no image");
		final Path csv = folder.resolve("my scores.csv");
		final List<?> assessments = (List<?>) run(AssessFolder.class, "folder", folder.toFile(), "csv", csv.toFile()).getOutput("assessments");
		assertEquals(2, assessments.size());
		assertEquals(3, table.size());
		assertTrue(table.getStringValue("Error", 0).contains("looks like text"));
		assertEquals(CHELSEA, table.getValue("Score", 1), TOLERANCE);
		assertEquals(COFFEE, table.getValue("Score", 2), TOLERANCE);
		final List<CSVRecord> rows = ProgramRun.rows(csv);
		assertEquals(3, rows.size());
		assertEquals(COFFEE, Double.parseDouble(rows.get(2).get("score")), TOLERANCE);
		assertTrue(error(AssessFolder.class, "folder", folder.toFile(), "csv", folder.toFile()).endsWith(" is a folder; the name of a file is needed."));
		assertTrue(error(AssessFolder.class, "folder", folder.toFile(), "csv", folder.resolve("coffee.png").toFile()).endsWith("coffee.png is one of the images."));
		assertArrayEquals(Files.readAllBytes(SAMPLES.resolve("coffee.png")), Files.readAllBytes(folder.resolve("coffee.png")));
		assertTrue(error(AssessFolder.class, "folder", folder.toFile(), "csv", folder.resolve("none").resolve("a.csv").toFile()).endsWith("there is no folder " + folder.resolve("none") + "."));
	}

	/** Again with one file more: only this one is scored; its rows and those before are in the file and in the report. */
	@Test
	void aFolderGoesOnAndHasAReport(@TempDir final Path temporary) throws IOException {
		final File images = Files.createDirectory(temporary.resolve("images")).toFile();
		final File csv = temporary.resolve("scores.csv").toFile();
		final Path report = temporary.resolve("report");
		Files.copy(SAMPLES.resolve("coffee.png"), images.toPath().resolve("coffee.png"));
		assertEquals("The key resume goes with a file in the key csv: the rows of an earlier run are there.", error(AssessFolder.class, "folder", images, "resume", true));
		assertEquals("The report cannot be written: " + images + " is not empty, and no report: name another folder.", error(AssessFolder.class, "folder", images, "report", images));
		table.reset();
		assertEquals(1, ((List<?>) run(AssessFolder.class, "folder", images, "csv", csv, "resume", true, "report", report.toFile()).getOutput("assessments")).size());
		Files.copy(SAMPLES.resolve("chelsea.png"), images.toPath().resolve("chelsea.png"));
		assertEquals(1, ((List<?>) run(AssessFolder.class, "folder", images, "csv", csv, "resume", true, "report", report.toFile()).getOutput("assessments")).size());
		assertEquals(2, table.size());
		assertEquals(COFFEE, table.getValue("Score", 0), TOLERANCE);
		assertEquals(CHELSEA, table.getValue("Score", 1), TOLERANCE);
		assertEquals(List.of(images + File.separator + "chelsea.png", images + File.separator + "coffee.png"), ProgramRun.rows(csv.toPath()).stream().map(row -> row.get("path")).toList());
		assertEquals(2, reported(report));
		assertEquals(0, ((List<?>) run(AssessFolder.class, "folder", images, "csv", csv, "resume", true, "report", report.toFile()).getOutput("assessments")).size());
		assertEquals(2, reported(report));
		assertTrue(error(AssessFolder.class, "folder", images, "csv", csv, "resume", true, "sampling", "random").contains(" were made otherwise (sampling was grid, is random)"));
		assertEquals(2, ((List<?>) run(AssessFolder.class, "folder", images, "report", report.toFile(), "results", false).getOutput("assessments")).size());
		assertEquals(2, reported(report));
	}

	private static long reported(final Path report) throws IOException {
		assertTrue(Files.readString(report.resolve("index.html")).contains("\n<script>end({"));
		return Files.readAllLines(report.resolve("index.html")).stream().filter(line -> line.startsWith("<script>row({") && line.contains("\"maps\":true")).count();
	}

	@Test
	void humanScoresBesideTheModels(@TempDir final Path folder) throws IOException {
		for (final String name : List.of("coffee", "chelsea"))
			for (int blur = 0; blur < 3; blur++) {
				final ImagePlus photograph = IJ.openImage(SAMPLES.resolve(name + ".png").toString());
				if (blur > 0) photograph.getProcessor().blurGaussian(2 * blur);
				assertTrue(new FileSaver(photograph).saveAsPng(folder.resolve(name + blur + ".png").toString()));
			}
		final Path csv = Files.writeString(folder.resolve("grades.csv"), "image,score,reference,distortion,level\n"
			+ "coffee0.png,5,coffee,blur,0\ncoffee1.png,3,coffee,blur,1\ncoffee2.png,1,coffee,blur,2\nchelsea0.png,4.5,chelsea,blur,0\nchelsea1.png,2.5,chelsea,blur,1\nchelsea2.png,1.5,chelsea,blur,2\n");
		final List<?> tables = (List<?>) run(Evaluate.class, "csv", csv.toFile(), "monotone", true, "resamples", 10).getOutput("tables");
		assertTrue(tables.get(0).toString().startsWith("Overall\nset     model"), tables.get(0).toString());
		// the 3 pairs of each photograph differ by more than 0.4, and blur is seen by the network and by the gradient
		final String pairs = tables.get(tables.size() - 1).toString();
		assertTrue(pairs.matches("(?s).*grades +dgiqa-compact +all +0\\.4000 +6 +6 +1\\.0000.*grades +tenengrad +all +0\\.4000 +6 +6 +1\\.0000.*"), pairs);
		assertTrue(Files.exists(folder.resolve("evaluation").resolve("report.html")));
		assertEquals(6, ProgramRun.rows(folder.resolve("evaluation").resolve("scores").resolve("grades-dgiqa-compact.csv")).size());
		assertTrue(error(Evaluate.class).startsWith("The key csv cannot be ''"));
		assertTrue(error(Evaluate.class, "csv", folder.resolve("none.csv").toFile()).startsWith("There is no file"));
	}

	@Test
	void escLeavesWhatWasComputed() {
		final ImagePlus image = virtual(blurred(), () -> IJ.setKeyDown(KeyEvent.VK_ESCAPE));
		run(AssessQuality.class, "image", image, "scope", "stack");
		assertEquals(1, table.size());
		assertFalse(image.isLocked());
		final ImagePlus depth = result(EstimateDepth.class, "image", image, "scope", "stack");
		assertEquals(2, depth.getStackSize()); // a depth is one step
		IJ.resetEscape();
	}

	@Test
	void aFailedSliceIsARowAndTheOthersGoOn() {
		final ImageStack stack = new ImageStack(40, 30);
		stack.addSlice("good", new FloatProcessor(40, 30, new float[1200]));
		final float[] nothing = new float[1200];
		java.util.Arrays.fill(nothing, Float.NaN);
		stack.addSlice("bad", new FloatProcessor(40, 30, nothing));
		stack.addSlice("good again", new FloatProcessor(40, 30, new float[1200]));
		final List<?> assessments = (List<?>) run(AssessQuality.class, "image", new ImagePlus("stack", stack), "scope", "stack").getOutput("assessments");
		assertEquals(2, assessments.size());
		assertEquals(3, table.size());
		assertEquals("No pixel is a finite number.", table.getStringValue("Error", 1));
		assertTrue(Double.isNaN(table.getValue("Score", 1)));
	}

	@Test
	void distortedIsANewImage() {
		final ImagePlus image = coffee();
		final int[] before = ((int[]) image.getProcessor().getPixels()).clone();
		final ImagePlus one = result(Distort.class, "image", image, "type", "white_noise", "level", "2", "seed", 7);
		assertEquals("coffee-white_noise-2", one.getTitle());
		assertEquals(24, one.getBitDepth());
		final Picture photograph = Pictures.of(image, 1);
		assertArrayEquals(Distortions.find("white_noise").apply(new Scene(photograph, () -> null), 2, 7).rgb(), colours(one, 1));
		final ImagePlus all = result(Distort.class, "image", image, "type", "jpeg", "level", "all");
		assertEquals("coffee-jpeg-all", all.getTitle());
		assertEquals(5, all.getStackSize());
		assertEquals("level 4", all.getStack().getSliceLabel(4));
		assertArrayEquals(colours(result(Distort.class, "image", image, "type", "jpeg", "level", 4), 1), colours(all, 4));
		assertArrayEquals(before, (int[]) image.getProcessor().getPixels(), "the user's image stays");
		assertFalse(image.isLocked());
		assertEquals(0, table.size());
	}

	@Test
	void distortedStacksKeepTheirForm() {
		final ImagePlus stack = blurred();
		final ImagePlus made = result(Distort.class, "image", stack, "type", "darken", "scope", "stack");
		assertEquals("blurred-darken-3", made.getTitle());
		assertEquals(3, made.getStackSize());
		assertEquals("blur 2", made.getStack().getSliceLabel(2));
		assertEquals(0.25, made.getCalibration().pixelWidth);
		assertEquals("blur 4 level 5", result(Distort.class, "image", stack, "type", "darken", "scope", "stack", "level", "all").getStack().getSliceLabel(15));
		stack.setRoi(20, 10, 120, 80);
		assertEquals(120, result(Distort.class, "image", stack, "type", "pixelate").getWidth());
		final ImagePlus hyper = result(Distort.class, "image", hyperstack(), "type", "quantization", "scope", "stack");
		assertEquals("1 2 2", hyper.getNChannels() + " " + hyper.getNSlices() + " " + hyper.getNFrames());
		final ImagePlus each = result(Distort.class, "image", hyperstack(), "type", "quantization", "scope", "stack", "channels", "each");
		assertEquals("3 2 2", each.getNChannels() + " " + each.getNSlices() + " " + each.getNFrames());
		assertEquals(0, colours(each, 1)[0] & 0xffff, "the first channel is shown in red");
	}

	/** Of measured depth the left is near and stays, the right is far: I = J t + 0.9 (1 - t), t = exp(-3). */
	@Test
	void hazeOfEstimatedAndMeasuredDepth() {
		final ImagePlus image = coffee();
		assertEquals("coffee-haze-1", result(Distort.class, "image", image, "type", "haze", "level", 1, "depth", "depth-compact").getTitle());
		final ImagePlus distance = new ImagePlus("distance", new FloatProcessor(image.getWidth(), image.getHeight()));
		for (int i = 0; i < 400 * 600; i++)
			distance.getProcessor().setf(i, i % 600);
		final ImagePlus hazy = result(Distort.class, "image", image, "type", "haze", "level", 5, "measured", distance, "depthlarge", "far");
		assertEquals(image.getProcessor().getPixel(0, 200) & 0xffffff, colours(hazy, 1)[200 * 600]);
		final double t = Math.exp(-3);
		assertEquals((image.getProcessor().getPixel(599, 200) >> 8 & 0xff) * t + 0.9 * 255 * (1 - t), colours(hazy, 1)[200 * 600 + 599] >> 8 & 0xff, 0.51);
	}

	@Test
	void whatCannotBeDistorted() {
		final ImagePlus image = coffee();
		assertTrue(error(Distort.class, "image", image, "type", "blur").startsWith("The key type cannot be 'blur': one of gaussian_blur, lens_blur, "));
		assertEquals("The key level cannot be '6': a whole number from 1 to 5 is needed.", error(Distort.class, "image", image, "level", "6"));
		assertTrue(error(Distort.class, "image", image, "seed", -1).startsWith("The key seed cannot be '-1'"));
		assertEquals("A picture of 40 x 30 pixels cannot be made 170 times smaller by JPEG 2000; a larger one is needed.", error(Distort.class, "image", new ImagePlus("tiny", new ByteProcessor(40, 30)), "type", "jpeg2000", "level", 5));
		assertEquals(1, result(Distort.class, "image", new ImagePlus("pixel", new ByteProcessor(1, 1))).getWidth());
	}

	/** 0xRRGGBB of a slice. */
	private static int[] colours(final ImagePlus image, final int slice) {
		return Arrays.stream((int[]) image.getStack().getPixels(slice)).map(rgb -> rgb & 0xffffff).toArray();
	}

	@Test
	void memoryIsReleasedAndTakenAgain() {
		final double before = score(coffee());
		run(ReleaseMemory.class);
		assertEquals(before, score(coffee()), 1e-9);
	}

	// -- images --

	private static ImagePlus coffee() {
		return IJ.openImage(SAMPLES.resolve("coffee.png").toString());
	}

	/** coffee.png, then twice more and more blurred. */
	private static ImagePlus blurred() {
		final ImagePlus coffee = coffee();
		final ImageStack stack = new ImageStack(coffee.getWidth(), coffee.getHeight());
		for (int i = 0; i < 3; i++) {
			final ImageProcessor pixels = coffee.getProcessor().duplicate();
			if (i > 0) pixels.blurGaussian(2 * i);
			stack.addSlice("blur " + 2 * i, pixels);
		}
		final ImagePlus image = new ImagePlus("blurred", stack);
		image.getCalibration().pixelWidth = 0.25;
		image.getCalibration().setUnit("mm");
		return image;
	}

	/** The same, read one slice at a time. @param second happens when the second slice is read */
	private static ImagePlus virtual(final ImagePlus image, final Runnable second) {
		final VirtualStack stack = new VirtualStack(image.getWidth(), image.getHeight(), null, null) {

			@Override
			public ImageProcessor getProcessor(final int n) {
				if (n == 2 && second != null) second.run();
				return image.getStack().getProcessor(n).duplicate();
			}

			@Override
			public int getSize() {
				return image.getStackSize();
			}

			@Override
			public int size() {
				return image.getStackSize();
			}

			@Override
			public String getSliceLabel(final int n) {
				return image.getStack().getSliceLabel(n);
			}
		};
		return new ImagePlus(image.getTitle(), stack);
	}

	/** 3 channels, 2 Z, 2 T of 60 x 40 pixels of 8 bits. */
	private static ImagePlus hyperstack() {
		final ImageProcessor grey = coffee().getProcessor().convertToByteProcessor();
		final ImageStack stack = new ImageStack(60, 40);
		for (int i = 0; i < 12; i++) {
			grey.setRoi(30 * i, 20 * i, 60, 40);
			stack.addSlice(grey.crop());
		}
		final ImagePlus plain = new ImagePlus("hyper", stack);
		plain.setDimensions(3, 2, 2);
		final CompositeImage image = new CompositeImage(plain, IJ.COMPOSITE);
		image.setChannelLut(LUT.createLutFromColor(Color.RED), 1);
		image.setOpenAsHyperStack(true);
		return image;
	}

	// -- runs --

	private static Module run(final Class<? extends Command> type, final Object... inputs) {
		try {
			final CommandModule module = context.service(CommandService.class).run(type, true, inputs).get();
			assertNotNull(module);
			return module;
		}
		catch (InterruptedException | ExecutionException e) {
			throw new AssertionError(e);
		}
	}

	private static ImagePlus result(final Class<? extends Command> type, final Object... inputs) {
		return (ImagePlus) run(type, inputs).getOutput("result");
	}

	private double score(final ImagePlus image) {
		run(AssessQuality.class, "image", image);
		final int row = table.size() - 1;
		assertEquals("", table.getStringValue("Error", row));
		return table.getValue("Score", row);
	}

	/** How many rows a command adds to an empty table. */
	private int rows(final Class<? extends Command> type, final Object... inputs) {
		table.reset();
		run(type, inputs);
		return table.size();
	}

	/** The error of the one row that a command adds. */
	private String error(final Class<? extends Command> type, final Object... inputs) {
		final int before = table.size();
		final Module module = run(type, inputs);
		assertEquals(before + (type == KeepBestSlices.class && table.size() > before + 1 ? 4 : 1), table.size());
		for (final ModuleItem<?> output : module.getInfo().outputs())
			if (output.getIOType() == ItemIO.OUTPUT) assertTrue(module.getOutput(output.getName()) == null || module.getOutput(output.getName()).equals(new ArrayList<>()), output.getName());
		return table.getStringValue("Error", table.size() - 1);
	}

	private List<String> column(final String... names) {
		final List<String> values = new ArrayList<>();
		for (int row = 0; row < table.size(); row++) {
			final List<String> cells = new ArrayList<>();
			for (final String name : names)
				cells.add(String.format(Locale.ROOT, "%.0f", table.getValue(name, row)));
			values.add(String.join(",", cells));
		}
		return values;
	}
}
