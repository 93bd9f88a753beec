package io.github.dgiqa.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import io.github.dgiqa.Photographs;
import io.github.dgiqa.PublishedWeights;
import io.github.dgiqa.Reference;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.Normaliser;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.image.Sampling.Position;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.weights.Fill;
import io.github.dgiqa.weights.WeightWriter.Form;

import java.nio.FloatBuffer;
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

/** The published networks under the closed-form fill against PyTorch's values, layer by layer. */
class PublishedNetworksTest {

	private static final int SIDE = 224;
	private static final Normaliser NORMALISER = new Normaliser(new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f});

	@TempDir
	private static Path folder;

	private static NDManager manager;
	private static QualityChecks checks;

	@BeforeAll
	static void load() {
		manager = TorchEngine.start(DeviceChoice.CPU, 0).newManager();
		final Path weights = PublishedWeights.file(folder, "dgiqa", Form.SAFETENSORS);
		final DgiqaNetwork network = (DgiqaNetwork) ModelStore.of(null).find("dgiqa").with(weights).load(manager);
		checks = new QualityChecks(network, Reference.arrays(manager, "published.npz"), manager);
	}

	@AfterAll
	static void close() {
		manager.close();
	}

	@ParameterizedTest
	@CsvSource({"dgiqa, dgiqa, 482", "depth_anything_vits, depth-anything-vits, 239", "depth_anything_vitb, depth-anything-vitb, 239", "depth_anything_vitl, depth-anything-vitl, 407"})
	void keysAndShapesAreThoseOfPyTorch(final String published, final String model, final int tensors) {
		final Map<String, Shape> expected = Fill.published(published);
		final Map<String, Shape> found = ModelStore.of(null).find(model).network().stateDict();
		assertEquals(expected, found);
		assertEquals(tensors, found.size());
	}

	@Test
	void numberOfParameters() {
		final long parameters = checks.network().namedParameters().stream().filter(named -> named.parameter().requiresGradient()).mapToLong(named -> named.shape().size()).sum();
		assertEquals(102_878_829, parameters);
	}

	@Test
	void featuresOfTheBackbones() {
		checkStages("rgb", checks.stages("backbone", checks.rgb()));
		checkStages("depth", checks.stages("depth_backbone", checks.depth()));
	}

	private static void checkStages(final String name, final NDList maps) {
		for (int i = 0; i < 4; i++) {
			final NDArray map = maps.get(i).transpose(0, 2, 3, 1); // [N,H,W,C]
			final String key = name + ".stage" + (i + 1);
			final long step = map.getShape().get(1) / 7;
			checks.check(key + ".sample", map.get(":, ::" + step + ", ::" + step + ", ::16"));
			final double[] meanAndDeviation = checks.expected().get(key + ".meanstd").toDoubleArray();
			final double mean = map.mean().getFloat();
			final double variance = map.sub((float) mean).square().mean().getFloat() * map.size() / (map.size() - 1);
			assertEquals(meanAndDeviation[0], mean, 2e-5, key);
			assertEquals(meanAndDeviation[1], Math.sqrt(variance), 2e-5, key);
		}
	}

	@Test
	void bridges() {
		final NDList maps = checks.stages("backbone", checks.rgb());
		for (int i = 1; i <= 4; i++)
			checks.check("tcb" + i + ".sample", checks.pass().run(checks.bridge(i, ""), maps.get(i - 1)).get(":, ::8, ::7, ::7"));
	}

	@Test
	void everyPartBehindTheBackbones() {
		checks.parts();
	}

	@Test
	void scores() {
		checks.scores();
		final NDArray logits = checks.pass().all(checks.network(), checks.rgb(), checks.depth()).get(0);
		checks.check("logit", logits.reshape(2, 1));
	}

	/** 8-bit images and depth ramps as given: crops, their order and their scores. */
	@ParameterizedTest
	@ValueSource(strings = {"coffee", "chelsea", "motorcycle_left", "ihc_small"})
	void cropsOfPhotographs(final String name) {
		final Picture picture = Photographs.open(name);
		final JsonObject given = Reference.json("cases.json").getAsJsonObject(name);
		final int width = given.getAsJsonArray("small").get(0).getAsInt();
		final int height = given.getAsJsonArray("small").get(1).getAsInt();
		final List<Plane> rgb = Plane.each(picture.planes(), plane -> plane.resize(width, height));
		final Plane depth = ramp(picture.width(), picture.height()).resize(width, height);
		checkLevels(name + ".small.rgb", rgb);
		checkLevels(name + ".small.depth", List.of(depth));

		final List<Position> positions = new Sampling.Random(20, 42).positions(width, height, SIDE);
		final JsonArray xy = given.getAsJsonArray("crops_xy");
		final float[] scores = checks.expected().get(name + ".crop.scores").toFloatArray();
		double sum = 0;
		for (int i = 0; i < positions.size(); i++) {
			final Position at = positions.get(i);
			assertEquals(xy.get(i).getAsJsonArray().toString(), "[" + at.x() + "," + at.y() + "]");
			final NDArray logit = checks.pass().all(checks.network(), crop(rgb, at), crop(List.of(depth, depth, depth), at)).get(0);
			final double score = 1 / (1 + Math.exp(-logit.toFloatArray()[0]));
			assertEquals(scores[i], score, QualityChecks.SCORES, "crop " + i);
			sum += score;
		}
		assertEquals(given.get("mean").getAsDouble(), sum / positions.size(), QualityChecks.SCORES);
	}

	/** The stand-in for a depth map: y*200/height + x*55/width, in whole numbers. */
	private static Plane ramp(final int width, final int height) {
		final byte[] values = new byte[width * height];
		for (int i = 0; i < values.length; i++)
			values[i] = (byte) (i / width * 200 / height + i % width * 55 / width);
		return new Plane(width, height, values);
	}

	private static void checkLevels(final String key, final List<Plane> planes) {
		final NDArray expected = checks.expected().get(key); // [h,w,channels] or [h,w]
		final byte[] values = expected.toByteArray();
		final int columns = (int) expected.getShape().get(1);
		for (int i = 0; i < values.length; i++) {
			final int place = i / planes.size();
			final Plane plane = planes.get(i % planes.size());
			final int x = place % columns * 16;
			final int y = place / columns * 16;
			assertEquals(values[i] & 0xff, plane.values()[y * plane.width() + x] & 0xff, 1, key + " " + x + "," + y);
		}
	}

	private static NDArray crop(final List<Plane> planes, final Position at) {
		final FloatBuffer values = FloatBuffer.allocate(3 * SIDE * SIDE);
		NORMALISER.putSquare(planes, at.x(), at.y(), SIDE, values);
		return manager.create(values.array(), new Shape(1, 3, SIDE, SIDE));
	}
}
