package io.github.dgiqa.model;

/** Somebody who sees how far long work on models is. */
@FunctionalInterface
public interface Watch {

	/** Nobody. */
	Watch NOBODY = (step, done, all) -> {};

	/**
	 * Called now and then. What it throws ends the work, of which nothing is left.
	 *
	 * @param step what is being done: "reading dgiqa.pth"
	 * @param done bytes behind
	 * @param all bytes in all; -1 where that is not known
	 */
	void at(String step, long done, long all);

	/**
	 * Something takes time.
	 *
	 * @param sentence for people
	 */
	default void note(final String sentence) {}
}
