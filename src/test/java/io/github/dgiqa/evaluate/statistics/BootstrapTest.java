package io.github.dgiqa.evaluate.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class BootstrapTest {

	private static final int IMAGES = 400;

	private final double[] x = new double[IMAGES];
	private final double[] y = new double[IMAGES];
	private final List<String> alone = Collections.nCopies(IMAGES, "");

	BootstrapTest() {
		final Random random = new Random(3);
		for (int i = 0; i < IMAGES; i++) {
			x[i] = random.nextGaussian();
			y[i] = 0.8 * x[i] + 0.6 * random.nextGaussian();
		}
	}

	/** Fisher: the interval of a correlation r of n normal pairs is tanh(atanh(r) -+ 1.96 / sqrt(n - 3)). */
	@Test
	void theIntervalOfPearsonsCorrelationIsFishers() {
		final Agreement agreement = Agreement.of(x, y);
		final Bootstrap.Interval interval = new Bootstrap(2000, 1).of(x, y, alone, agreement).plcc();
		final double z = Math.log((1 + agreement.plcc()) / (1 - agreement.plcc())) / 2;
		final double half = 1.96 / Math.sqrt(IMAGES - 3);
		assertEquals(Math.tanh(z - half), interval.low(), 0.01);
		assertEquals(Math.tanh(z + half), interval.high(), 0.01);
	}

	@Test
	void theSeedDecides() {
		final Agreement agreement = Agreement.of(x, y);
		final Bootstrap.Intervals first = new Bootstrap(50, 7).of(x, y, alone, agreement);
		assertEquals(first, new Bootstrap(50, 7).of(x, y, alone, agreement));
		assertNotEquals(first, new Bootstrap(50, 8).of(x, y, alone, agreement));
		assertTrue(first.srcc().low() < agreement.srcc() && agreement.srcc() < first.srcc().high());
		assertTrue(first.rmse().low() < agreement.rmse() && agreement.rmse() < first.rmse().high());
	}

	/** Each image ten times under its own reference says no more than each once. */
	@Test
	void imagesOfOneReferenceAreDrawnTogether() {
		final int[] places = IntStream.range(0, 10 * IMAGES).map(i -> i / 10).toArray();
		final List<String> references = IntStream.of(places).mapToObj(i -> "r" + i).toList();
		final double[] manyX = Bootstrap.pick(x, places);
		final double[] manyY = Bootstrap.pick(y, places);
		final Bootstrap.Interval once = new Bootstrap(100, 5).of(x, y, alone, Agreement.of(x, y)).plcc();
		final Bootstrap.Interval many = new Bootstrap(100, 5).of(manyX, manyY, references, Agreement.of(manyX, manyY)).plcc();
		assertEquals(once.low(), many.low(), 1e-9);
		assertEquals(once.high(), many.high(), 1e-9);
	}

	/** The ranks of -x are those of x from the other end, so the difference is twice the correlation, in each resample. */
	@Test
	void aDifferenceIsOfTheSameResamples() {
		final double[] minus = IntStream.range(0, IMAGES).mapToDouble(i -> -x[i]).toArray();
		final Bootstrap bootstrap = new Bootstrap(100, 5);
		final Bootstrap.Interval once = bootstrap.of(x, y, alone, Agreement.of(x, y)).srcc();
		final Bootstrap.Interval difference = bootstrap.ofDifference(x, minus, y, alone);
		assertEquals(2 * once.low(), difference.low(), 1e-9);
		assertEquals(2 * once.high(), difference.high(), 1e-9);
		assertEquals(new Bootstrap.Interval(0, 0), bootstrap.ofDifference(x, x, y, alone));
		assertTrue(Double.isNaN(new Bootstrap(0, 5).ofDifference(x, minus, y, alone).low()));
	}

	@Test
	void groupsAreReferencesOrSingleImages() {
		final int[][] groups = Bootstrap.groups(List.of("a", "", "b", "a", ""));
		assertArrayEquals(new int[][] {{0, 3}, {1}, {2}, {4}}, groups);
	}

	@Test
	void nothingToDraw() {
		final Agreement agreement = Agreement.of(x, y);
		assertTrue(Double.isNaN(new Bootstrap(0, 1).of(x, y, alone, agreement).srcc().low()));
		assertTrue(Double.isNaN(new Bootstrap(100, 1).of(x, y, Collections.nCopies(IMAGES, "one"), agreement).srcc().low()));
	}

	@Test
	void testPartsAreAFifthOfTheReferences() {
		// scores agree within each reference and not between them: a part with one of five references is perfect
		final double[] scores = {1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3};
		final double[] human = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
		final List<String> references = IntStream.range(0, 15).mapToObj(i -> "r" + i / 3).toList();
		final Splits splits = Splits.of(scores, human, references, 1);
		assertEquals(10, splits.parts());
		assertEquals(1, splits.srcc(), 1e-12);
		assertEquals(1, splits.srccLow(), 1e-12);
		assertTrue(Agreement.of(scores, human).srcc() < 0.5);
		assertTrue(Double.isNaN(splits.plccFit())); // three images
	}
}
