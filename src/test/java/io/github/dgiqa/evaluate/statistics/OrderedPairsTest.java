package io.github.dgiqa.evaluate.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class OrderedPairsTest {

	private static OrderedPairs.Item item(final String reference, final String distortion, final int level, final double human, final double score) {
		return new OrderedPairs.Item(reference, distortion, "" + level, human, score);
	}

	@Test
	void countedByHand() {
		final List<OrderedPairs.Item> items = List.of(
			// told apart: 1-3 (in order), 2-3 (not); 1-2 differ by 0.4, which is not more
			item("a", "blur", 1, 4.5, 0.8), item("a", "blur", 2, 4.1, 0.2), item("a", "blur", 3, 3.0, 0.4),
			// 1-2, the same score
			item("b", "blur", 1, 4.5, 0.5), item("b", "blur", 2, 2.0, 0.5),
			// another distortion of a: 1-2 (in order)
			item("a", "noise", 1, 4.5, 0.9), item("a", "noise", 2, 2.0, 0.1),
			// not of a distortion, and twice the same level
			item("a", "", 1, 5, 0.1), item("c", "jpeg", 2, 5, 0.1), item("c", "jpeg", 2, 1, 0.9));
		final Map<String, OrderedPairs> counts = OrderedPairs.count(items, 0.4);
		assertEquals(Map.of("blur", new OrderedPairs(3, 1), "noise", new OrderedPairs(1, 1), "jpeg", new OrderedPairs(0, 0)), counts);
		assertEquals(1 / 3.0, counts.get("blur").share(), 1e-12);
		assertTrue(Double.isNaN(counts.get("jpeg").share()));
		assertEquals(new OrderedPairs(4, 2), counts.get("blur").plus(counts.get("noise")));
	}

	/** (4.612 - 1) / 4 and (4.212 - 1) / 4 differ by 0.1 and a little in binary fractions. */
	@Test
	void theThresholdItselfDoesNotCount() {
		assertEquals(new OrderedPairs(0, 0), OrderedPairs.count(List.of(item("a", "blur", 1, (4.612 - 1) / 4, 1), item("a", "blur", 2, (4.212 - 1) / 4, 0)), 0.1).get("blur"));
		assertEquals(new OrderedPairs(1, 1), OrderedPairs.count(List.of(item("a", "blur", 1, (4.613 - 1) / 4, 1), item("a", "blur", 2, (4.212 - 1) / 4, 0)), 0.1).get("blur"));
	}
}
