package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

import io.github.dgiqa.network.Layers.Activation;
import io.github.dgiqa.network.Layers.Conv2d;
import io.github.dgiqa.network.Layers.Sequence;
import io.github.dgiqa.network.Layers.Step;

import java.util.List;

/**
 * The dense prediction head (Ranftl, Bochkovskiy, Koltun, arXiv 2103.13413) as Depth Anything has it: four maps of tokens
 * are brought to four scales and fused from coarse to fine. Inputs: four maps [N,dim,h,w]; result: inverse depth before
 * its last relu, [N,1,h*patch,w*patch]. For inference only. Sizes in comments are those of ViT-S on 518x784.
 */
final class DptHead extends Layer {

	private static final int SCALES = 4;
	private static final int LAST_CHANNELS = 32;

	private final Sequence projects;
	private final Sequence resizes;
	private final Scratch scratch;

	/**
	 * @param patch side of the patches that the tokens stand for, pixels
	 * @param dim channels of the tokens
	 * @param features channels of the fused maps
	 * @param channels channels of the four scales before
	 */
	DptHead(final int patch, final int dim, final int features, final int[] channels) {
		projects = child("projects", new Sequence());
		for (final int width : channels)
			projects.add(Conv2d.pointwise(dim, width));
		resizes = child("resize_layers", new Sequence(
			new Patches(channels[0], 4), new Patches(channels[1], 2), Activation.identity(), new Conv2d(channels[3], channels[3], 3, 2, 1, 1, 1, true)));
		scratch = child("scratch", new Scratch(patch, features, channels));
	}

	@Override
	NDList compute(final Pass pass, final NDList inputs) {
		final NDList scales = new NDList();
		for (int i = 0; i < SCALES; i++)
			scales.add(pass.run(resizes.get(i), pass.run(projects.get(i), inputs.get(i)))); // [N,48,148,224], [N,96,74,112], [N,192,37,56], [N,384,19,28]
		return pass.all(scratch, scales.toArray(new NDArray[0]));
	}

	/** {@code torch.nn.ConvTranspose2d} whose kernel is as large as its stride: each pixel becomes a square, [N,C,h,w] to [N,C,h*side,w*side]. */
	private static final class Patches extends Layer {

		private final Parameter weight;
		private final Parameter bias;
		private final int channels;
		private final int side;

		Patches(final int channels, final int side) {
			weight = parameter("weight", Parameter.Type.WEIGHT, channels, channels, side, side);
			bias = parameter("bias", Parameter.Type.BIAS, channels);
			this.channels = channels;
			this.side = side;
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray x = inputs.singletonOrThrow();
			final Shape shape = x.getShape();
			final long height = shape.get(2);
			final long width = shape.get(3);
			final NDArray squares = Layers.matMul(x.transpose(0, 2, 3, 1), pass.value(weight, x).reshape(channels, -1)); // [N,h,w,C*side*side]
			final NDArray map = squares.reshape(shape.get(0), height, width, channels, side, side).transpose(0, 1, 4, 2, 5, 3).reshape(shape.get(0), height * side, width * side, channels);
			return new NDList(map.add(pass.value(bias, x)).transpose(0, 3, 1, 2)); // channels last, as the next convolution takes them
		}
	}

	/** From the four scales to inverse depth. */
	static final class Scratch extends Layer {

		private final Conv2d[] layers = new Conv2d[SCALES];
		private final Fusion[] fusions = new Fusion[SCALES];
		/** From the four scales to the finest fused map. */
		final Step fuse = new Step(this::fuse);
		private final Conv2d outputConv1;
		private final Sequence outputConv2;
		private final int patch;

