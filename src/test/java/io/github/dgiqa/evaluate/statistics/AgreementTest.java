package io.github.dgiqa.evaluate.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

/**
 * Correlations and the logistic mapping against scipy 1.17.1:
 *
 * <pre>
 * import numpy as np
 * from scipy import stats
 * from scipy.optimize import curve_fit
 * def f(x, b1, b2, b3, b4): return (b1 - b2) / (1 + np.exp(-(x - b3) / b4)) + b2
 * def show(x, y):
 *     x = np.array(x, float); y = np.array(y, float)
 *     print(stats.spearmanr(x, y)[0], stats.kendalltau(x, y)[0], stats.pearsonr(x, y)[0])
 *     b, _ = curve_fit(f, x, y, p0=[y.max(), y.min(), x.mean(), x.std() / 4], maxfev=20000)
 *     m = f(x, *b); print(b, stats.pearsonr(m, y)[0], np.sqrt(np.mean((m - y) ** 2)))
 * </pre>
 */
class AgreementTest {

	private static final double EXACT = 1e-9;
	/** Of fits: two programs stop at slightly different places. */
	private static final double FITTED = 1e-5;

	@Test
	void plain() {
		final Agreement agreement = Agreement.of(new double[] {0.12, 0.35, 0.31, 0.48, 0.60, 0.55, 0.72, 0.81, 0.93, 0.88}, new double[] {1.2, 1.5, 1.9, 2.4, 3.3, 3.6, 4.1, 4.5, 4.6, 4.4});
		check(agreement, 0.9636363636, 0.8666666667, 0.9662013363, 0.98426947, 0.21828326);
		final LogisticFit fit = agreement.fit().orElseThrow();
		assertEquals(4.597887, fit.b1(), 1e-3);
		assertEquals(1.174360, fit.b2(), 1e-3);
		assertEquals(0.515998, fit.b3(), 1e-3);
		assertEquals(0.104473, fit.b4(), 1e-3);
	}

	@Test
	void ties() {
		check(Agreement.of(new double[] {1, 2, 2, 3, 3, 3, 4, 5, 5, 6}, new double[] {2, 1, 2, 2, 4, 4, 3, 5, 6, 6}), 0.8710691824, 0.7500000000, 0.8707154319, 0.88244743, 0.79414521);
	}

	@Test
	void falling() {
		check(Agreement.of(new double[] {9, 8, 7.5, 6, 5.2, 4.4, 3, 2, 1, 0.5}, new double[] {0.1, 0.12, 0.2, 0.35, 0.5, 0.52, 0.7, 0.78, 0.8, 0.81}), -1, -1, -0.9870477147, 0.99676038, 0.02158663);
	}

	@Test
	void aStepWithNoise() {
		// x = frac(sin(12.9898 i) 43758.5453), e = frac(sin(78.233 i) 12543.1234), y = 90 / (1 + exp(-(x - 0.55) / 0.09)) + 5 + 8 (e - 0.5)
		final double[] x = IntStream.range(0, 60).mapToDouble(i -> fraction(Math.sin(i * 12.9898) * 43758.5453)).toArray();
		final double[] y = IntStream.range(0, 60).mapToDouble(i -> 90 / (1 + Math.exp(-(x[i] - 0.55) / 0.09)) + 5 + 8 * (fraction(Math.sin(i * 78.233) * 12543.1234) - 0.5)).toArray();
		check(Agreement.of(x, y), 0.9863295360, 0.9186440678, 0.9653340526, 0.99793398, 2.22566302);
	}

	/** The mapping's ends are then infinitely far away. */
	@Test
	void almostALine() {
		final double[] x = IntStream.range(0, 60).mapToDouble(i -> i).toArray();
		final double[] y = IntStream.range(0, 60).mapToDouble(i -> 2 * i + i * 7 % 5).toArray();
		final Agreement agreement = Agreement.of(x, y);
		check(agreement, 0.9987218672, 0.9740112994, 0.9991716230, 0.99917160, 1.41305149, 2e-3);
	}

	private static double fraction(final double value) {
		return value - Math.floor(value);
	}

	private static void check(final Agreement agreement, final double srcc, final double krcc, final double plcc, final double plccFit, final double rmse) {
		check(agreement, srcc, krcc, plcc, plccFit, rmse, FITTED);
	}

	private static void check(final Agreement agreement, final double srcc, final double krcc, final double plcc, final double plccFit, final double rmse, final double fitted) {
		assertEquals(srcc, agreement.srcc(), EXACT);
		assertEquals(krcc, agreement.krcc(), EXACT);
		assertEquals(plcc, agreement.plcc(), EXACT);
		assertEquals(plccFit, agreement.plccFit(), fitted);
		assertEquals(rmse, agreement.rmse(), fitted * Math.max(1, rmse));
		assertNull(agreement.problem());
	}

	@Test
	void threeImagesHaveNoMapping() {
		final Agreement agreement = Agreement.of(new double[] {1, 2, 3}, new double[] {1, 3, 2});
		assertEquals(0.5, agreement.srcc(), EXACT);
		assertEquals(1 / 3.0, agreement.krcc(), EXACT);
		assertEquals(0.5, agreement.plcc(), EXACT);
		assertTrue(Double.isNaN(agreement.plccFit()) && Double.isNaN(agreement.rmse()));
		assertEquals("fewer than 5 images, too few for the logistic mapping", agreement.problem());
	}

	@Test
	void whatCannotBeTold() {
		final double[] some = {1, 2, 3, 4, 5, 6};
		final double[] same = {2, 2, 2, 2, 2, 2};
		for (final Agreement agreement : new Agreement[] {Agreement.of(some, same), Agreement.of(same, some), Agreement.of(same, same)}) {
			assertTrue(Double.isNaN(agreement.srcc()) && Double.isNaN(agreement.krcc()) && Double.isNaN(agreement.plcc()) && Double.isNaN(agreement.rmse()));
			assertEquals("the scores or the human scores are all the same", agreement.problem());
		}
		assertEquals("fewer than 3 images", Agreement.of(new double[] {1, 2}, new double[] {1, 2}).problem());
		assertEquals("fewer than 3 images", Agreement.of(new double[0], new double[0]).problem());
	}

	/** As many pairs as an int does not count. */
	@Test
	void manyImages() {
		final double[] up = IntStream.range(0, 100_000).mapToDouble(i -> i).toArray();
		final double[] down = IntStream.range(0, 100_000).mapToDouble(i -> -i).toArray();
		assertEquals(-1, Correlations.krcc(up, down), EXACT);
		assertEquals(-1, Correlations.srcc(up, down), EXACT);
	}
}
