package io.github.dgiqa.cli;

import io.github.dgiqa.engine.Precision;

import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options about where and how to compute, of all commands that score. */
final class ComputeOptions extends DeviceOptions {

	@Option(names = "--precision", paramLabel = "float32|float16", description = "numbers to compute with; float16 on a GPU only (default: ${DEFAULT-VALUE})", defaultValue = "float32")
	private String precision;

	/** @throws ParameterException where it is none */
	Precision precision() {
		return Precision.parse(precision).orElseThrow(() -> usage("--precision must be float32 or float16, not " + precision + "."));
	}
}
