package io.github.dgiqa.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

class DrawTest {

	private static int[] turns(final long seed, final long from, final int n) {
		return LongStream.range(from, from + n).mapToInt(place -> Draw.inTurns(seed, "photo", place, n)).toArray();
	}

	@Test
	void everyNumberComesOnceInEachPass() {
		for (final long pass : new long[] {0, 7, 70_000_000_000L})
			assertArrayEquals(IntStream.range(0, 25).toArray(), IntStream.of(turns(3, 25 * pass, 25)).sorted().toArray());
		assertEquals(0, Draw.inTurns(3, "photo", 12, 1));
	}

	@Test
	void seedPurposeAndPlaceMakeTheNumbers() {
		assertArrayEquals(turns(3, 25, 25), turns(3, 25, 25));
		assertNotEquals(IntStream.of(turns(3, 0, 25)).boxed().toList(), IntStream.of(turns(3, 25, 25)).boxed().toList());
		assertNotEquals(IntStream.of(turns(3, 0, 25)).boxed().toList(), IntStream.of(turns(4, 0, 25)).boxed().toList());
		assertEquals(Draw.of(1, "group", 5).nextLong(), Draw.of(1, "group", 5).nextLong());
		assertNotEquals(Draw.of(1, "group", 5).nextLong(), Draw.of(1, "group", 6).nextLong());
		assertNotEquals(Draw.of(1, "group", 5).nextLong(), Draw.of(1, "photo", 5).nextLong());
	}
}
