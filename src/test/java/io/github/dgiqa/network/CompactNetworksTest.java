package io.github.dgiqa.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import io.github.dgiqa.Reference;
import io.github.dgiqa.engine.DeviceChoice;
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

	private static NDManager manager;
	private static DgiqaNetwork quality;
	private static DepthPyramid depth;
	private static QualityChecks checks;

	@BeforeAll
	static void load() {
		manager = TorchEngine.start(DeviceChoice.CPU, 0).newManager();
		quality = (DgiqaNetwork) ModelStore.of(null).find("dgiqa-compact").load(manager);
		depth = (DepthPyramid) ModelStore.of(null).find("depth-compact").load(manager);
		checks = new QualityChecks(quality, Reference.arrays(manager, "compact.npz"), manager);
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
		checkStages("rgb", checks.stages("backbone", checks.rgb()));
		checkStages("depth", checks.stages("depth_backbone", checks.depth()));
		checkStages("depthnet", checks.pass().all(QualityChecks.child(depth, "encoder"), checks.rgb()));
	}

	private static void checkStages(final String name, final NDList maps) {
		for (int i = 0; i < 4; i++) {
			final long step = maps.get(i).getShape().get(2) / 7;
			checks.check(name + ".stage" + (i + 1) + ".sample", maps.get(i).get(":, ::8, ::" + step + ", ::" + step));
		}
	}

	@Test
	void everyPartOfTheQualityNetwork() {
		checks.parts();
	}

	@Test
	void scores() {
		checks.scores();
	}

	@Test
	void inverseDepth() {
		checks.check("depthnet.out", checks.pass().run(depth, checks.rgb()).get(":, :, ::4, ::4"));
	}

	@Test
	void noGradientInAnyThread() throws InterruptedException {
		final boolean[] recorded = {true};
		final NDArray rgb = checks.rgb();
		quality.namedParameters().forEach(p -> p.parameter().getArray().setRequiresGradient(p.parameter().requiresGradient()));
		final Thread thread = new Thread(() -> recorded[0] = checks.pass().all(quality, rgb, checks.depth()).get(0).hasGradient());
		thread.start();
		thread.join();
		quality.namedParameters().forEach(p -> p.parameter().getArray().setRequiresGradient(false));
		assertFalse(recorded[0]);
	}
}
