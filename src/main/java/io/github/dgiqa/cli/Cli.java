package io.github.dgiqa.cli;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.Version;
import io.github.dgiqa.download.DownloadException;
import io.github.dgiqa.engine.Notices;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.model.ModelException;
import io.github.dgiqa.weights.WeightsException;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import javax.imageio.ImageIO;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line, once it is sure that Java is new enough. */
@Command(name = "dgiqa", description = "Tells how good an image is, as people would judge it, without a reference.", mixinStandardHelpOptions = true, versionProvider = Cli.VersionText.class)
public final class Cli implements Runnable {

	private static final String ASSESS = "assess";

	/** Loading it takes as long as what is done meanwhile. */
	private static CompletableFuture<Void> imageIo;

	@Spec
	private CommandSpec spec;

	private Cli() {}

	/** Runs the command line and ends the process. */
	public static void main(final String[] args) {
		final Console console = begin();
		if (args.length > 1 && args[0].equals(ASSESS)) HeadStart.begin(args, imageIo);
		final CommandLine line = new CommandLine(new Cli());
		final Map<String, Supplier<Object>> commands = commands(console);
		// looking through all commands' options takes a tenth of a second
		if (args.length > 0 && commands.containsKey(args[0])) line.addSubcommand(commands.get(args[0]).get());
		else commands.values().forEach(command -> line.addSubcommand(command.get()));
		final int status = run(line, console, args);
		TorchEngine.settle();
		System.exit(status);
	}

	/** Prepares this process for being a program of the terminal. */
	static Console begin() {
		System.setProperty("java.awt.headless", "true");
		System.setProperty("picocli.converters.excludes", "java[.](sql|time)[.].*"); // no option is of these: they cost classes
		// its files would be closed by the first Ctrl-C, in the middle of what ends in order then
		imageIo = CompletableFuture.runAsync(() -> ImageIO.setUseCache(false));
		final Console console = new Console();
		Notices.to(console.err()::println);
		return console;
	}

	/** Runs a command line. Returns the exit status. */
	static int run(final CommandLine line, final Console console, final String[] args) {
		imageIo.join();
		line.setExpandAtFiles(false); // a file may be called @a.png
		line.setOut(console.out()).setErr(console.err());
		line.setParameterExceptionHandler((e, arguments) -> {
			console.err().println(e.getMessage());
			console.err().println("'" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help' shows the options.");
			return ExitStatus.USAGE;
		});
		line.setExecutionExceptionHandler((e, command, parsed) -> {
			if (e instanceof ParameterException) throw e;
			return failure(e, console);
		});
		try {
			return line.execute(args);
		}
		catch (final Error e) { // picocli lets them pass
			return failure(e, console);
		}
	}

	private static Map<String, Supplier<Object>> commands(final Console console) {
		final Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
		commands.put(ASSESS, () -> new AssessCommand(console));
		commands.put("merge", () -> new MergeCommand(console));
		commands.put("distort", () -> new DistortCommand(console));
		commands.put("evaluate", () -> new EvaluateCommand(console));
		commands.put("train", () -> new TrainCommand(console));
		commands.put("models", () -> new ModelsCommand(console));
		commands.put("engine", () -> new EngineCommand(console));
		commands.put("bench", () -> new BenchCommand(console));
		return commands;
	}

	private static int failure(final Throwable e, final Console console) {
		final boolean expected = e instanceof DgiqaException || e instanceof IOException;
		console.err().println((expected ? "" : "Unexpected error, please report it: ") + DgiqaException.sentence(e));
		if (Console.isDebug()) e.printStackTrace(console.err());
		final boolean unusable = e instanceof ModelException || e instanceof WeightsException || e instanceof TorchEngine.EngineException || e instanceof DownloadException;
		return unusable ? ExitStatus.UNUSABLE : ExitStatus.FAILED;
	}

	@Override
	public void run() {
		throw new ParameterException(spec.commandLine(), "A command is missing: assess, merge, distort, evaluate, train, models, engine or bench.");
	}

	/** The text of {@code --version}. */
	static final class VersionText implements IVersionProvider {

		@Override
		public String[] getVersion() {
			return new String[] {"DGIQA " + Version.get()};
		}
	}
}
