package io.github.dgiqa.cli;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;

import java.util.Locale;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;

/** {@code models}: the models that are there. */
@Command(name = "models", description = "Lists the models that are there: name, what it is for, licence, place.", mixinStandardHelpOptions = true, versionProvider = Cli.VersionText.class)
final class ModelsCommand implements Callable<Integer> {

	private final Console console;

	ModelsCommand(final Console console) {
		this.console = console;
	}

	@Override
	public Integer call() {
		final ModelStore store = ModelStore.of(null);
		int status = ExitStatus.OK;
		for (final String name : store.names()) {
			try {
				print(store.find(name));
			}
			catch (final DgiqaException e) {
				console.err().println(e.getMessage());
				status = ExitStatus.UNUSABLE;
			}
		}
		return status;
	}

	private void print(final StoredModel model) {
		final ModelDescription description = model.description();
		final String isDefault = model.name().equals(ModelStore.DEFAULT_MODEL) ? " (default)" : "";
		final String licence = description.licence() == null ? "licence not stated" : "licence " + description.licence().name();
		console.out().println(model.name() + isDefault);
		console.out().println("  " + description.title());
		console.out().println("  " + description.kind().name().toLowerCase(Locale.ROOT) + ", " + licence + ", " + model.where() + (model.hasWeights() ? "" : ", without weights"));
	}
}
