package io.github.dgiqa.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;

import io.github.dgiqa.Reference;

import java.util.Map;

/** A quality network of any sizes against PyTorch's values, part by part, for inputs of two images. */
record QualityChecks(DgiqaNetwork network, Map<String, NDArray> expected, NDManager manager, Pass pass) {

	static final double FEATURES = 2e-5;
	static final double SCORES = 1e-5;

	QualityChecks(final DgiqaNetwork network, final Map<String, NDArray> expected, final NDManager manager) {
		this(network, expected, manager, new Pass(new ParameterStore(manager, false), false));
	}

	NDArray rgb() {
		return Reference.input(manager, 3, 1009);
	}

	/** Three equal channels. */
	NDArray depth() {
		return Reference.input(manager, 1, 499).repeat(1, 3);
	}

	/** The four feature maps [N,C,H,W] of a child that is a backbone. */
	NDList stages(final String backbone, final NDArray input) {
		final NDList maps = pass.all(child(network, backbone), input);
		assertEquals(4, maps.size());
		return maps;
	}

	/** Everything behind the backbones. */
	void parts() {
		final NDArray fusedRgb = fuse(rgb(), "backbone", "");
		final NDArray fusedDepth = fuse(depth(), "depth_backbone", "_depth");
		check("fused_rgb", everyEighth(fusedRgb));
		check("fused_depth", everyEighth(fusedDepth));

		final NDList crossed = pass.all(child(network, "depth_guided_cross_attention"), tokens(fusedDepth), tokens(fusedRgb));
		check("cross.out", everyEighth(grid(crossed.get(0))));
		check("cross_attention.head_mean", crossed.get(1));

		final NDArray refined = pass.all(child(network, "refinement_attention"), crossed.get(0), crossed.get(0)).get(0);
		check("refined.out", everyEighth(grid(refined)));
		check("dilated.out", everyEighth(pass.run(child(network, "dilated_stack"), grid(refined))));
	}

	void scores() {
		final NDList results = pass.all(network, rgb(), depth());
		final float[] logits = results.get(0).toFloatArray();
		final float[] scores = expected.get("score").toFloatArray();
		for (int i = 0; i < 2; i++)
			assertEquals(scores[i], 1 / (1 + Math.exp(-logits[i])), SCORES);
		// a linear layer after an average: the cells' logits average to the crop's
		final NDArray average = results.get(1).reshape(2, 49).mean(new int[] {1});
		Reference.assertClose("cells", results.get(0), average, FEATURES);
	}

	void check(final String key, final NDArray found) {
		Reference.assertClose(key, expected.get(key), found, FEATURES);
	}

	Bridge bridge(final int scale, final String suffix) {
		return (Bridge) child(network, "tcb" + scale + suffix);
	}

	/** All four scales of a backbone's maps behind their bridges. */
	NDArray fuse(final NDArray x, final String backbone, final String suffix) {
		final Bridge[] bridges = new Bridge[4];
		for (int i = 0; i < 4; i++)
			bridges[i] = bridge(i + 1, suffix);
		return network.fuse(pass, x, (Backbone) child(network, backbone), bridges);
	}

	private static NDArray tokens(final NDArray x) {
		return x.reshape(2, -1, 49).transpose(0, 2, 1);
	}

	private static NDArray grid(final NDArray tokens) {
		return tokens.transpose(0, 2, 1).reshape(2, -1, 7, 7);
	}

	private static NDArray everyEighth(final NDArray x) {
		return x.get(":, ::8");
	}

	static Block child(final Layer layer, final String name) {
		final Block child = layer.getChildren().get(name);
		assertNotNull(child, name);
		return child;
	}
}
