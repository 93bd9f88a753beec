package io.github.dgiqa.evaluate.sets;

import io.github.dgiqa.DgiqaException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The files anywhere under a folder, found by name; upper and lower case count as the same. */
final class SetFolder {

	private final Path folder;
	private final Map<String, List<Path>> byName = new HashMap<>();

	private SetFolder(final Path folder) {
		this.folder = folder;
	}

	/** @throws SetException where the folder cannot be read */
	static SetFolder of(final Path folder) {
		final SetFolder found = new SetFolder(folder);
		try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
			files.filter(Files::isRegularFile).forEach(file -> found.byName.computeIfAbsent(name(file), name -> new ArrayList<>()).add(file));
		}
		catch (final IOException e) {
			throw unreadable(folder, e);
		}
		catch (final UncheckedIOException e) {
			throw unreadable(folder, e.getCause());
		}
		return found;
	}

	private static SetException unreadable(final Path folder, final IOException e) {
		return new SetException("The folder " + folder + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
	}

	private static String name(final Path file) {
		return file.getFileName().toString().toLowerCase(Locale.ROOT);
	}

	/**
	 * The file of that name. Where there are several, folders in the name decide, then the same upper and lower case, then
	 * the shortest path, then the alphabet.
	 *
	 * @param name of a file, with or without folders before it
	 */
	Optional<Path> find(final String name) {
		final String wanted = name.replace('\\', '/');
		final String last = wanted.substring(wanted.lastIndexOf('/') + 1);
		final Comparator<Path> order = Comparator.comparing((final Path file) -> !endsWith(file, wanted))
			.thenComparing(file -> !file.getFileName().toString().equals(last))
			.thenComparing(Path::getNameCount)
			.thenComparing(Path::toString);
		return byName.getOrDefault(last.toLowerCase(Locale.ROOT), List.of()).stream().min(order);
	}

	private static boolean endsWith(final Path file, final String wanted) {
		return ("/" + file.toString().replace('\\', '/')).toLowerCase(Locale.ROOT).endsWith("/" + wanted.toLowerCase(Locale.ROOT));
	}

	/**
	 * The first of some files of scores that is there.
	 *
	 * @throws SetException where none is
	 */
	Path scores(final String... names) {
		for (final String name : names) {
			final Optional<Path> file = find(name);
			if (file.isPresent()) return file.get();
		}
		throw new SetException("There is no " + String.join(" and no ", names) + " under " + folder + ", which has the human scores: name the folder that the set was unpacked to.");
	}
}
