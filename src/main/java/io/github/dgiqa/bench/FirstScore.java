package io.github.dgiqa.bench;

import io.github.dgiqa.DgiqaException;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/** From the start of a process to the first score that it prints: the program scores an image in a process of its own. */
final class FirstScore {

	/** Options of Java that another process cannot share. */
	private static final List<String> OWN = List.of("-agentlib", "-agentpath", "-javaagent", "-Xrun", "-Xdebug");
	/** Where DJL unpacks PyTorch. */
	private static final List<String> CACHES = List.of("DJL_CACHE_DIR", "ENGINE_CACHE_DIR");

	private final List<String> command;
	private final Scratch scratch;

	/**
	 * @param mainClass of the program, where it does not run from one jar
	 * @param arguments behind {@code assess}, with the image
	 */
	FirstScore(final String mainClass, final List<String> arguments, final Scratch scratch) {
		this.scratch = scratch;
		command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
		ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(option -> OWN.stream().noneMatch(option::startsWith)).forEach(command::add);
		command.addAll(program(System.getProperty("java.class.path"), mainClass));
		command.add("assess");
		command.addAll(arguments);
	}

	/** How this program is started: as the jar that it runs from, or by its class path. */
	static List<String> program(final String classPath, final String mainClass) {
		final boolean isJar = classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator);
		return isJar ? List.of("-jar", classPath) : List.of("-cp", classPath, mainClass);
	}

	/** Median seconds, PyTorch being unpacked already. */
	double unpacked(final int reps) {
		seconds(null);
		return Timing.median(reps, () -> seconds(null));
	}

	/** Median seconds where PyTorch is unpacked first. */
	double unpacking(final int reps) {
		return Timing.median(reps, () -> {
			final Path cache = scratch.folder("natives");
			try {
				return seconds(cache);
			}
			finally {
				Scratch.remove(cache);
			}
		});
	}

	/** @param cache where PyTorch is unpacked; null for the usual place */
	private double seconds(final Path cache) {
		final Path errors = scratch.place("errors.txt");
		final ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
		if (cache != null) CACHES.forEach(variable -> builder.environment().put(variable, cache.toString()));
		final long start = System.nanoTime();
		try {
			final Process process = scratch.start(builder);
			final double seconds;
			try (BufferedReader rows = process.inputReader(StandardCharsets.UTF_8)) {
				final String columns = rows.readLine();
				final String row = rows.readLine();
				seconds = (System.nanoTime() - start) / 1e9;
				requireScore(columns, row, errors);
				rows.transferTo(Writer.nullWriter());
			}
			process.onExit().join();
			return seconds;
		}
		catch (final IOException e) {
			throw new DgiqaException("The program cannot be started in another process: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	/** @param columns null where the process printed nothing @param row likewise */
	private static void requireScore(final String columns, final String row, final Path errors) throws IOException {
		if (row != null) {
			final CSVRecord found = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).build().parse(new StringReader(columns + "\n" + row)).getRecords().get(0);
			if (!found.get("score").isEmpty()) return;
			throw new DgiqaException("The image cannot be scored in another process: " + found.get("error"));
		}
		try (Stream<String> lines = Files.lines(errors)) {
			throw new DgiqaException("The program printed no score in another process: " + lines.reduce((first, second) -> second).orElse("it ended without a word") + ".");
		}
	}
}
