package io.github.dgiqa.cli;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.model.ModelDownload;
import io.github.dgiqa.model.ModelException;
import io.github.dgiqa.model.ModelImport;
import io.github.dgiqa.model.ModelImport.Wishes;
import io.github.dgiqa.model.ModelRow;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.Outcome;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code models}: the models that are there, and how others come and go. */
@Command(name = "models", description = "Lists the models that are there, and keeps those of yours.", mixinStandardHelpOptions = true, versionProvider = Cli.VersionText.class, sortOptions = false,
	exitCodeListHeading = "%nExit status:%n",
	exitCodeList = {"0:all is well", "2:wrong usage, or --yes is missing", "3:a model cannot be used, imported, downloaded or removed", "130:cancelled"})
final class ModelsCommand implements Callable<Integer> {

	private static final String GAP = "  ";

	@Spec
	private CommandSpec spec;

	@Option(names = "--store", paramLabel = "FOLDER", scope = ScopeType.INHERIT, description = "folder of your models (default: the environment variable " + ModelStore.VARIABLE + ", or one in your home)")
	private Path folder;

	private final Console console;

	ModelsCommand(final Console console) {
		this.console = console;
	}

	@Override
	public Integer call() {
		return list();
	}

	@Command(name = "list", description = "Lists the models: name, size of the weights, licence, origin, state. That is what 'models' alone does.", mixinStandardHelpOptions = true)
	int list() {
		final ModelStore store = store();
		final List<List<String>> rows = new ArrayList<>(List.of(ModelRow.HEADINGS));
		store.rows().forEach(row -> rows.add(row.cells()));
		print(rows);
		console.err().println("Models of yours are in " + store.folder() + ".");
		return ExitStatus.OK;
	}

	@Command(name = "info", description = "Tells all about a model.", mixinStandardHelpOptions = true)
	int info(@Parameters(paramLabel = "NAME|FOLDER") final String name) {
		print(ModelInfo.of(name, store().find(name)));
		return ExitStatus.OK;
	}

	@Command(name = "import", description = "Brings weights into your folder of models: a weight file (.pth, .pt, .bin, .safetensors), whose network its tensors tell; or a folder or zip with a model, with several, or with one weight file.", mixinStandardHelpOptions = true, sortOptions = false)
	int importModel(@Parameters(paramLabel = "PATH") final Path path, @Option(names = "--name", paramLabel = "NAME", description = "the model's name (default: that of its description)") final String name,
		@Option(names = "--replace", description = "replaces a model of that name") final boolean replace)
	{
		final Wishes wishes = wishes("import", name, replace);
		return Stoppable.run(console.err(), "Cancelled; the models are as they were.", watch -> told(ModelImport.run(store(), path, wishes, watch)));
	}

	@Command(name = "download", description = "Downloads models' weights and imports them. Without --yes it only tells from where, how much and under which licence, and contacts nobody.", mixinStandardHelpOptions = true, sortOptions = false)
	int download(@Parameters(paramLabel = "NAME", arity = "1..*") final List<String> names, @Option(names = "--yes", description = "downloads") final boolean yes,
		@Option(names = "--from", paramLabel = "URL", description = "another place to take it from, such as a mirror") final String from,
		@Option(names = "--name", paramLabel = "NAME", description = "the model's name in your folder (default: the same)") final String name,
		@Option(names = "--replace", description = "replaces a model of that name") final boolean replace)
	{
		if (names.size() > 1 && (from != null || name != null)) throw usage("download", (from != null ? "--from" : "--name") + " goes with one model, and " + names.size() + " were named.");
		final Map<String, ModelDownload> downloads = new LinkedHashMap<>();
		for (final String model : names)
			downloads.put(model, ModelDownload.of(store(), model, from, wishes("download", name, replace)));
		if (!yes) {
			downloads.values().forEach(download -> console.out().println(download.offer()));
			console.err().println("Nothing was downloaded; add --yes to do so.");
			return ExitStatus.USAGE;
		}
		return Stoppable.run(console.err(), "Cancelled; what came is kept in " + store().folder() + " for another try.", // each is told at once, for the next may be stopped
			watch -> downloads.entrySet().stream().mapToInt(download -> told(List.of(tried(download.getKey(), () -> download.getValue().run(watch))))).reduce(ExitStatus.OK, Math::max));
	}

	@Command(name = "verify", description = "Reads the weights of models, and compares their SHA-256 and shapes with their descriptions.", mixinStandardHelpOptions = true)
	int verify(@Parameters(paramLabel = "NAME", arity = "0..*", description = "all where none is named") final List<String> names) {
		final ModelStore store = store();
		final boolean all = names == null;
		int status = ExitStatus.OK;
		for (final String name : all ? store.names() : names) {
			final Outcome outcome = store.verify(name, all);
			console.out().println(outcome.name() + ": " + outcome.sentence());
			if (!outcome.ok()) status = ExitStatus.UNUSABLE;
		}
		return status;
	}

	@Command(name = "remove", description = "Removes models from your folder. Those in the program stay.", mixinStandardHelpOptions = true)
	int remove(@Parameters(paramLabel = "NAME", arity = "1..*") final List<String> names) {
		final ModelStore store = store();
		return told(names.stream().map(name -> tried(name, () -> store.remove(name))).toList());
	}

	/** What cannot be done to one model does not keep the others from it. */
	private static Outcome tried(final String name, final Supplier<Outcome> work) {
		try {
			return work.get();
		}
		catch (final DgiqaException e) {
			return new Outcome(name, false, e.getMessage());
		}
	}

	private ModelStore store() {
		final ModelStore store = ModelStore.of(folder, null);
		store.checkFolder();
		return store;
	}

	/** What came out well on standard output, the rest on standard error. */
	private int told(final List<Outcome> outcomes) {
		for (final Outcome outcome : outcomes)
			(outcome.ok() ? console.out() : console.err()).println(outcome.sentence());
		return outcomes.stream().allMatch(Outcome::ok) ? ExitStatus.OK : ExitStatus.UNUSABLE;
	}

	private Wishes wishes(final String command, final String name, final boolean replace) {
		try {
			return new Wishes(name, replace);
		}
		catch (final ModelException e) {
			throw usage(command, e.getMessage());
		}
	}

	private ParameterException usage(final String command, final String sentence) {
		return new ParameterException(spec.subcommands().get(command), sentence);
	}

	/** In columns. */
	private void print(final List<List<String>> rows) {
		final int columns = rows.get(0).size();
		for (final List<String> row : rows) {
			final StringBuilder line = new StringBuilder();
			for (int column = 0; column < columns; column++) {
				final int at = column;
				final int width = rows.stream().mapToInt(other -> other.get(at).length()).max().orElse(0);
				line.append(row.get(column)).append(" ".repeat(width - row.get(column).length())).append(GAP);
			}
			console.out().println(line.toString().stripTrailing());
		}
	}
}
