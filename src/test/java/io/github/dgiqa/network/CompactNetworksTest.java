package io.github.dgiqa.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import io.github.dgiqa.Reference;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.model.ModelStore;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The compact networks against PyTorch's values, layer by layer. */
class CompactNetworksTest {

	private static final double FEATURES = 2e-5;
	private static final double SCORES = 1e-5;

	private static NDManager manager;
	private static Map<String, NDArray> expected;
	private static DgiqaNetwork quality;
	private static DepthPyramid depth;
	private static Pass pass;

	@BeforeAll
	static void load() {
		manager = TorchEngine.start(TorchEngine.Choice.CPU, 0).newManager();
		expected = Reference.arrays(manager, "compact.npz");
		quality = (DgiqaNetwork) ModelStore.of(null).find("dgiqa-compact").load(manager);
		depth = (DepthPyramid) ModelStore.of(null).find("depth-compact").load(manager);
		pass = new Pass(new ParameterStore(manager, false), false);
	}

	@AfterAll
	static void close() {
		manager.close();
	}

	@Test
	void keysAndShapesAreThoseOfPyTorch() {
		final JsonObject shapes = Reference.json("compact-shapes.json");
		assertEquals(shapes(shapes.getAsJsonObject("dgiqa-compact")), shapes(quality));
		assertEquals(shapes(shapes.getAsJsonObject("depth-compact")), shapes(depth));
	}

	private static Map<String, Shape> shapes(final JsonObject json) {
		final Map<String, Shape> shapes = new TreeMap<>();
		json.entrySet().forEach(e -> shapes.put(e.getKey(), new Shape(e.getValue().getAsJsonArray().asList().stream().mapToLong(JsonElement::getAsLong).toArray())));
		return shapes;
	}

	private static Map<String, Shape> shapes(final Layer layer) {
		return layer.namedParameters().stream().collect(Collectors.toMap(Layer.Named::path, Layer.Named::shape, (a, b) -> a, TreeMap::new));
	}

	@Test
	void featuresOfTheBackbones() {
		final NDArray rgb = Reference.input(manager, 3, 1009);
		checkStages("rgb", pass.all(child(quality, "backbone"), rgb));
		checkStages("depth", pass.all(child(quality, "depth_backbone"), depthInput()));
		checkStages("depthnet", pass.all(child(depth, "encoder"), rgb));
	}

	private static void checkStages(final String name, final NDList maps) {
		assertEquals(4, maps.size());
		for (int i = 0; i < 4; i++) {
			final NDArray map = maps.get(i);
			final long step = map.getShape().get(2) / 7;
			final NDArray sample = map.get(":, ::8, ::" + step + ", ::" + step);
			final String key = name + ".stage" + (i + 1) + ".sample";
			Reference.assertClose(key, expected.get(key), sample, FEATURES);
		}
	}

	@Test
	void everyPartOfTheQualityNetwork() {
		final NDArray fusedRgb = fuse(Reference.input(manager, 3, 1009), "backbone", "");
		final NDArray fusedDepth = fuse(depthInput(), "depth_backbone", "_depth");
		Reference.assertClose("fused_rgb", expected.get("fused_rgb"), everyEighth(fusedRgb), FEATURES);
		Reference.assertClose("fused_depth", expected.get("fused_depth"), everyEighth(fusedDepth), FEATURES);

		final NDList crossed = pass.all(child(quality, "depth_guided_cross_attention"), tokens(fusedDepth), tokens(fusedRgb));
		Reference.assertClose("cross.out", expected.get("cross.out"), everyEighth(grid(crossed.get(0))), FEATURES);
		Reference.assertClose("attention", expected.get("cross_attention.head_mean"), crossed.get(1), FEATURES);

		final NDArray refined = pass.all(child(quality, "refinement_attention"), crossed.get(0), crossed.get(0)).get(0);
		Reference.assertClose("refined.out", expected.get("refined.out"), everyEighth(grid(refined)), FEATURES);
		final NDArray dilated = pass.run(child(quality, "dilated_stack"), grid(refined));
		Reference.assertClose("dilated.out", expected.get("dilated.out"), everyEighth(dilated), FEATURES);
	}

	private static NDArray fuse(final NDArray x, final String backbone, final String suffix) {
		final Bridge[] bridges = new Bridge[4];
		for (int i = 0; i < 4; i++)
			bridges[i] = (Bridge) child(quality, "tcb" + (i + 1) + suffix);
		return DgiqaNetwork.fuse(pass, x, (Backbone) child(quality, backbone), bridges);
	}

	private static NDArray tokens(final NDArray x) {
		return x.reshape(2, 160, 49).transpose(0, 2, 1);
	}

	private static NDArray grid(final NDArray tokens) {
		return tokens.transpose(0, 2, 1).reshape(2, 160, 7, 7);
	}

	private static NDArray everyEighth(final NDArray x) {
		return x.get(":, ::8");
	}

	@Test
	void scores() {
		final NDList results = pass.all(quality, Reference.input(manager, 3, 1009), depthInput());
		final float[] logits = results.get(0).toFloatArray();
		final float[] scores = expected.get("score").toFloatArray();
		for (int i = 0; i < 2; i++)
			assertEquals(scores[i], 1 / (1 + Math.exp(-logits[i])), SCORES);
		// a linear layer after an average: the cells' logits average to the crop's
		final NDArray average = results.get(1).reshape(2, 49).mean(new int[] {1});
		Reference.assertClose("cells", results.get(0), average, FEATURES);
	}

	@Test
	void inverseDepth() {
		final NDArray found = pass.run(depth, Reference.input(manager, 3, 1009));
		Reference.assertClose("depthnet.out", expected.get("depthnet.out"), found.get(":, :, ::4, ::4"), FEATURES);
	}

	@Test
	void noGradientInAnyThread() throws InterruptedException {
		final boolean[] recorded = {true};
		final NDArray rgb = Reference.input(manager, 3, 1009);
		quality.namedParameters().forEach(p -> p.parameter().getArray().setRequiresGradient(p.parameter().requiresGradient()));
		final Thread thread = new Thread(() -> recorded[0] = pass.all(quality, rgb, depthInput()).get(0).hasGradient());
		thread.start();
		thread.join();
		quality.namedParameters().forEach(p -> p.parameter().getArray().setRequiresGradient(false));
		assertFalse(recorded[0]);
	}

	private static NDArray depthInput() {
		return Reference.input(manager, 1, 499).repeat(1, 3);
	}

	private static Block child(final Layer layer, final String name) {
		final Block child = layer.getChildren().get(name);
		assertTrue(child != null, name);
		return child;
	}
}
