package io.github.dgiqa.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.dgiqa.image.ShortSide.Size;

import org.junit.jupiter.api.Test;

class ShortSideTest {

	private static final ShortSide BETWEEN = new ShortSide(224, 384);

	@Test
	void betweenTheTwoNothingChanges() {
		assertEquals(new Size(300, 1000), BETWEEN.of(300, 1000));
		assertEquals(new Size(384, 384), BETWEEN.of(384, 384));
		assertEquals(new Size(224, 225), BETWEEN.of(224, 225));
	}

	@Test
	void largeOnesAreReducedAndSmallOnesEnlarged() {
		assertEquals(new Size(576, 384), BETWEEN.of(3000, 2000));
		assertEquals(new Size(224, 249), BETWEEN.of(180, 200)); // 248.9
		assertEquals(new Size(224, 224), BETWEEN.of(1, 1));
	}

	/** As published: every image has that side; the longer one is rounded half to even. */
	@Test
	void oneSideForAll() {
		final ShortSide published = new ShortSide(384, 384);
		assertEquals(new Size(384, 427), published.of(180, 200)); // 426.7
		assertEquals(new Size(2, 2), new ShortSide(2, 2).of(4, 5)); // 2.5
		assertEquals(new Size(4, 2), new ShortSide(2, 2).of(7, 4)); // 3.5
	}

	@Test
	void tooNarrow() {
		assertThrows(ImageException.class, () -> BETWEEN.of(1, 100_000_000));
	}
}
