package io.github.dgiqa.depth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.google.gson.JsonArray;

import io.github.dgiqa.Photographs;
import io.github.dgiqa.PublishedWeights;
import io.github.dgiqa.Reference;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.weights.WeightWriter.Form;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Depth Anything ViT-S under the closed-form fill on whole photographs, against the published program's values. */
class DepthAnythingTest {

	private static final double TOLERANCE = 2e-5;

	@TempDir
	private static Path folder;

	private static NDManager manager;
	private static Map<String, NDArray> expected;
	private static DepthEstimator estimator;

	@BeforeAll
	static void load() {
		final TorchEngine engine = TorchEngine.start(DeviceChoice.CPU, 0);
		manager = engine.newManager();
		expected = Reference.arrays(manager, "published.npz");
		final Path weights = PublishedWeights.file(folder, "depth-anything-vits", Form.SAFETENSORS);
		estimator = new DepthEstimator(ModelStore.of(null).find("depth-anything-vits").with(weights), engine, Precision.FLOAT32, manager);
	}

	@AfterAll
	static void close() {
		manager.close();
	}

	@ParameterizedTest
	@ValueSource(strings = {"coffee", "chelsea", "motorcycle_left", "ihc_small"})
	void inputAndInverseDepth(final String name) {
		final Picture picture = Photographs.open(name);
		final JsonArray size = Reference.json("cases.json").getAsJsonObject(name).getAsJsonArray("depth_input");
		final Shape shape = new Shape(3, size.get(1).getAsLong(), size.get(0).getAsLong());
		final NDArray input = manager.create(estimator.input(picture), shape);
		Reference.assertClose(name + ".depth.input", expected.get(name + ".depth.input"), input.get(":, ::16, ::16"), TOLERANCE);

		final FloatMap map = estimator.estimate(picture);
		Reference.assertClose(name + ".depth.net", expected.get(name + ".depth.net"), array(map).get("::4, ::4"), TOLERANCE);
		Reference.assertClose(name + ".depth.full", expected.get(name + ".depth.full"), array(map.resize(picture.width(), picture.height())).get("::4, ::4"), TOLERANCE);
	}

	private static NDArray array(final FloatMap map) {
		return manager.create(map.values(), new Shape(map.height(), map.width()));
	}

	/**
	 * Worked out by hand. 1000x100: scale 5.18, 518 high, 5180 wide, which is 370 patches. 259x300: scale 2, 518 wide, 600
	 * high, 42.86 patches. 37x38: scale 14, 518 wide, 532 high. 74x75: scale 7, 525 high, 37.5 patches, half to even.
	 */
	@ParameterizedTest
	@CsvSource({"1000, 100, 2072, 518, 5180", "100, 1000, 518, 2072, 5180", "259, 300, 518, 602,", "37, 38, 518, 532,", "74, 75, 518, 532,", "518, 518, 518, 518,", "4, 16, 518, 2072,"})
	void sizeOfTheInput(final int width, final int height, final int inputWidth, final int inputHeight, final Integer cutFrom) {
		assertEquals(new DepthEstimator.InputSize(inputWidth, inputHeight), estimator.inputSize(width, height));
		if (cutFrom == null) assertNull(estimator.note(width, height));
		else assertEquals("for the depth model the long side was cut from " + cutFrom + " to 2072 pixels, the short one kept", estimator.note(width, height));
	}

	/** The cut image is the whole one, squeezed: a ramp along it is still one from end to end. */
	@Test
	void aLongImageIsSqueezed() {
		final int width = 2000;
		final byte[] values = new byte[width * 100];
		for (int i = 0; i < values.length; i++)
			values[i] = (byte) (i % width * 255 / (width - 1));
		final float[] input = estimator.input(Picture.grey(new Plane(width, 100, values), List.of()));
		assertEquals((0 - 0.485) / 0.229, input[0], 0.05);
		assertEquals((127.5 / 255 - 0.485) / 0.229, input[1036], 0.05);
		assertEquals((1 - 0.485) / 0.229, input[2071], 0.05);
	}
}
