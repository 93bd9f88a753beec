package io.github.dgiqa.assess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import io.github.dgiqa.Photographs;
import io.github.dgiqa.Reference;
import io.github.dgiqa.TinyModel;
import io.github.dgiqa.assess.Assessment.Spread;
import io.github.dgiqa.assess.Assessor.Settings;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.ImageException;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.weights.Fill;
import io.github.dgiqa.weights.WeightWriter.Form;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole way from a file to an assessment, against PyTorch's values. */
class AssessorTest {

	/** From the file: the 8-bit depth map may differ from the reference's by one level here and there. */
	private static final double SCORES = 1e-4;

	private static Assessor assessor;

	@TempDir
	private Path folder;

	@BeforeAll
	static void open() {
		assessor = open(null);
	}

	@AfterAll
	static void close() {
		assessor.close();
	}

	private static Assessor open(final Sampling sampling) {
		return Assessor.open(ModelStore.of(null), new Settings(ModelStore.DEFAULT_MODEL, null, null, null, sampling, DeviceChoice.CPU, Precision.FLOAT32, 0));
	}

	@ParameterizedTest
	@ValueSource(strings = {"coffee", "chelsea"})
	void scoresOfPhotographs(final String name) {
		final Assessment found = assessor.assess(Photographs.open(name));
		assertEquals(Reference.score(name), found.score(), SCORES);
		try (NDManager manager = TorchEngine.start(DeviceChoice.CPU, 0).newManager()) {
			final Map<String, NDArray> expected = Reference.arrays(manager, "compact.npz");
			final long[] xy = expected.get(name + ".crop.xy").toLongArray();
			final float[] scores = expected.get(name + ".crop.scores").toFloatArray();
			assertEquals(scores.length, found.crops().size());
			for (int i = 0; i < scores.length; i++) {
				final Crop crop = found.crops().get(i);
				assertEquals(scores[i], crop.score(), SCORES, "crop " + i);
				assertArrayEquals(new long[] {xy[2 * i], xy[2 * i + 1], 224}, new long[] {crop.x(), crop.y(), crop.side()});
			}
		}
	}

	@Test
	void whatIsSaidAboutAPhotograph() {
		final Assessment found = assessor.assess(Photographs.open("chelsea"));
		assertArrayEquals(new int[] {451, 300, 451, 300}, new int[] {found.width(), found.height(), found.mapWidth(), found.mapHeight()});
		assertEquals("dgiqa-compact", found.model());
		assertEquals("depth-compact", found.depthModel());
		assertEquals(new Sampling.Grid(), found.sampling());
		assertEquals("cpu", found.device());
		assertEquals(List.of(), found.notes());
		assertTrue(found.seconds() > 0);
		assertTrue(found.hasMaps());
	}

	/** The tiny model's images have a short side of 128 to 192, in which they keep their size; its crops have 64. */
	@Test
	void sizesOfAModelWithASmallSide() throws IOException {
		final Path weights = folder.resolve("tiny.safetensors");
		Fill.write(TinyModel.find().network().stateDict(), weights, Form.SAFETENSORS);
		final Settings settings = new Settings(TinyModel.FOLDER.toString(), weights, null, null, null, DeviceChoice.CPU, Precision.FLOAT32, 0);
		final int[][] sizes = {
			{150, 180, 150, 180}, {300, 129, 300, 129}, {128, 128, 128, 128}, {192, 192, 192, 192},
			{100, 125, 128, 160}, {160, 70, 293, 128}, {10, 10, 128, 128}, // 292.6
			{400, 300, 256, 192}, {193, 386, 192, 384}};
		try (Assessor tiny = Assessor.open(ModelStore.of(null), settings)) {
			for (final int[] size : sizes) {
				final Assessment found = tiny.assess(noise(size[0], size[1]));
				assertArrayEquals(size, new int[] {found.width(), found.height(), found.mapWidth(), found.mapHeight()});
				assertArrayEquals(new int[] {size[2], size[3]}, new int[] {found.depth().width(), found.depth().height()});
				for (final Crop crop : found.crops())
					assertTrue(crop.side() == 64 && crop.x() <= size[2] - 64 && crop.y() <= size[3] - 64);
			}
		}
	}

	@Test
	void spreadOfTheCrops() {
		final Assessment found = assessor.assess(Photographs.open("chelsea"));
		final double[] scores = found.crops().stream().mapToDouble(Crop::score).toArray();
		double sum = 0;
		for (final double score : scores)
			sum += score;
		final double mean = sum / scores.length;
		double squares = 0;
		for (final double score : scores)
			squares += (score - mean) * (score - mean);
		Arrays.sort(scores);
		assertEquals(mean, found.score(), 1e-12);
		assertEquals(Math.sqrt(squares / (scores.length - 1)), found.spread().deviation(), 1e-12);
		assertEquals(scores[0], found.spread().min());
		assertEquals(scores[scores.length - 1], found.spread().max());
	}

