package io.github.dgiqa.cli;

import io.github.dgiqa.download.Download;
import io.github.dgiqa.engine.EngineInfo;
import io.github.dgiqa.engine.EngineInstaller;
import io.github.dgiqa.engine.EngineOffer;

import java.net.URI;
import java.nio.file.Path;
import java.util.function.Function;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
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

	@Command(name = "info", description = "Says what was found of PyTorch, which one is used, on what device, and why not on the GPU.", mixinStandardHelpOptions = true, versionProvider = Cli.VersionText.class)
	int info() {
		final EngineInfo info = EngineInfo.gather();
		console.out().println(info);
		return info.works() ? ExitStatus.OK : ExitStatus.UNUSABLE;
	}

	@Command(name = "install", description = "Installs a PyTorch: libtorch's own archive, without a network; or, without one, DJL's, which is downloaded. Without --yes it only tells what it would download.", mixinStandardHelpOptions = true, versionProvider = Cli.VersionText.class)
	int install(
		@Parameters(paramLabel = "ZIP", arity = "0..1", description = "libtorch's archive, as PyTorch's site offers it") final Path zip,
		@Option(names = "--flavor", paramLabel = "cpu|cu128", description = "which one to download (default: the one for the GPU where one answers, else cpu)") final String flavor,
		@Option(names = "--from", paramLabel = "URL", description = "a copy of the folder on DJL's host, in place of that") final URI from,
		@Option(names = "--replace", description = "installs it again where it is there") final boolean replace,
		@Option(names = "--yes", description = "downloads what is shown without it") final boolean yes)
	{
		if (zip != null) {
			if (flavor != null || from != null || yes) throw new ParameterException(spec.commandLine(), "--flavor, --from and --yes belong to a download, and an archive is given; leave them out.");
			return done(listener -> EngineInstaller.fromArchive(zip, replace, listener), "Cancelled; nothing was installed.");
		}
		if (from != null && !Download.isAddress(from)) throw new ParameterException(spec.commandLine(), "--from is '" + from + "', and an address is needed that begins with https:// or http:// and names a host.");
		final EngineOffer offer = EngineOffer.ask(flavor, from, replace);
		offer.terms().forEach(console.out()::println);
		if (!yes) {
			console.err().println("Nothing was downloaded; the same call with --yes does it.");
			return ExitStatus.USAGE;
		}
		return done(offer::download, "Cancelled; what came is kept, and the same call goes on from there.");
	}

	/** Does the work, prints what it returns, and what there is then. @param farewell the last words when the user stops it */
	private int done(final Function<Download.Listener, String> work, final String farewell) {
		return Stoppable.run(console.err(), farewell, watch -> {
			console.out().println(work.apply(new Download.Listener() {

				@Override
				public void progress(final long done, final long all) {
					watch.at("PyTorch", done, all);
				}

				@Override
				public void note(final String sentence) {
					watch.note(sentence);
				}
			}));
			return info();
		});
	}
}
