package io.github.dgiqa.cli;

import io.github.dgiqa.engine.EngineInfo;


import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code engine}: which PyTorch is here, and another one. */
@Command(name = "engine", description = "Says which PyTorch is here and what it computes on; installs another.", mixinStandardHelpOptions = true, versionProvider = Cli.VersionText.class)
final class EngineCommand implements Runnable {

	@Spec
	private CommandSpec spec;

	private final Console console;

	EngineCommand(final Console console) {
		this.console = console;
	}

	@Override
	public void run() {
		throw new ParameterException(spec.commandLine(), "A command is missing: engine info or engine install.");
	}

	@Command(name = "info", description = "What was found of PyTorch, which one is used, on what device, and why not on the GPU.", mixinStandardHelpOptions = true)
	int info() {
		final EngineInfo info = EngineInfo.gather();
		console.out().println(info);
		return info.works() ? ExitStatus.OK : ExitStatus.UNUSABLE;
	}
}
