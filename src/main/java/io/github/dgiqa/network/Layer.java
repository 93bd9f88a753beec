package io.github.dgiqa.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import ai.djl.util.PairList;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Base of every layer. It takes care of three things, so that a layer is only its mathematics:
 * <ul>
 * <li>names: a child or parameter is called as in PyTorch, so the path of a parameter is the key of its weights;</li>
 * <li>weights: {@link #namedParameters()} lists them with their shapes, {@link #assign} gives them their values;</li>
 * <li>native memory: everything a layer makes, except its results, is freed when its forward returns.</li>
 * </ul>
 * Without {@code training} no gradient is recorded, in whichever thread the layer runs. Concurrent forwards without
 * {@code training} are safe.
 */
public abstract class Layer extends AbstractBlock {

	private final Map<Parameter, Shape> shapes = new LinkedHashMap<>();
	private final List<String> counters = new ArrayList<>();

	/** Begins in another thread to load the operators that layers need for inference; the engine runs already. */
	public static void prepareAhead() {
		CompletableFuture.runAsync(PackedOperators::areThere);
	}

	/** The mathematics of this layer. Nothing needs to be closed. */
	abstract NDList compute(Pass pass, NDList inputs);

	/** A weight or a buffer with its declared shape. Buffers (running statistics) take no gradient. */
	public record Named(String path, Parameter parameter, Shape shape) {}

	final <B extends Block> B child(final String name, final B block) {
		// not addChildBlock: it puts a number before the name
		children.add(name, block);
		return block;
	}

	final Parameter parameter(final String name, final Parameter.Type type, final long... shape) {
		final boolean buffer = type == Parameter.Type.RUNNING_MEAN || type == Parameter.Type.RUNNING_VAR;
		final Parameter parameter = addParameter(Parameter.builder().setName(name).setType(type).optRequiresGrad(!buffer).build());
		shapes.put(parameter, new Shape(shape));
		return parameter;
	}

	/** Declares a single number that PyTorch keeps with the weights and that is of no use here. */
	final void counter(final String name) {
		counters.add(name);
	}

	/** The keys and shapes of PyTorch's {@code state_dict()} of this layer: the parameters and the counters. */
	public final Map<String, Shape> stateDict() {
		final Map<String, Shape> all = new LinkedHashMap<>();
		collect("", all);
		return all;
	}

	private void collect(final String prefix, final Map<String, Shape> all) {
		shapes.forEach((p, shape) -> all.put(prefix + p.getName(), shape));
		counters.forEach(name -> all.put(prefix + name, new Shape()));
		for (final Pair<String, Block> child : children)
			((Layer) child.getValue()).collect(prefix + child.getKey() + ".", all);
	}

	/** All parameters of this layer and its children, under their PyTorch paths, in order of declaration. */
	public final List<Named> namedParameters() {
		final List<Named> all = new ArrayList<>();
		collect("", all);
		return all;
	}

	private void collect(final String prefix, final List<Named> all) {
		shapes.forEach((p, shape) -> all.add(new Named(prefix + p.getName(), p, shape)));
		for (final Pair<String, Block> child : children)
			((Layer) child.getValue()).collect(prefix + child.getKey() + ".", all);
	}

	/**
	 * Gives all parameters their values.
	 *
	 * @param weights float32 arrays by path; each must be there and have its parameter's shape. The layer keeps them:
	 *          they must live as long as it does. Other entries are not looked at.
	 * @throws IllegalArgumentException where one is missing or has another shape
	 */
	public final void assign(final Map<String, NDArray> weights) {
		for (final Named named : namedParameters()) {
			final NDArray array = weights.get(named.path());
			if (array == null || !array.getShape().equals(named.shape()))
				throw new IllegalArgumentException(named.path() + ": expected " + named.shape() + ", found " + (array == null ? "nothing" : array.getShape()));
			named.parameter().setArray(array);
		}
	}

	/**
	 * Joins, for inference, what can be computed in one step, with the weights that it has now: they must not change any
	 * more.
	 */
	public final void fuse() {
		each(Layer::onFuse);
	}

	/** The layer's own part in {@link #fuse}. */
	void onFuse() {}

	/** Forgets what it computed from its weights alone: they have changed in place. */
	public final void weightsChanged() {
		each(Layer::forget);
	}

	/** This layer, and all in it. */
	private void each(final Consumer<Layer> work) {
		work.accept(this);
		for (final Block child : children.values())
			((Layer) child).each(work);
	}

	/** The layer's own part in {@link #weightsChanged}. */
	void forget() {}

	/** Tells all batch norms in it what to do in training. @param held by the path of its running mean, whether one stays {@link Statistics#FIXED} */
	public final void use(final Statistics chosen, final Predicate<String> held) {
		use("", chosen, held);
	}

	private void use(final String prefix, final Statistics chosen, final Predicate<String> held) {
		final boolean isHeld = shapes.keySet().stream().anyMatch(p -> p.getType() == Parameter.Type.RUNNING_MEAN && held.test(prefix + p.getName()));
		setStatistics(isHeld ? Statistics.FIXED : chosen);
		for (final Pair<String, Block> child : children)
			((Layer) child.getValue()).use(prefix + child.getKey() + ".", chosen, held);
	}

	/** The layer's own part in {@link #use}. */
	void setStatistics(final Statistics chosen) {}

	@Override
	protected final NDList forwardInternal(final ParameterStore store, final NDList inputs, final boolean training, final PairList<String, Object> params) {
		// PyTorch's switch is per thread, and on in every thread but the one that started the engine.
		final boolean switchOff = !training && JniUtils.isGradMode();
		if (switchOff) JniUtils.setGradMode(false);
		try {
			return scoped(new Pass(store, training), inputs);
		}
		finally {
			if (switchOff) JniUtils.setGradMode(true);
		}
	}

	private NDList scoped(final Pass pass, final NDList inputs) {
		final NDList results;
		try (NDScope scope = new NDScope()) {
			scope.suppressNotUsedWarning();
			results = compute(pass, inputs);
			NDScope.unregister(results);
		}
		for (final NDArray result : results) {
			// an input handed through belongs to whoever made it
			if (inputs.stream().noneMatch(input -> input == result)) NDScope.register(result);
		}
		return results;
	}

	@Override
	protected final void prepare(final Shape[] inputShapes) {
		shapes.forEach((p, shape) -> {
			if (!p.isInitialized() && p.getShape() == null) p.setShape(shape);
		});
	}

	@Override
	protected final void initializeChildBlocks(final NDManager manager, final DataType dataType, final Shape... inputShapes) {
		// All shapes are declared, so what a child's input looks like does not matter here.
		for (final Block child : children.values())
			child.initialize(manager, dataType, inputShapes);
	}

	/** The shapes of the results, found by running the layer on zeros; only for a layer with weights. */
	@Override
	public final Shape[] getOutputShapes(final Shape[] inputShapes) {
		final List<Named> named = namedParameters();
		if (named.isEmpty()) throw new UnsupportedOperationException("without weights the layer has no place to run");
		try (NDManager manager = named.get(0).parameter().getArray().getManager().newSubManager()) {
			final NDList zeros = new NDList();
			for (final Shape shape : inputShapes)
				zeros.add(manager.zeros(shape));
			return forward(new ParameterStore(manager, false), zeros, false).getShapes();
		}
	}
}