	@Test
	void randomSamplingIsRepeatable() {
		final Sampling sampling = new Sampling.Random(4, 42);
		try (Assessor first = open(sampling); Assessor second = open(sampling)) {
			final Assessment a = first.assess(Photographs.open("coffee"));
			final Assessment b = first.assess(Photographs.open("coffee"));
			final Assessment c = second.assess(Photographs.open("coffee"));
			assertEquals(4, a.crops().size());
			// the first positions of 20 that the published program takes in an image of 576 x 384
			assertEquals(327, a.crops().get(0).x());
			assertEquals(28, a.crops().get(0).y());
			assertSame(a, b);
			assertSame(a, c);
		}
	}

	@Test
	void oneCropHasNoDeviation() {
		try (Assessor one = open(new Sampling.Random(1, 42))) {
			final Assessment found = one.assess(Photographs.open("coffee"));
			assertEquals(new Spread(Double.NaN, found.score(), found.score()), found.spread());
		}
	}

	@Test
	void depthMapIsTheDepthThatTheNetworkSaw() {
		final Assessment found = assessor.assess(Photographs.open("coffee"));
		final CoveredMap map = found.depthMap();
		assertArrayEquals(new int[] {576, 384}, new int[] {map.map().width(), map.map().height()});
		assertEquals(576 * 384, map.covered().cardinality());
		for (int i = 0; i < 576 * 384; i++)
			assertEquals((found.depth().values()[i] & 0xff) / 255.0, map.map().values()[i], 1e-7);
	}

	/** Each query shares out its attention: over the cells of a crop it averages to 1. Averaged over cells instead of queries it would be 1 everywhere. */
	@Test
	void attentionAveragesToOne() {
		for (final Crop crop : assessor.assess(Photographs.open("coffee")).crops()) {
			assertEquals(7, crop.cells());
			assertEquals(49, crop.attention().length);
			assertEquals(1, mean(crop.attention()), 1e-4);
			double most = 0;
			for (final float attention : crop.attention())
				most = Math.max(most, attention);
			assertTrue(most > 1.01, "even attention");
		}
	}

	@Test
	void logitsOfTheCellsAverageToTheCropsLogit() {
		for (final Crop crop : assessor.assess(Photographs.open("chelsea")).crops()) {
			double sum = 0;
			for (final float quality : crop.quality())
				sum += logit(quality);
			assertEquals(logit(crop.score()), sum / 49, 1e-4);
		}
	}

	@Test
	void mapsOfOneCropAreItsCellsEnlarged() {
		try (Assessor one = open(new Sampling.Random(1, 42))) {
			final Assessment found = one.assess(Photographs.open("coffee"));
			final Crop crop = found.crops().get(0);
			final CoveredMap map = found.attentionMap();
			assertEquals(224 * 224, map.covered().cardinality());
			// 32 pixels a cell: the corner is the first cell, and pixel 16 of a cell lies 1/64 behind the cell's middle
			final int corner = crop.y() * 576 + crop.x();
			assertEquals(crop.attention()[0], map.map().values()[corner], 1e-5);
			final int at = 3 * 7 + 5;
			final float[] cells = crop.attention();
			final double upper = (63 * cells[at] + cells[at + 1]) / 64;
			final double lower = (63 * cells[at + 7] + cells[at + 8]) / 64;
			assertEquals((63 * upper + lower) / 64, map.map().values()[corner + (3 * 32 + 16) * 576 + 5 * 32 + 16], 1e-5);
		}
	}

	/**
	 * Two crops of 4 x 4 pixels and 2 x 2 cells on a map of 6 x 5, side by side with two columns in common. Enlarged, 0
	 * and 8 become 0, 2, 6, 8 and a constant stays.
	 */
	@Test
	void overlappingCropsAreAveraged() {
		final float[] ramp = {0, 8, 0, 8};
		final float[] constant = {4, 4, 4, 4};
		final List<Crop> crops = List.of(new Crop(0, 0, 4, 0.5, ramp, constant, 2), new Crop(2, 0, 4, 0.5, constant, ramp, 2));
		final Assessment assessment = assessment(crops, new Plane(6, 5, new byte[30]));
		final float[] quality = {0, 2, (6 + 4) / 2f, (8 + 4) / 2f, 4, 4};
		final float[] attention = {4, 4, (4 + 0) / 2f, (4 + 2) / 2f, 6, 8};
		assertMap(quality, assessment.qualityMap());
		assertMap(attention, assessment.attentionMap());
	}

	private static void assertMap(final float[] row, final CoveredMap found) {
		assertEquals(6, found.map().width());
		assertEquals(5, found.map().height());
		final BitSet covered = new BitSet();
		covered.set(0, 4 * 6);
		assertEquals(covered, found.covered());
		for (int y = 0; y < 5; y++)
			assertArrayEquals(y < 4 ? row : new float[6], Arrays.copyOfRange(found.map().values(), y * 6, y * 6 + 6), 1e-6f, "row " + y);
	}

