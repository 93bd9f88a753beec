package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDArrays;

import io.github.dgiqa.network.Layers.Activation;
import io.github.dgiqa.network.Layers.BatchNorm2d;
import io.github.dgiqa.network.Layers.Conv2d;
import io.github.dgiqa.network.Layers.Linear;
import io.github.dgiqa.network.Layers.Sequence;

import java.util.Arrays;

/**
 * The quality network (Ramesh, Liu, Wang, Islam, arXiv 2505.24002). An image and its depth go through a backbone each;
 * bridges bring the four scales of both to the coarsest grid; depth-guided cross-attention and refinement (Depth-CAR)
 * join them; dilated convolutions and a global average give the score.
 * <p>
 * Inputs: normalised RGB [N,3,H,W] and depth [N,3,H,W] (three equal channels). With h = H/32, w = W/32 and T = h*w, the
 * results are
 * <ol>
 * <li>the logit [N]; the score is its sigmoid;</li>
 * <li>the logit of each cell [N,h,w]: the last layer after the global average is linear, so they average to the logit;</li>
 * <li>the cross-attention [N,T(depth),T(image)], averaged over heads; each row adds up to 1;</li>
 * <li>in training only: the image's features after its bridges, averaged over the cells, [N,{@link #features}].</li>
 * </ol>
 */
public final class DgiqaNetwork extends Layer {

	/**
	 * @param backbone backbone of the image
	 * @param depthBackbone backbone of the depth
	 * @param bridges channels of the four scales after their bridges; together the channels of the attention
	 * @param bridgeReduction by how much a bridge's gate narrows its channels
	 * @param bridgeDropout share of channels that a bridge drops in training
	 * @param bridgeAverage whether a bridge's map is averaged over each cell of the coarsest grid; if not, it is sampled
	 *          there, bilinearly, as published
	 * @param heads heads of both attentions
	 * @param dilated channels of the dilated convolutions
	 */
	public record Sizes(Backbone.Sizes backbone, Backbone.Sizes depthBackbone, int[] bridges, int bridgeReduction, double bridgeDropout, boolean bridgeAverage, int heads, int dilated) {}

	private static final int SCALES = 4;

	private final Backbone backbone;
	private final Backbone depthBackbone;
	private final Bridge[] bridges = new Bridge[SCALES];
	private final Bridge[] depthBridges = new Bridge[SCALES];
	private final AttentionBlock cross;
	private final AttentionBlock refinement;
	private final Sequence dilatedStack;
	private final Linear fc;
	private final int features;
	private final boolean averages;

	/** The number of features after the bridges. */
	public int features() {
		return features;
	}

	/** A network of the given sizes, without weights. */
	public DgiqaNetwork(final Sizes sizes) {
		final int dim = Arrays.stream(sizes.bridges).sum();
		features = dim;
		averages = sizes.bridgeAverage;
		backbone = child("backbone", sizes.backbone.build());
		depthBackbone = child("depth_backbone", sizes.depthBackbone.build());
		for (int i = 0; i < SCALES; i++) {
			bridges[i] = child("tcb" + (i + 1), new Bridge(sizes.backbone.channels()[i], sizes.bridges[i], sizes.bridgeReduction, sizes.bridgeDropout));
			depthBridges[i] = child("tcb" + (i + 1) + "_depth", new Bridge(sizes.depthBackbone.channels()[i], sizes.bridges[i], sizes.bridgeReduction, sizes.bridgeDropout));
		}
		cross = child("depth_guided_cross_attention", AttentionBlock.cross(dim, sizes.heads));
		refinement = child("refinement_attention", AttentionBlock.self(dim, sizes.heads));
		dilatedStack = child("dilated_stack", new Sequence(
			Conv2d.same(dim, sizes.dilated, 2), new BatchNorm2d(sizes.dilated), Activation.relu(),
			Conv2d.same(sizes.dilated, sizes.dilated, 4), new BatchNorm2d(sizes.dilated), Activation.relu()));
		fc = child("fc", new Linear(sizes.dilated, 1));
	}

	@Override
	NDList compute(final Pass pass, final NDList inputs) {
		// In the comments: C = sum of the bridges' channels (960 as published), K = dilated channels (1024), 7 = H/32 for crops of 224.
		final NDArray image = fuse(pass, inputs.get(0), backbone, bridges); // [N,C,7,7]
		final NDArray depth = fuse(pass, inputs.get(1), depthBackbone, depthBridges); // [N,C,7,7]

		final NDList crossed = pass.all(cross, tokens(depth), tokens(image)); // [N,49,C], [N,49,49]
		final NDArray refined = pass.all(refinement, crossed.get(0), crossed.get(0)).get(0); // [N,49,C]

		final NDArray grid = refined.transpose(0, 2, 1).reshape(image.getShape()); // [N,C,7,7]
		final NDArray last = pass.run(dilatedStack, grid); // [N,K,7,7]
		final NDArray cells = pass.run(fc, last.transpose(0, 2, 3, 1)).squeeze(-1); // [N,7,7]
		final NDArray average = tokens(last).mean(new int[] {1}); // [N,K]
		final NDArray logit = pass.run(fc, average).squeeze(-1); // [N]
		final NDList results = new NDList(logit, cells, crossed.get(1));
		if (pass.training()) results.add(tokens(image).mean(new int[] {1}));
		return results;
	}

	/** All scales of one input on the coarsest grid, [N,C,7,7]. */
	NDArray fuse(final Pass pass, final NDArray x, final Backbone backbone, final Bridge[] bridges) {
		final NDList maps = pass.all(backbone, x); // as published [N,96,56,56], [N,192,28,28], [N,384,14,14], [N,768,7,7]
		final long height = maps.get(SCALES - 1).getShape().get(2);
		final long width = maps.get(SCALES - 1).getShape().get(3);
		final NDList scales = new NDList();
		for (int i = 0; i < SCALES; i++)
			scales.add(onGrid(pass.run(bridges[i], maps.get(i)), height, width)); // [N,64,7,7], [N,128,7,7], [N,256,7,7], [N,512,7,7]
		return NDArrays.concat(scales, 1);
	}

	private NDArray onGrid(final NDArray x, final long height, final long width) {
		return averages ? Layers.average(x, height, width) : Layers.bilinear(x, height, width);
	}

	/** [N,C,h,w] to [N,h*w,C]. */
	private static NDArray tokens(final NDArray x) {
		return x.reshape(x.getShape().get(0), x.getShape().get(1), -1).transpose(0, 2, 1);
	}
}
