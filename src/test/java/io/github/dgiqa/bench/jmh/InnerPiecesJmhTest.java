package io.github.dgiqa.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Measures the inner pieces with JMH; the profile jmh runs it. How fast they are counts for nothing: the table is for whoever reads it. */
@Tag("jmh")
class InnerPiecesJmhTest {

	/** System property: a regular expression for the names of the pieces to measure; all without it. */
	private static final String INCLUDE = "dgiqa.jmh.include";

	private static final int WARM_UPS = 3;
	private static final int MEASUREMENTS = 5;

	@Test
	void piecesAreMeasured() throws RunnerException {
		System.setProperty("jmh.blackhole.autoDetect", "false"); // the compiler's own is experimental, and Java 17 warns of it
		final Options options = new OptionsBuilder()
			.include(InnerPieces.class.getName() + "\\.(" + System.getProperty(INCLUDE, ".*") + ")$")
			.forks(1)
			.warmupIterations(WARM_UPS).warmupTime(TimeValue.seconds(1))
			.measurementIterations(MEASUREMENTS).measurementTime(TimeValue.seconds(1))
			.shouldFailOnError(true)
			.build();
		assertFalse(new Runner(options).run().isEmpty());
	}
}
