package io.github.dgiqa.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.dgiqa.bench.PowerLaw.Point;

import java.util.List;

import org.junit.jupiter.api.Test;

class PowerLawTest {

	private static final double TINY = 1e-9;

	@Test
	void anExactLawHasNoInterval() {
		final PowerLaw line = PowerLaw.of(List.of(new Point(1, 0.2), new Point(10, 2), new Point(100, 20)));
		assertEquals(1, line.exponent(), TINY);
		assertEquals(0, line.interval(), 1e-6);
		final PowerLaw root = PowerLaw.of(List.of(new Point(1, 3), new Point(4, 6), new Point(16, 12), new Point(64, 24)));
		assertEquals(0.5, root.exponent(), TINY);
	}

	@Test
	void whatDoesNotGrowHasExponentZero() {
		assertEquals(0, PowerLaw.of(List.of(new Point(1, 5), new Point(3, 5), new Point(9, 5))).exponent(), TINY);
	}

	/**
	 * Logarithms (0,0), (1,1), (2,0): slope 0, residuals -1/3, 2/3, -1/3, their squares 2/3 over one degree of freedom; over
	 * the sizes' squares, 2, that is 1/3. Student's t at 97.5% with one degree of freedom is 12.7062.
	 */
	@Test
	void theIntervalIsStudents() {
		final PowerLaw law = PowerLaw.of(List.of(new Point(1, 1), new Point(Math.E, Math.E), new Point(Math.E * Math.E, 1)));
		assertEquals(0, law.exponent(), TINY);
		assertEquals(12.7062 * Math.sqrt(1 / 3.0), law.interval(), 1e-4);
	}

	/** Logarithms (0,0), (1,2), (2,2), (3,5): deviations of sizes -1.5 .. 1.5, slope (-1.5*0 - 0.5*2 + 0.5*2 + 1.5*5) / 5 = 1.5. */
	@Test
	void leastSquaresOfTheLogarithms() {
		final PowerLaw law = PowerLaw.of(List.of(new Point(1, 1), new Point(Math.exp(1), Math.exp(2)), new Point(Math.exp(2), Math.exp(2)), new Point(Math.exp(3), Math.exp(5))));
		assertEquals(1.5, law.exponent(), TINY);
	}
}
