package io.github.dgiqa.cli;

import io.github.dgiqa.evaluate.sets.Benchmark;
import io.github.dgiqa.evaluate.sets.RatedSet;
import io.github.dgiqa.evaluate.sets.Scale;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Images with human scores, as commands name them. */
final class Sets {

	/** The words for published sets, for help. */
	static final String NAMES = "koniq10k, kadid10k, tid2013, livec, spaq, csiq, flive";

	private Sets() {}

	/** A published set. @param text NAME=FOLDER @throws ParameterException where it is not that */
	static RatedSet published(final String text, final CommandSpec spec) {
		final int equals = text.indexOf('=');
		if (equals < 1 || equals == text.length() - 1)
			throw new ParameterException(spec.commandLine(), "--set needs NAME=FOLDER, such as --set kadid10k=/data/kadid10k, not " + text + "; NAME is one of " + Benchmark.words() + ".");
		final String name = text.substring(0, equals);
		final Benchmark benchmark = Benchmark.parse(name)
			.orElseThrow(() -> new ParameterException(spec.commandLine(), "There is no set " + name + ": NAME in --set NAME=FOLDER is one of " + Benchmark.words() + "; a file of scores of your own is given with --csv."));
		return RatedSet.read(benchmark, path(text.substring(equals + 1), spec));
	}

	/** @throws ParameterException where the text cannot be a file's name */
	static Path path(final String text, final CommandSpec spec) {
		try {
			return Path.of(text);
		}
		catch (final InvalidPathException e) {
			throw new ParameterException(spec.commandLine(), "'" + text + "' cannot be the name of a file: " + e.getReason() + ".");
		}
	}

	/** The name of a set that a CSV file describes. */
	static String name(final Path csv) {
		return csv.getFileName().toString().replaceFirst("(?i)\\.csv$", "");
	}

	/** Says what was found. @param scale as the command takes the scores */
	static void tell(final RatedSet set, final Scale scale, final Console console) {
		console.err().println(set.name() + ": " + set.opinions().size() + " images; human scores " + scale + " (" + set.source() + ")");
		set.sentences().forEach(console.err()::println);
	}
}
