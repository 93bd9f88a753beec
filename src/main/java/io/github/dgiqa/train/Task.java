package io.github.dgiqa.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import com.google.gson.JsonObject;

import io.github.dgiqa.network.Layer;

/**
 * What a network is trained for: its examples, its loss, its figures.
 *
 * @param <B> the examples of a step, ready for the network
 */
interface Task<B> {

	/** The examples of a step, always the same. May be called by several threads. @param step from 0 */
	B batch(long step);

	/** Layers that help in training and are thrown away then; null for none. */
	Layer helpers();

	/** Runs the network in training on a batch. @return the loss, a number with a gradient */
	NDArray loss(Layer network, B batch, NDManager manager);

	/**
	 * Looks at the held-out part.
	 *
	 * @param between called now and then, in any thread; what it throws ends the work
	 */
	Figures evaluate(Layer network, NDManager manager, Runnable between);

	/** The data, for the record; equal where the data are the same. */
	JsonObject description();
}
