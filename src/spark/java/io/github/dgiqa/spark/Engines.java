package io.github.dgiqa.spark;

import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.engine.Notices;

import java.util.HashMap;
import java.util.Map;

import org.apache.spark.SparkEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a process keeps for all of its tasks: one engine, and the models of each recipe once. They go with the process. */
final class Engines {

	private static final Logger LOG = LoggerFactory.getLogger(Engines.class);
	/** What Spark calls the driver where it is an executor too. */
	private static final String DRIVER = "driver";
	private static final Map<Recipe, Assessor> OPEN = new HashMap<>();

	private Engines() {}

	/** The assessor of this process; tasks that compute at the same time wait for each other in it. */
	static synchronized Assessor of(final Recipe recipe) {
		// the driver has a user to tell
		if (OPEN.isEmpty() && !DRIVER.equals(SparkEnv.get().executorId())) Notices.to(LOG::warn);
		return OPEN.computeIfAbsent(recipe, Recipe::open);
	}
}
