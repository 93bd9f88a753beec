package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** PyTorch's operators of oneDNN with weights in its own order; not every PyTorch has them. They record no gradient. */
final class PackedOperators {

	private static final String CODE = """
		  def pack(self: __torch__.Operators, w: Tensor, stride: List[int], padding: List[int], dilation: List[int], groups: int, size: List[int]) -> Tensor:
		    return ops.mkldnn._reorder_convolution_weight(w, padding, stride, dilation, groups, size)
		  def chain(self: __torch__.Operators, x: Tensor, weights: List[Tensor], biases: List[Tensor], forms: List[List[List[int]]], joined: int) -> Tensor:
		    y = x
		    for i in range(torch.len(weights)):
		      w = weights[i]
		      b = biases[i]
		      stride, padding, dilation, more, = forms[i]
		      groups, then, = more
		%s
		    if joined == %d:
		      y = torch.add_(y, x)
		    elif joined == %d:
		      y = torch.mul_(y, x)
		    return y
		""".formatted(convolutions(), FusedChain.Joined.SUM.ordinal(), FusedChain.Joined.PRODUCT.ordinal());

	/** Null where this PyTorch has none. */
	private static final ScriptModule MODULE = load();

	private PackedOperators() {}

	/** A convolution for each of what can be done at its end: the operator takes that as a constant. */
	private static String convolutions() {
		return Stream.of(FusedConvolution.Then.values()).map(then -> """
			      if then == %d:
			        y = ops.mkldnn._convolution_pointwise(y, w, b, padding, stride, dilation, groups, "%s", annotate(List[Optional[number]], [%s]), "")
			""".formatted(then.ordinal(), then.attribute(), then.numbers())).collect(Collectors.joining());
	}

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

	/** Convolutions one after the other in one call, and what {@link FusedChain.Joined} says. */
	static NDArray chain(final NDArray x, final Steps steps) {
		return MODULE.run("chain", x, steps.weights, steps.biases, steps.forms, steps.joined);
	}

	/** Convolutions as {@link #chain} takes them. */
	record Steps(IValue weights, IValue biases, IValue forms, IValue joined) {}

	/** @param orders of the weights, one for each convolution; what is made here is closed with the manager of the first */
	static Steps steps(final List<FusedConvolution> convolutions, final List<NDArray> orders, final FusedChain.Joined joined) {
		final IValue biases = tensors(convolutions.stream().map(FusedConvolution::bias).toList());
		final IValue forms = listOfLists(convolutions.stream().map(PackedOperators::form));
		final Steps steps = new Steps(tensors(orders), biases, forms, IValue.from((long) joined.ordinal()));
		for (final IValue value : List.of(steps.weights, steps.biases, steps.forms, steps.joined))
			orders.get(0).getManager().attachInternal(value.getUid(), value);
		return steps;
	}

	private static IValue tensors(final List<NDArray> arrays) {
		return IValue.listFrom(arrays.toArray(PtNDArray[]::new));
	}

	private static IValue form(final FusedConvolution convolution) {
		final FusedConvolution.Form form = convolution.form();
		return listOfLists(Stream.of(list(form.stride()), list(form.padding()), list(form.dilation()), IValue.listFrom(form.groups(), convolution.then().ordinal())));
	}

	private static IValue listOfLists(final Stream<IValue> lists) {
		final IValue[] all = lists.toArray(IValue[]::new);
		try {
			return IValue.listFrom(all);
		}
		finally {
			for (final IValue one : all)
				one.close();
		}
	}

	private static IValue list(final Shape shape) {
		return IValue.listFrom(shape.getShape());
	}
}
