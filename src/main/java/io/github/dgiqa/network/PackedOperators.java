package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;

/** PyTorch's operators of oneDNN with weights in its own order; not every PyTorch has them. They record no gradient. */
final class PackedOperators {

	private static final String CONVOLUTION = """
		  def %s(self: __torch__.Operators, x: Tensor, w: Tensor, b: Tensor, stride: List[int], padding: List[int], dilation: List[int], groups: int) -> Tensor:
		    return ops.mkldnn._convolution_pointwise(x, w, b, padding, stride, dilation, groups, "%s", annotate(List[Optional[number]], [%s]), "")
		""";

	private static final String CODE = """
		  def pack(self: __torch__.Operators, w: Tensor, stride: List[int], padding: List[int], dilation: List[int], groups: int, size: List[int]) -> Tensor:
		    return ops.mkldnn._reorder_convolution_weight(w, padding, stride, dilation, groups, size)
		""" + CONVOLUTION.formatted("plain", "none", "") + CONVOLUTION.formatted("relu", "relu", "") + CONVOLUTION.formatted("relu6", "hardtanh", "0., 6.");

	/** Null where this PyTorch has none. */
	private static final ScriptModule MODULE = load();

	private PackedOperators() {}

	private static ScriptModule load() {
		try {
			return ScriptModule.of(CODE);
		}
		catch (final RuntimeException e) {
			return null; // it was built without oneDNN
		}
	}

	static boolean areThere() {
		return MODULE != null;
	}

	/** Weights in the order for inputs of a shape. */
	static NDArray pack(final NDArray weight, final FusedConvolution.Form form, final Shape input) {
		return MODULE.call("pack", weight, list(form.stride()), list(form.padding()), list(form.dilation()), IValue.from((long) form.groups()), list(input));
	}

	/** @param method plain, relu or relu6 */
	static NDArray convolution(final String method, final NDArray x, final NDArray packed, final NDArray bias, final FusedConvolution.Form form) {
		return MODULE.call(method, x, IValue.from((PtNDArray) packed), IValue.from((PtNDArray) bias), list(form.stride()), list(form.padding()), list(form.dilation()), IValue.from((long) form.groups()));
	}

	private static IValue list(final Shape shape) {
		return IValue.listFrom(shape.getShape());
	}
}
