package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

import io.github.dgiqa.network.Layers.Activation;
import io.github.dgiqa.network.Layers.BatchNorm2d;
import io.github.dgiqa.network.Layers.Conv2d;
import io.github.dgiqa.network.Layers.Dropout2d;
import io.github.dgiqa.network.Layers.Sequence;

import java.util.List;

/** Transformer-CNN bridge (TCB): brings the global context of a backbone and local detail together, [N,inputs,H,W] to [N,outputs,H,W]. */
final class Bridge extends Layer {

	private final Conv2d conv1;
	private final Sequence attention;
	private final Conv2d conv2;
	private final BatchNorm2d norm;
	private final Activation relu = Activation.relu();
	private final Dropout2d dropout;
	/** For inference; null before {@link #fuse}. */
	private FusedChain gate;
	private FusedChain local;

	/**
	 * @param reduction by how much the gate narrows the channels
	 * @param dropout share of channels dropped in training
	 */
	Bridge(final int inputs, final int outputs, final int reduction, final double dropout) {
		conv1 = child("conv1", Conv2d.pointwise(inputs, outputs));
		attention = child("attention", new Sequence(
			Conv2d.pointwise(outputs, outputs / reduction), Activation.relu(),
			Conv2d.pointwise(outputs / reduction, outputs), Activation.sigmoid()));
		conv2 = child("conv2", Conv2d.same(outputs, outputs, 1));
		norm = child("norm", new BatchNorm2d(outputs));
		this.dropout = new Dropout2d(dropout);
	}

	@Override
	void onFuse() {
		gate = attention.chain(FusedChain.Joined.PRODUCT);
		local = new FusedChain(List.of(conv2.fused(norm, FusedConvolution.Then.RELU)), FusedChain.Joined.RESULT);
	}

	@Override
	NDList compute(final Pass pass, final NDList inputs) {
		// In the comments: the first of the published bridges.
		final NDArray x = pass.run(conv1, inputs.singletonOrThrow()); // [N,96,56,56] to [N,64,56,56]
		if (local != null && !pass.training()) return new NDList(local.apply(gate.apply(x)));
		final NDArray gated = x.mul(pass.run(attention, x)); // a gate for each channel of each pixel, [N,64,56,56]
		final NDArray mixed = pass.run(relu, pass.run(norm, pass.run(conv2, gated))); // [N,64,56,56]
		return new NDList(pass.run(dropout, mixed));
	}
}
