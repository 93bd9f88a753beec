package io.github.dgiqa.depth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.google.gson.JsonArray;

import io.github.dgiqa.Photographs;
import io.github.dgiqa.Reference;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.model.ModelStore;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compact depth model on whole photographs, against PyTorch's values. */
class DepthEstimatorTest {

	private static final int SIDE = 224;

	private static NDManager manager;
	private static Map<String, NDArray> expected;
	private static DepthEstimator estimator;

	@BeforeAll
	static void load() {
		final TorchEngine engine = TorchEngine.start(DeviceChoice.CPU, 0);
		manager = engine.newManager();
		expected = Reference.arrays(manager, "compact.npz");
		estimator = new DepthEstimator(ModelStore.of(null).find("depth-compact"), engine, Precision.FLOAT32, manager);
	}

	@AfterAll
	static void close() {
		manager.close();
	}

	@ParameterizedTest
	@ValueSource(strings = {"coffee", "chelsea"})
	void input(final String name) {
		final NDArray found = manager.create(estimator.input(Photographs.open(name)), new Shape(3, SIDE, SIDE));
		assertWithin(name + ".depth.input", found.get(":, ::16, ::16"), 1e-5);
	}

	@ParameterizedTest
	@ValueSource(strings = {"coffee", "chelsea"})
	void inverseDepth(final String name) {
		final Picture picture = Photographs.open(name);
		final FloatMap map = estimator.estimate(picture);
		assertWithin(name + ".depth.net", array(map).get("::4, ::4"), 2e-5);
		assertWithin(name + ".depth.full", array(map.resize(picture.width(), picture.height())).get("::8, ::8"), 2e-5);
	}

	/** A value just below a whole level may come out just above it. */
	@ParameterizedTest
	@ValueSource(strings = {"coffee", "chelsea"})
	void eightBits(final String name) {
		final Picture picture = Photographs.open(name);
		final JsonArray size = Reference.json("compact.json").getAsJsonObject(name).getAsJsonArray("resized");
		final Plane small = estimator.estimate(picture).toEightBits(picture.width(), picture.height()).resize(size.get(0).getAsInt(), size.get(1).getAsInt());
		final NDArray array = expected.get(name + ".small.depth");
		final int columns = (int) array.getShape().get(1);
		final byte[] values = array.toByteArray();
		assertEquals((small.height() + 15) / 16 * columns * 3, values.length);
		for (int i = 0; i < values.length; i++) { // three equal channels
			final int x = i / 3 % columns * 16;
			final int y = i / 3 / columns * 16;
			final int found = small.values()[y * small.width() + x] & 0xff;
			assertEquals(values[i] & 0xff, found, 1, x + "," + y);
		}
	}

	/** Planes that are one object are filtered once; the result must not depend on it. */
	@Test
	void greyIsThreeEqualChannels() {
		final byte[] values = new byte[300 * 250];
		for (int i = 0; i < values.length; i++)
			values[i] = (byte) (i * 31);
		final Picture shared = Picture.grey(new Plane(300, 250, values), List.of());
		final Picture separate = new Picture(new Plane(300, 250, values), new Plane(300, 250, values), new Plane(300, 250, values), List.of());
		assertArrayEquals(estimator.input(separate), estimator.input(shared));
	}

	private static NDArray array(final FloatMap map) {
		return manager.create(map.values(), new Shape(map.height(), map.width()));
	}

	private static void assertWithin(final String key, final NDArray found, final double tolerance) {
		assertEquals(expected.get(key).getShape(), found.getShape(), key);
		final double difference = expected.get(key).sub(found).abs().max().getFloat();
		assertTrue(difference <= tolerance, key + ": differs by " + difference);
	}
}
