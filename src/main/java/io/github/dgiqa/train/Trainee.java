package io.github.dgiqa.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.network.Layer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** A network in training: its weights and its helpers', the optimizer's state, and the moving average, all in native memory. */
final class Trainee {

	private static final String HELPERS = "helpers.";
	private static final int CONVOLUTION_AXES = 4;

	/** A weight, and its moving average. */
	private record Followed(NDArray value, NDArray average) {}

	private final Layer network;
	/** The same network with the averaged weights. */
	private final Layer averaged;
	private final AdamW optimizer;
	private final List<AdamW.Learned> learned = new ArrayList<>();
	/** All that a run needs to go on, by name. */
	private final Map<String, NDArray> state = new LinkedHashMap<>();
	private final List<Followed> averages = new ArrayList<>();
	private final TrainingPlan plan;

	/**
	 * @param averaged of the network's sizes, without weights
	 * @param helpers may be null
	 * @param start the value of each parameter: its path, and the parameter
	 */
	Trainee(final Layer network, final Layer averaged, final Layer helpers, final TrainingPlan plan, final BiFunction<String, Layer.Named, NDArray> start, final NDManager manager) {
		this.network = network;
		this.averaged = averaged;
		this.plan = plan;
		final Predicate<String> frozen = frozen(plan);
		final Map<String, NDArray> average = new HashMap<>();
		network.assign(take(network, "", frozen, start, average, manager));
		averaged.assign(average);
		if (helpers != null) helpers.assign(take(helpers, HELPERS, path -> false, start, new HashMap<>(), manager));
		optimizer = new AdamW(learned, plan);
	}

	private Map<String, NDArray> take(final Layer layer, final String prefix, final Predicate<String> frozen, final BiFunction<String, Layer.Named, NDArray> start, final Map<String, NDArray> average, final NDManager manager) {
		final Map<String, NDArray> values = new HashMap<>();
		for (final Layer.Named named : layer.namedParameters()) {
			final String path = prefix + named.path();
			final NDArray value;
			try (NDArray given = start.apply(path, named)) {
				value = owned(given, manager);
			}
			values.put(named.path(), value);
			state.put("value." + path, value);
			if (prefix.isEmpty()) {
				final NDArray mean = owned(value, manager);
				average.put(named.path(), mean);
				state.put("average." + path, mean);
				averages.add(new Followed(value, mean));
			}
			if (!named.parameter().requiresGradient() || frozen.test(named.path())) {
				named.parameter().freeze(true);
				continue;
			}
			value.setRequiresGradient(true);
			final AdamW.Learned one = new AdamW.Learned(value, zeros(named.shape(), manager), zeros(named.shape(), manager), decays(named.shape()));
			state.put("mean." + path, one.mean());
			state.put("square." + path, one.square());
			learned.add(one);
		}
		return values;
	}

	/** Tells the paths of parameters that stay as they are. */
	static Predicate<String> frozen(final TrainingPlan plan) {
		final List<Pattern> patterns = plan.frozen().stream().map(Pattern::compile).toList();
		return path -> patterns.stream().anyMatch(pattern -> pattern.matcher(path).matches());
	}

	/** @throws DgiqaException where a pattern of the plan is for no parameter of the network, or all patterns are for all */
	static void checkFrozen(final Layer network, final TrainingPlan plan) {
		final List<String> paths = network.namedParameters().stream().filter(named -> named.parameter().requiresGradient()).map(Layer.Named::path).toList();
		for (final String pattern : plan.frozen())
			if (paths.stream().noneMatch(Pattern.compile(pattern).asMatchPredicate()))
				throw new DgiqaException("No parameter of the network has a path that the pattern " + pattern + " is for, such as " + paths.get(0) + ": the whole path must match; .* stands for any part of it.");
		if (paths.stream().allMatch(frozen(plan))) throw new DgiqaException("All parameters of the network are frozen, so there is nothing to learn: give fewer patterns.");
	}

	/** Biases and norms have one axis. */
	private static boolean decays(final Shape shape) {
		return shape.dimension() > 1;
	}

	/** A copy; a convolution's has its channels last in memory, with which convolutions are faster. */
	private static NDArray owned(final NDArray array, final NDManager manager) {
		final NDArray copy;
		if (array.getShape().dimension() == CONVOLUTION_AXES) {
			try (NDArray last = array.transpose(0, 2, 3, 1); NDArray inOrder = last.duplicate()) {
				copy = inOrder.transpose(0, 3, 1, 2);
			}
		}
		else copy = array.duplicate();
		copy.attach(manager);
		return copy;
	}

	private static NDArray zeros(final Shape shape, final NDManager manager) {
		try (NDArray zeros = manager.zeros(shape)) {
			return owned(zeros, manager);
		}
	}

	Layer network() {
		return network;
	}

	/** The network with the averaged weights. */
	Layer averaged() {
		return averaged;
	}

	/** As {@link AdamW#step}, and moves the average. */
	double step(final int step, final NDManager manager) {
		final double norm = optimizer.step(step, manager);
		if (Double.isFinite(norm)) moveAverage(Math.min(plan.average(), (1.0 + step) / (10 + step)), manager);
		return norm;
	}

	/** Makes the average what the weights are. */
	void restartAverage(final NDManager manager) {
		moveAverage(0, manager);
	}

	private void moveAverage(final double keep, final NDManager manager) {
		for (final Followed one : averages)
			try (NDManager scratch = manager.newSubManager()) {
				final NDArray plain = one.value.stopGradient();
				plain.attach(scratch);
				final NDArray part = plain.mul(1 - keep);
				part.attach(scratch);
				one.average.muli(keep).addi(part);
			}
	}

	/** All that a run needs to go on, by name. The arrays are the ones in use. */
	Map<String, NDArray> state() {
		return state;
	}

	/** The averaged weights, by their paths. */
	Map<String, NDArray> result() {
		final Map<String, NDArray> result = new LinkedHashMap<>();
		averaged.namedParameters().forEach(named -> result.put(named.path(), named.parameter().getArray()));
		return result;
	}
}