		Scratch(final int patch, final int features, final int[] channels) {
			for (int i = 0; i < SCALES; i++) {
				layers[i] = child("layer" + (i + 1) + "_rn", Conv2d.plain(channels[i], features, 3, 1, 1));
				fusions[i] = child("refinenet" + (i + 1), new Fusion(features));
			}
			outputConv1 = child("output_conv1", Conv2d.same(features, features / 2, 1));
			outputConv2 = child("output_conv2", new Sequence(Conv2d.same(features / 2, LAST_CHANNELS, 1), Activation.relu(), Conv2d.pointwise(LAST_CHANNELS, 1)));
			this.patch = patch;
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final Shape tokens = inputs.get(2).getShape(); // the scale that is as it came
			final NDArray path = pass.run(fuse, inputs.toArray(new NDArray[0])); // [N,64,296,448]
			final NDArray first = pass.run(outputConv1, path); // [N,32,296,448]
			return pass.all(outputConv2, Operators.bilinearCorners(first, tokens.get(2) * patch, tokens.get(3) * patch)); // [N,1,518,784]
		}

		private NDList fuse(final Pass pass, final NDList inputs) {
			final NDArray[] maps = new NDArray[SCALES];
			for (int i = 0; i < SCALES; i++)
				maps[i] = pass.run(layers[i], inputs.get(i)); // 64 channels each
			final NDArray path4 = pass.run(fusions[3], maps[3], maps[2]); // [N,64,37,56]
			final NDArray path3 = pass.run(fusions[2], maps[2], maps[1], path4); // [N,64,74,112]
			final NDArray path2 = pass.run(fusions[1], maps[1], maps[0], path3); // [N,64,148,224]
			return pass.all(fusions[0], maps[0], maps[0], path2); // [N,64,296,448]
		}
	}

	/**
	 * Joins a scale and what came from the coarser ones, and enlarges it (bilinear, align_corners=true). Inputs: the scale
	 * [N,C,h,w]; the next finer one [N,C,H,W], or the scale itself where there is none; what came from the coarser ones,
	 * [N,C,h,w], if any. Result: [N,C,H,W], or [N,C,2h,2w] where there is no finer one.
	 */
	private static final class Fusion extends Layer {

		private final ResidualUnit unit1;
		private final ResidualUnit unit2;
		private final Conv2d outConv;

		Fusion(final int features) {
			outConv = child("out_conv", Conv2d.pointwise(features, features));
			unit1 = child("resConfUnit1", new ResidualUnit(features));
			unit2 = child("resConfUnit2", new ResidualUnit(features));
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray own = inputs.get(0);
			final NDArray finer = inputs.get(1);
			final NDArray joined = inputs.size() == 2 ? own : inputs.get(2).add(pass.run(unit1, own));
			final int factor = finer == own ? 2 : 1;
			// as published but for the order: to mix channels and to enlarge each is the same either way, and less work on the small map
			final NDArray mixed = pass.run(outConv, pass.run(unit2, joined));
			return new NDList(Operators.bilinearCorners(mixed, factor * finer.getShape().get(2), factor * finer.getShape().get(3)));
		}
	}

	/** Two convolutions, each after a relu, added to their input: [N,C,H,W] to [N,C,H,W]. */
	private static final class ResidualUnit extends Layer {

		private final Activation relu = Activation.relu();
		private final Conv2d conv1;
		private final Conv2d conv2;
		/** For inference: both, and the relu between them; null before {@link #fuse}. */
		private FusedChain fused;

		ResidualUnit(final int channels) {
			conv1 = child("conv1", Conv2d.same(channels, channels, 1));
			conv2 = child("conv2", Conv2d.same(channels, channels, 1));
		}

		@Override
		void onFuse() {
			fused = new FusedChain(List.of(conv1.fused(null, FusedConvolution.Then.RELU), conv2.fused(null, FusedConvolution.Then.NOTHING)), FusedChain.Joined.RESULT);
		}

		@Override
		NDList compute(final Pass pass, final NDList inputs) {
			final NDArray x = inputs.singletonOrThrow();
			final NDArray positive = pass.run(relu, x);
			if (fused != null && !pass.training()) return new NDList(x.add(fused.apply(positive)));
			return new NDList(x.add(pass.run(conv2, pass.run(relu, pass.run(conv1, positive)))));
		}
	}
}
