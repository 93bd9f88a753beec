package io.github.dgiqa.cli;

import io.github.dgiqa.engine.DeviceChoice;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options about where to compute. */
class DeviceOptions {

	private static final int MOST_THREADS = 256;

	@Spec(Spec.Target.MIXEE)
	private CommandSpec spec;

	@Option(names = "--device", paramLabel = "auto|cpu|gpu|gpu:N|mps", description = "where to compute (default: ${DEFAULT-VALUE})", defaultValue = "auto")
	private String device;

	@Option(names = "--threads", paramLabel = "N", description = "threads on the CPU (default: PyTorch's choice)")
	private Integer threads;

	/** @throws ParameterException where it is none */
	final DeviceChoice device() {
		return DeviceChoice.parse(device).orElseThrow(() -> usage("--device must be one of " + DeviceChoice.WORDS + ", not " + device + "."));
	}

	/** 0 for PyTorch's choice. @throws ParameterException where the number cannot be */
	final int threads() {
		if (threads != null && (threads < 1 || threads > MOST_THREADS)) throw usage("--threads must be from 1 to " + MOST_THREADS + ", not " + threads + ".");
		return threads == null ? 0 : threads;
	}

	final ParameterException usage(final String sentence) {
		return new ParameterException(spec.commandLine(), sentence);
	}
}
