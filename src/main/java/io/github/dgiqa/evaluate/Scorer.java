package io.github.dgiqa.evaluate;

import io.github.dgiqa.evaluate.sets.Opinion;

import java.util.List;

/** Something that gives numbers to images. */
interface Scorer extends AutoCloseable {

	/**
	 * One of the numbers.
	 *
	 * @param name in tables
	 * @param lowerIsBetter whether good images are expected to have low numbers
	 */
	record Measure(String name, boolean lowerIsBetter) {}

	/** Who is told what came of an image, in the order of the images. */
	interface Listener {

		void done(Opinion opinion, ScoreFile.Row row);
	}

	/** What its files are called by. */
	String name();

	/** Everything that the numbers depend on, so that rows of another run can be told from these. */
	String parameters();

	List<Measure> measures();

	/** cpu, gpu ... */
	String device();

	/**
	 * Scores images; one that fails does not stop the others.
	 *
	 * @param between called between steps; what it throws ends the work
	 */
	void score(List<Opinion> images, Listener listener, Runnable between);

	@Override
	void close();
}