	@Test
	void depthMapByHand() {
		final byte[] depth = new byte[30];
		depth[1] = 51;
		depth[2] = (byte) 204;
		depth[29] = (byte) 255;
		final CoveredMap map = assessment(List.of(), new Plane(6, 5, depth)).depthMap();
		assertEquals(30, map.covered().cardinality());
		assertEquals(0, map.map().values()[0]);
		assertEquals(0.2f, map.map().values()[1], 1e-6);
		assertEquals(0.8f, map.map().values()[2], 1e-6);
		assertEquals(1, map.map().values()[29]);
	}

	private static Assessment assessment(final List<Crop> crops, final Plane depth) {
		return new Assessment(0.5, new Spread(0, 0.5, 0.5), crops, 6, 5, 6, 5, depth, "m", "d", new Sampling.Grid(), "cpu", 1, List.of());
	}

	/** 30000 x 10 becomes 672000 x 224: 150.528 megapixels, of which 32 of 224 columns are 1.07%. */
	@Test
	void veryLongPicture() {
		final Assessment found = assessor.assess(noise(30000, 10));
		assertScored(found);
		assertEquals(32, found.crops().size());
		assertEquals(672000, found.mapWidth());
		assertEquals(224, found.mapHeight());
		assertEquals(List.of("crops cover only 1% of the long side: 32 positions, spread evenly", "no maps: the resized image would have 150 megapixels"), found.notes());
		assertFalse(found.hasMaps());
		assertThrows(IllegalStateException.class, found::depthMap);
		assertThrows(IllegalStateException.class, found::attentionMap);
		assertThrows(IllegalStateException.class, found::qualityMap);
	}

	@ParameterizedTest
	@CsvSource({"1, 1", "224, 224", "384, 384", "30, 60"})
	void constantPicture(final int width, final int height) {
		final byte[] values = new byte[width * height];
		Arrays.fill(values, (byte) 90);
		final Assessment found = assessor.assess(Picture.grey(new Plane(width, height, values), List.of("a note")));
		assertScored(found);
		assertEquals(List.of("a note"), found.notes());
		assertTrue(found.hasMaps());
	}

	/** 5,000,000 x 224 is more than half of what an int holds. */
	@Test
	void tooNarrow() {
		final Plane line = new Plane(5_000_000, 1, new byte[5_000_000]);
		final Plane column = new Plane(1, 5_000_000, new byte[5_000_000]);
		assertThrows(ImageException.class, () -> assessor.assess(Picture.grey(line, List.of())));
		assertThrows(ImageException.class, () -> assessor.assess(Picture.grey(column, List.of())));
	}

	@Test
	void almostTooNarrow() {
		try (Assessor two = open(new Sampling.Random(2, 42))) {
			final Assessment line = two.assess(noise(4_700_000, 1));
			assertScored(line);
			assertEquals(4_700_000 * 224, line.mapWidth());
			final Assessment column = two.assess(noise(1, 4_700_000));
			assertScored(column);
			assertEquals(4_700_000 * 224, column.mapHeight());
		}
	}

	@Test
	void threadsTakeTurns() throws InterruptedException, ExecutionException {
		final Picture coffee = Photographs.open("coffee");
		final Picture chelsea = Photographs.open("chelsea");
		final Assessment first = assessor.assess(coffee);
		final Assessment second = assessor.assess(chelsea);
		final ExecutorService threads = Executors.newFixedThreadPool(2);
		try {
			for (int i = 0; i < 3; i++) {
				final Future<Assessment> a = threads.submit(() -> assessor.assess(coffee));
				final Future<Assessment> b = threads.submit(() -> assessor.assess(chelsea));
				assertSame(first, a.get());
				assertSame(second, b.get());
			}
		}
		finally {
			threads.shutdown();
		}
	}

	private static void assertScored(final Assessment found) {
		assertTrue(found.score() > 0 && found.score() < 1, "score " + found.score());
		for (final Crop crop : found.crops()) {
			assertTrue(Double.isFinite(crop.score()));
			for (int k = 0; k < 49; k++)
				assertTrue(Float.isFinite(crop.quality()[k]) && Float.isFinite(crop.attention()[k]));
		}
	}

	/** To the last bit. */
	private static void assertSame(final Assessment expected, final Assessment found) {
		assertEquals(expected.score(), found.score());
		assertEquals(expected.spread(), found.spread());
		assertEquals(expected.crops().size(), found.crops().size());
		for (int i = 0; i < expected.crops().size(); i++) {
			final Crop a = expected.crops().get(i);
			final Crop b = found.crops().get(i);
			assertEquals(a.score(), b.score());
			assertArrayEquals(new int[] {a.x(), a.y()}, new int[] {b.x(), b.y()});
			assertArrayEquals(a.quality(), b.quality());
			assertArrayEquals(a.attention(), b.attention());
		}
		assertArrayEquals(expected.depth().values(), found.depth().values());
	}

	private static double mean(final float[] values) {
		double sum = 0;
		for (final float value : values)
			sum += value;
		return sum / values.length;
	}

	private static double logit(final double share) {
		return Math.log(share / (1 - share));
	}

	private static Picture noise(final int width, final int height) {
		final byte[] values = new byte[width * height];
		new java.util.Random(1).nextBytes(values);
		return Picture.grey(new Plane(width, height, values), List.of());
	}
}
