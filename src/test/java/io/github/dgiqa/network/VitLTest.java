package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;

import io.github.dgiqa.PublishedWeights;
import io.github.dgiqa.Reference;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Normaliser;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.model.ModelDescription.Preprocessing;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;
import io.github.dgiqa.weights.WeightWriter.Form;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Depth Anything ViT-L under the closed-form fill, part by part: its result is 0 everywhere, so the parts are compared. */
class VitLTest {

	private static final double TOLERANCE = 2e-5;
	private static final int WIDTH = 784;
	private static final int HEIGHT = 518;

	@TempDir
	private static Path folder;

	private static NDManager manager;
	private static Map<String, NDArray> expected;
	private static DepthAnything network;
	private static Preprocessing preprocessing;
	private static Pass pass;

	@BeforeAll
	static void load() {
		manager = TorchEngine.start(DeviceChoice.CPU, 0).newManager();
		expected = Reference.arrays(manager, "published-vitl.npz");
		final StoredModel model = ModelStore.of(null).find("depth-anything-vitl");
		network = (DepthAnything) model.with(PublishedWeights.file(folder, model.name(), Form.SAFETENSORS)).load(manager);
		preprocessing = model.description().preprocessing();
		pass = new Pass(new ParameterStore(manager, false), false);
	}

	@AfterAll
	static void close() {
		manager.close();
	}

	@Test
	void everyPart() {
		final NDList maps = pass.all(child(network, "pretrained"), coffee()); // [1,1024,37,56]
		for (int i = 0; i < 4; i++)
			check("tokens" + (i + 1), maps.get(i).reshape(1024, -1).transpose().get("::37, ::64"));

		final Layer head = child(network, "depth_head");
		final NDArray[] scales = new NDArray[4];
		for (int i = 0; i < 4; i++)
			scales[i] = pass.run(child(head, "resize_layers." + i), pass.run(child(head, "projects." + i), maps.get(i)));
		final DptHead.Scratch scratch = (DptHead.Scratch) child(head, "scratch");
		final NDArray path = pass.run(scratch.fuse, scales);
		check("path1", path.get("0, ::16, ::16, ::16"));
		check("conv1", pass.run(child(scratch, "output_conv1"), path).get("0, ::16, ::16, ::16"));
		check("before_relu", pass.run(head, maps.toArray(new NDArray[0])).get("0, 0, ::16, ::16"));
	}

	private static NDArray coffee() {
		final Picture picture = ImageFile.open(Path.of("samples", "coffee.png")).picture(0);
		final Normaliser normaliser = new Normaliser(preprocessing.mean(), preprocessing.std());
		final FloatBuffer input = FloatBuffer.allocate(3 * WIDTH * HEIGHT);
		for (int c = 0; c < 3; c++)
			normaliser.putChannel(c, picture.planes().get(c).resizeBicubic(WIDTH, HEIGHT), input);
		return manager.create(input.array(), new Shape(1, 3, HEIGHT, WIDTH));
	}

	private static void check(final String part, final NDArray found) {
		final String key = "coffee.vitl." + part;
		Reference.assertClose(key, expected.get(key), found, TOLERANCE);
	}

	private static Layer child(final Layer layer, final String path) {
		Layer found = layer;
		for (final String name : path.split("\\."))
			found = (Layer) found.getChildren().get(name);
		return found;
	}
}
