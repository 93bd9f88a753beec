package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

import io.github.dgiqa.network.Layers.Linear;

/**
 * Window attention with relative positions (Swin): each token looks at those of its own window. [N,H,W,dim] to
 * [N,H,W,dim].
 */
final class WindowAttention extends Layer {

	private final Parameter biasTable;
	private final Linear qkv;
	private final Linear proj;
	private final int heads;
	private final int side;
	private final int shift;
	private Constants constants;

	WindowAttention(final int dim, final int heads, final int side, final int shift) {
		Layers.requireHeads(dim, heads);
		biasTable = parameter("relative_position_bias_table", Parameter.Type.OTHER, (2L * side - 1) * (2L * side - 1), heads);
		qkv = child("qkv", new Linear(dim, 3 * dim));
		proj = child("proj", new Linear(dim, dim));
		this.heads = heads;
		this.side = side;
		this.shift = shift;
	}

	@Override
	NDList compute(final Pass pass, final NDList inputs) {
		// In the comments: M windows of T = 49 tokens, d = dim/heads.
		final NDArray x = inputs.singletonOrThrow();
		final Shape shape = x.getShape();
		final long n = shape.get(0);
		final long dim = shape.get(3);
		final Windows windows = Windows.of(shape.get(1), shape.get(2), side, shift);
		final Constants fixed = constants(pass, windows, x);

		final NDArray tokens = x.reshape(n, -1, dim).get(new NDIndex(":, {}", fixed.places)); // [N,M*T,dim], window by window
		final NDArray parts = pass.run(qkv, tokens).reshape(n * windows.count(), windows.tokens(), 3, heads, dim / heads).transpose(2, 0, 3, 1, 4); // [3,N*M,heads,T,d]
		final NDArray found = pass.training() ? attention(parts, n, fixed) : Operators.attention(parts.get(0), parts.get(1), parts.get(2), fixed.bias); // [N*M,heads,T,d]
		final NDArray joined = found.transpose(0, 2, 1, 3).reshape(n, -1, dim); // [N,M*T,dim]
		return new NDList(pass.run(proj, joined).get(new NDIndex(":, {}", fixed.tokens)).reshape(shape));
	}

	/** With gradients. @param parts queries, keys and values */
	private NDArray attention(final NDArray parts, final long n, final Constants fixed) {
		final long tokens = fixed.windows.tokens();
		final NDArray q = Scalar.times(parts.get(0), 1 / Math.sqrt((double) parts.getShape().get(4)));
		final NDArray scores = Layers.matMul(q, parts.get(1).transpose(0, 1, 3, 2)); // [N*M,heads,T,T]
		final NDArray attention = scores.reshape(n, -1, heads, tokens, tokens).add(fixed.bias).softmax(-1).reshape(scores.getShape());
		return Layers.matMul(attention, parts.get(2));
	}

	/**
	 * What depends on the size of the map and the weights alone.
	 *
	 * @param places order of the tokens, window by window, [M*T]
	 * @param tokens the way back, [M*T]
	 * @param bias added to the scores, [M,heads,T,T], or [1,heads,T,T] where no window has a seam
	 */
	private record Constants(Windows windows, NDArray table, NDArray places, NDArray tokens, NDArray bias) {

		boolean fit(final Windows others, final NDArray otherTable) {
			return table == otherTable && windows.equals(others);
		}
	}

	private Constants constants(final Pass pass, final Windows windows, final NDArray x) {
		final NDArray table = pass.value(biasTable, x);
		if (pass.training()) return make(windows, table, x.getManager());
		synchronized (this) {
			if (constants == null || !constants.fit(windows, table)) {
				constants = make(windows, table, table.getManager());
				// kept with the weights, beyond this forward
				NDScope.unregister(constants.places, constants.tokens, constants.bias);
			}
			return constants;
		}
	}

	@Override
	synchronized void forget() {
		if (constants == null) return;
		constants.places.close();
		constants.tokens.close();
		constants.bias.close();
		constants = null;
	}

	private Constants make(final Windows windows, final NDArray table, final NDManager manager) {
		final int tokens = windows.tokens();
		final NDArray rows = indices(Windows.relativePositions(side), manager);
		final NDArray bias = table.get(rows).reshape(tokens, tokens, heads).transpose(2, 0, 1).expandDims(0); // [1,heads,T,T]
		final NDArray masked = windows.shift() == 0 ? bias : bias.add(manager.create(windows.mask(), new Shape(windows.count(), 1, tokens, tokens)).toType(table.getDataType(), false));
		return new Constants(windows, table, indices(windows.places(), manager), indices(windows.tokensOfPlaces(), manager), masked);
	}

	/** In PyTorch's own memory, where the gradient still finds them. */
	private static NDArray indices(final int[] indices, final NDManager manager) {
		return manager.create(indices).duplicate();
	}
}
