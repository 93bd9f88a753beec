package io.github.dgiqa.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import io.github.dgiqa.Reference;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.Sampling.Grid;
import io.github.dgiqa.image.Sampling.Position;
import io.github.dgiqa.image.Sampling.Random;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingTest {

	private static final int SIDE = 224;

	@ParameterizedTest
	@ValueSource(strings = {"coffee", "chelsea", "motorcycle_left", "ihc_small"})
	void randomAsThePublishedProgramDraws(final String name) {
		final JsonObject expected = Reference.json("cases.json").getAsJsonObject(name);
		final JsonArray size = expected.getAsJsonArray("small");
		final List<Position> positions = new ArrayList<>();
		for (final JsonElement xy : expected.getAsJsonArray("crops_xy"))
			positions.add(new Position(xy.getAsJsonArray().get(0).getAsInt(), xy.getAsJsonArray().get(1).getAsInt()));
		assertEquals(20, positions.size());
		assertEquals(positions, new Random(20, 42).positions(size.get(0).getAsInt(), size.get(1).getAsInt(), SIDE));
	}

	/** Values of CPython: {@code r = random.Random(seed)}, then in turns {@code r.randint(0, 352)} and {@code r.randint(0, 160)}. */
	@Test
	void randomWithExtremeSeeds() {
		assertEquals(positions(197, 107, 20, 66, 261, 124, 207, 77, 244, 91), new Random(5, 0).positions(576, 384, SIDE));
		assertEquals(positions(68, 145, 32, 65, 60, 126, 230, 120, 333, 97), new Random(5, 1).positions(576, 384, SIDE));
		assertEquals(positions(325, 158, 104, 55, 310, 133, 149, 154, 174, 97), new Random(5, 4294967295L).positions(576, 384, SIDE));
	}

	@Test
	void randomHasOnePlaceInAnImageOfTheCropsSize() {
		assertEquals(positions(0, 0, 0, 0), new Random(2, 42).positions(SIDE, SIDE, SIDE));
		assertNull(new Random(2, 42).note(100_000, 384, SIDE));
	}

	@Test
	void randomRefusesWhatIsOutOfRange() {
		assertThrows(IllegalArgumentException.class, () -> new Random(1, -1));
		assertThrows(IllegalArgumentException.class, () -> new Random(1, 4294967296L));
		assertThrows(IllegalArgumentException.class, () -> new Random(0, 42));
		assertThrows(IllegalArgumentException.class, () -> new Random(-1, 42));
	}

	@Test
	void gridByHand() {
		assertEquals(positions(0, 0), grid(224, 224));
		assertEquals(positions(0, 0, 160, 0, 0, 160, 160, 160), grid(384, 384));
		// rows from top to bottom, each from left to right: three starts over 352
		assertEquals(positions(0, 0, 176, 0, 352, 0, 0, 160, 176, 160, 352, 160), grid(576, 384));
		assertEquals(positions(0, 0, 160, 0, 0, 176, 160, 176, 0, 352, 160, 352), grid(384, 576));
		// 448 = 2 * 224 without overlap; one pixel more takes a third: 225 / 2 = 112.5, rounded up
		assertEquals(positions(0, 0, 224, 0), grid(448, 224));
		assertEquals(positions(0, 0, 113, 0, 225, 0), grid(449, 224));
		assertEquals(positions(0, 0, 1, 0), grid(225, 224));
	}

	@Test
	void gridSeesEveryPixelUpToTheLimit() {
		for (int length = SIDE; length <= 7168; length++) { // 7168 = 32 * 224
			final List<Position> positions = grid(length, SIDE);
			int seen = 0;
			for (final Position at : positions) {
				assertEquals(0, at.y());
				assertTrue(at.x() <= seen, "gap before " + at.x() + " in " + length);
				seen = at.x() + SIDE;
			}
			assertEquals(length, seen);
			assertNull(new Grid().note(length, SIDE, SIDE));
		}
		assertEquals(32, grid(7168, SIDE).size());
	}

	/** Percentages by hand: 7168/7169 = 99.99%, 7168/14336 = 50%, 7168/384000 = 1.87%. */
	@ParameterizedTest
	@CsvSource({"7169, 100", "14336, 50", "384000, 2"})
	void gridIsLimitedAndSaysSo(final int length, final int percent) {
		final List<Position> wide = grid(length, 384);
		assertEquals(2 * 32, wide.size());
		assertEquals(new Position(length - SIDE, 0), wide.get(31));
		assertEquals(new Position(length - SIDE, 384 - SIDE), wide.get(63));
		final String note = new Grid().note(length, 384, SIDE);
		assertEquals("crops cover only " + percent + "% of the long side: 32 positions, spread evenly", note);
		assertEquals(note, new Grid().note(384, length, SIDE));
		assertFalse(grid(384, length).stream().anyMatch(at -> at.x() > 384 - SIDE));
	}

	@ParameterizedTest
	@ValueSource(strings = {"coffee", "chelsea"})
	void gridAsExpected(final String name) {
		try (NDManager manager = TorchEngine.start(DeviceChoice.CPU, 0).newManager()) {
			final long[] xy = Reference.arrays(manager, "compact.npz").get(name + ".crop.xy").toLongArray();
			final JsonArray size = Reference.json("compact.json").getAsJsonObject(name).getAsJsonArray("resized");
			final List<Position> expected = new ArrayList<>();
			for (int i = 0; i < xy.length; i += 2)
				expected.add(new Position((int) xy[i], (int) xy[i + 1]));
			assertEquals(expected, grid(size.get(0).getAsInt(), size.get(1).getAsInt()));
		}
	}

	private static List<Position> grid(final int width, final int height) {
		return new Grid().positions(width, height, SIDE);
	}

	private static List<Position> positions(final int... xy) {
		final List<Position> positions = new ArrayList<>();
		for (int i = 0; i < xy.length; i += 2)
			positions.add(new Position(xy[i], xy[i + 1]));
		return positions;
	}
}
