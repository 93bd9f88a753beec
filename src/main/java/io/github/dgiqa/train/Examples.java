package io.github.dgiqa.train;

import com.google.gson.JsonObject;

import java.util.List;

/** Where examples come from. May be used by several threads. */
public interface Examples {

	/**
	 * The examples of a step: always the same.
	 *
	 * @param step from 0
	 * @throws io.github.dgiqa.DgiqaException where an image cannot be used
	 */
	List<Example> batch(long step);

	/** The images of the held-out part. @param between called between them, in any thread; what it throws ends the work */
	List<HeldOut> heldOut(Runnable between);

	/** How many kinds of distortions there are; 0 where none are told apart. */
	int kinds();

	/** What the data are, for the record; equal where the data are the same. */
	JsonObject description();
}
