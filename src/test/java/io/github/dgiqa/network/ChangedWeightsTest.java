package io.github.dgiqa.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;

import io.github.dgiqa.NativeMemory;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

/** A network whose weights change in place, as a moving average does. */
class ChangedWeightsTest extends NativeMemory {

	private Map<String, NDArray> weights(final Layer layer) {
		final Map<String, NDArray> weights = new HashMap<>();
		layer.namedParameters().forEach(named -> weights.put(named.path(), manager.arange((int) named.shape().size()).sin().reshape(named.shape())));
		return weights;
	}

	private float[] run(final Layer layer, final NDArray x) {
		return new Pass(new ParameterStore(manager, false), false).run(layer, x).toFloatArray();
	}

	@Test
	void windowAttentionTakesTheNewBias() {
		final WindowAttention attention = new WindowAttention(8, 2, 7, 3);
		final Map<String, NDArray> weights = weights(attention);
		attention.assign(weights);
		final NDArray x = manager.arange(14 * 14 * 8).cos().reshape(new Shape(1, 14, 14, 8));
		final float[] before = run(attention, x);
		weights.get("relative_position_bias_table").muli(-1);
		attention.weightsChanged();
		final WindowAttention fresh = new WindowAttention(8, 2, 7, 3);
		fresh.assign(weights);
		final float[] expected = run(fresh, x);
		assertFalse(Arrays.equals(before, expected));
		assertArrayEquals(expected, run(attention, x));
	}
}
