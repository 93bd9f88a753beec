package io.github.dgiqa.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.evaluate.statistics.Bootstrap;

import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;

class BeforeAfterTest {

	private static final double[] HUMAN = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
	/** Two neighbours have changed places: both correlations are 1 - 6 * 2 / (10 * 99) = 0.988. */
	private static final double[] NEARLY = {2, 1, 3, 4, 5, 6, 7, 8, 9, 10};
	/** Two pairs have: 1 - 6 * 4 / (10 * 99) = 0.976. */
	private static final double[] LESS = {2, 1, 3, 4, 6, 5, 7, 8, 9, 10};
	private static final double[] REVERSED = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1};

	private static List<String> sentences(final double[] now, final double[] before, final int resamples) {
		return result(now, before, resamples).sentences();
	}

	private static BeforeAfter result(final double[] now, final double[] before, final int resamples) {
		return BeforeAfter.of("mine", "dgiqa-compact", now, before, HUMAN, Collections.nCopies(10, ""), new Bootstrap(resamples, 1));
	}

	@Test
	void aBetterModel() {
		final List<String> sentences = sentences(NEARLY, REVERSED, 200);
		assertEquals("New model mine: on 10 images that it did not learn from, SRCC 0.99 (before: -1.00), PLCC 0.99 (before: -1.00).", sentences.get(0));
		assertTrue(sentences.get(1).endsWith("95 of 100 resamples have an SRCC of 0." + sentences.get(1).replaceAll(".* 0\\.(\\d\\d) to .*", "$1") + " to 1.00 (before: -1.00 to -1.00)."), sentences.get(1));
		assertTrue(sentences.get(2).matches("It is better than dgiqa-compact on them \\(SRCC \\+1\\.\\d\\d to \\+2\\.00\\)\\."), sentences.get(2));
	}

	@Test
	void oneThatIsNotBetter() {
		assertEquals("It is not better than dgiqa-compact on them: use dgiqa-compact, or grade more images.", sentences(LESS, NEARLY, 200).get(2));
		assertEquals("It is not better than dgiqa-compact on them: use dgiqa-compact, or grade more images.", sentences(NEARLY, NEARLY, 0).get(1));
	}

	/** Resamples without one of the two images in which they differ see no difference. */
	@Test
	void oneThatMayBeBetter() {
		final String sentence = sentences(NEARLY, LESS, 200).get(2);
		assertTrue(sentence.startsWith("It may be better than dgiqa-compact, but so few images leave that open (SRCC "), sentence);
		assertEquals("It may be better than dgiqa-compact, but so few images leave that open: grade more images to be sure.", sentences(NEARLY, LESS, 0).get(1));
	}

	@Test
	void whatCannotBeTold() {
		final double[] same = new double[10];
		assertEquals(List.of("New model mine: on 10 images that it did not learn from, SRCC unknown (before: 0.99), PLCC unknown (before: 0.99).",
			"Whether it is better than dgiqa-compact cannot be told: the scores or the human scores are all the same."), sentences(same, NEARLY, 0));
		assertEquals("Whether it is better than dgiqa-compact cannot be told, for that gives all of them the same score.", sentences(NEARLY, same, 0).get(1));
	}

	@Test
	void aRowForEach() {
		assertEquals(List.of(List.of("mine", "10", "0.9879", "nan", "nan", "0.9879", "nan", "nan"), List.of("dgiqa-compact", "10", "-1.0000", "nan", "nan", "-1.0000", "nan", "nan")), result(NEARLY, REVERSED, 0).table().rows());
		assertEquals(0.9879, result(NEARLY, REVERSED, 0).numbers().get("srcc"), 1e-4);
		assertEquals(-1, result(NEARLY, REVERSED, 0).numbers().get("plcc_before"), 1e-12);
	}
}
