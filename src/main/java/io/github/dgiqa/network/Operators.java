package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;

/**
 * PyTorch's operators that DJL does not offer, or offers with an error: methods of a TorchScript module whose archive is
 * written here from text. They record no gradient, so they are for inference only. The module has no weights; it stays
 * until the process ends.
 */
final class Operators {

	private static final String CODE = """
		  def attention(self: __torch__.Operators, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
		    return torch.scaled_dot_product_attention(q, k, v)
		  def biased(self: __torch__.Operators, q: Tensor, k: Tensor, v: Tensor, bias: Tensor, times: int) -> Tensor:
		    return torch.scaled_dot_product_attention(q, k, v, torch.repeat(bias, [times, 1, 1, 1]))
		  def bilinear(self: __torch__.Operators, x: Tensor, size: List[int]) -> Tensor:
		    return torch.upsample_bilinear2d(x, size, True, None, None)
		  def bicubic(self: __torch__.Operators, x: Tensor, size: List[int], vertical: float, horizontal: float) -> Tensor:
		    return torch.upsample_bicubic2d(x, size, False, vertical, horizontal)
		""";

	private static final ScriptModule MODULE = ScriptModule.of(CODE);

	private Operators() {}

	/** {@code scaled_dot_product_attention}: softmax(q k' / sqrt(d)) v, each [N,heads,T,d]. */
	static NDArray attention(final NDArray q, final NDArray k, final NDArray v) {
		return MultiplyAdds.counted(MODULE.call("attention", q, IValue.from((PtNDArray) k), IValue.from((PtNDArray) v)), 2 * k.getShape().get(2)); // each of q's d numbers with each key, and back
	}

	/**
	 * The same with something added before the softmax.
	 *
	 * @param bias [M,heads,T,T], for the first M of N, for the next M and so on
	 */
	static NDArray attention(final NDArray q, final NDArray k, final NDArray v, final NDArray bias) {
		final long times = q.getShape().get(0) / bias.getShape().get(0);
		return MultiplyAdds.counted(MODULE.call("biased", q, IValue.from((PtNDArray) k), IValue.from((PtNDArray) v), IValue.from((PtNDArray) bias), IValue.from(times)), 2 * k.getShape().get(2));
	}

	/** Bilinear resize of [N,C,H,W] with align_corners=true. */
	static NDArray bilinearCorners(final NDArray x, final long height, final long width) {
		return Layers.inFloat32(x, y -> MODULE.call("bilinear", y, IValue.listFrom(height, width)));
	}

	/**
	 * Bicubic resize (a = -0.75) of [N,C,H,W] with align_corners=false and no antialias.
	 *
	 * @param vertical factor by which the positions are scaled; PyTorch's {@code scale_factor}
	 * @param horizontal likewise
	 */
	static NDArray bicubic(final NDArray x, final long height, final long width, final double vertical, final double horizontal) {
		return Layers.inFloat32(x, y -> MODULE.call("bicubic", y, IValue.listFrom(height, width), IValue.from(vertical), IValue.from(horizontal)));
	}
}
