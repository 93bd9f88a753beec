package io.github.dgiqa.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class TimingTest {

	@Test
	void theMedianIsTheOneInTheMiddleOrTheMeanOfTwo() {
		assertEquals(3, Timing.median(9, 1, 3));
		assertEquals(2.5, Timing.median(4, 1, 2, 3));
		assertEquals(7, Timing.median(7));
	}

	@Test
	void asManyAreMeasuredAsAsked() {
		final Iterator<Double> times = List.of(5., 1., 2., 100.).iterator();
		assertEquals(2, Timing.median(3, times::next));
		assertEquals(100, times.next());
	}

	@Test
	void partsHaveTheirOwnMedians() {
		assertEquals(Map.of("a", 2., "b", 10.), StageTimes.medians(List.of(Map.of("a", 1., "b", 10.), Map.of("a", 2., "b", 30.), Map.of("a", 3., "b", 5.))));
	}
}
