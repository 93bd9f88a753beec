package io.github.dgiqa.batch;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.batch.LeftOut.Reason;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.report.Report;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The files that the user means, in the order of the PATHs; those of a folder or pattern are sorted. Of each it keeps no
 * more than what the user would write for it, so that there may be millions.
 */
public final class Listing {

	/** Of a pattern. */
	public static final String NO_MATCH = "There is no such file or folder, and none that this pattern matches.";

	private final LeftOut leftOut = new LeftOut();
	private final List<String> labels = new ArrayList<>();
	/** Those that a folder or a pattern gave. */
	private final BitSet found = new BitSet();
	private final Map<Integer, String> problems = new HashMap<>();
	private final Predicate<Path> counts;
	private final boolean recursive;

	/**
	 * An empty one.
	 *
	 * @param counts which files of a folder count
	 * @param recursive whether a folder's folders count too
	 */
	public Listing(final Predicate<Path> counts, final boolean recursive) {
		this.counts = counts;
		this.recursive = recursive;
	}

	/** An empty one, to which of folders the files are added whose extension or first bytes are an image's. */
	public static Listing ofImages(final boolean recursive) {
		return new Listing(file -> ImageFile.hasImageExtension(file) || ImageFile.beginsAsImage(file), recursive);
	}

	/** Adds a file, the files of a folder, or those that a {@link Pattern} matches where no file or folder has its name. */
	public void add(final String written) {
		if (Pattern.isPattern(written) && !exists(written)) addMatches(new Pattern(written));
		else addNamed(written);
	}

	/** Adds a file or the files of a folder. */
	public void addNamed(final String written) {
		try {
			final Path path = Path.of(written);
			if (!written.isEmpty() && Files.isDirectory(path)) addFolder(written, path, recursive);
			else labels.add(written);
		}
		catch (final InvalidPathException e) {
			labels.add(written); // which Input#problem tells
		}
	}

	private static boolean exists(final String written) {
		try {
			return Files.exists(Path.of(written));
		}
		catch (final InvalidPathException e) {
			return false; // Windows has no stars in names
		}
	}

	private void addFolder(final String written, final Path folder, final boolean withFolders) {
		final String separator = folder.getFileSystem().getSeparator();
		final String prefix = written.isEmpty() || written.endsWith("/") || written.endsWith(separator) ? written : written + separator;
		final Walk walk = new Walk(folder, withFolders ? Integer.MAX_VALUE : 1) {

			@Override
			void file(final Path file, final BasicFileAttributes attributes) {
				if (attributes.isDirectory()) return;
				if (counts(file, attributes)) add(prefix + folder.relativize(file));
				else leftOut.add(Reason.NO_IMAGE, prefix + folder.relativize(file));
			}
		};
		walk.run(written);
		addAll(walk.matches);
	}

	private boolean counts(final Path file, final BasicFileAttributes attributes) {
		// a pipe would wait for whoever writes to it; of links that lead nowhere the name is all there is
		return attributes.isRegularFile() ? counts.test(file) : ImageFile.hasImageExtension(file);
	}

	private void addMatches(final Pattern pattern) {
		if (pattern.isWholeFolder()) {
			addFolder(pattern.prefix(), Path.of(pattern.prefix()), true);
			return;
		}
		final List<String> folders = new ArrayList<>();
		final Path base = Path.of(pattern.prefix());
		final Walk walk = new Walk(base, pattern.depth()) {

			@Override
			void file(final Path file, final BasicFileAttributes attributes) {
				final Path relative = base.relativize(file);
				if (!pattern.matches(relative)) return;
				if (attributes.isDirectory()) folders.add(pattern.prefix() + relative);
				else if (pattern.isOpen() && !counts(file, attributes)) leftOut.add(Reason.NO_IMAGE, pattern.prefix() + relative);
				else add(pattern.prefix() + relative);
			}
		};
		if (Files.isDirectory(base)) walk.run(pattern.written());
		if (walk.matches.isEmpty() && folders.isEmpty()) problem(pattern.written(), NO_MATCH);
		Collections.sort(folders);
		addAll(walk.matches);
		folders.forEach(folder -> addFolder(folder, Path.of(folder), recursive));
	}

	private void addAll(final List<String> matches) {
		Collections.sort(matches);
		found.set(labels.size(), labels.size() + matches.size());
		labels.addAll(matches);
	}

	private void problem(final String written, final String sentence) {
		problems.put(labels.size(), sentence);
		labels.add(written);
	}

	/** Looks through a folder for visible files; links are followed, but not in circles. */
	private abstract class Walk extends SimpleFileVisitor<Path> {

		final List<String> matches = new ArrayList<>();
		private final Path folder;
		private final int depth;

		Walk(final Path folder, final int depth) {
			this.folder = folder;
			this.depth = depth;
		}

		/** A visible file, or a folder that is not looked into. */
		abstract void file(Path file, BasicFileAttributes attributes);

		final void add(final String label) {
			matches.add(label);
		}

		/** @param written what the user asked for */
		final void run(final String written) {
			try {
				Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, this);
			}
			catch (final IOException e) {
				problem(written, "The folder cannot be read: " + DgiqaException.sentence(e) + ".");
			}
		}

		@Override
		public FileVisitResult preVisitDirectory(final Path visited, final BasicFileAttributes attributes) {
			if (visited.equals(folder)) return FileVisitResult.CONTINUE;
			if (isHidden(visited)) return FileVisitResult.SKIP_SUBTREE;
			if (!isReport(visited)) return FileVisitResult.CONTINUE;
			leftOut.add(Reason.REPORT, visited.toString());
			return FileVisitResult.SKIP_SUBTREE;
		}

		private boolean isReport(final Path visited) {
			try {
				return Report.isReport(visited);
			}
			catch (final IOException e) {
				return false; // listing it will say why
			}
		}

		@Override
		public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) {
			if (!isHidden(file)) file(file, attributes);
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFileFailed(final Path file, final IOException e) throws IOException {
			if (file.equals(folder)) throw e;
			if (e instanceof FileSystemLoopException) leftOut.add(Reason.LOOP, file.toString());
			else leftOut.add(Reason.UNREADABLE, LeftOut.unreadable(file.toString(), DgiqaException.sentence(e)));
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult postVisitDirectory(final Path visited, final IOException e) throws IOException {
			return e == null ? FileVisitResult.CONTINUE : visitFileFailed(visited, e);
		}

		private boolean isHidden(final Path file) {
			try {
				return Files.isHidden(file);
			}
			catch (final IOException e) {
				return false; // opening it will say why
			}
		}
	}

	// -- what was found --

	/** The number of files. */
	public int size() {
		return labels.size();
	}

	/** File i, from 0, as the user would write it. */
	public String label(final int i) {
		return labels.get(i);
	}

	/** Whether a folder in the folders could not be read. */
	public boolean isIncomplete() {
		return leftOut.isIncomplete();
	}

	/** What the user should know, in sentences. */
	public List<String> notices() {
		return leftOut.sentences();
	}

	/** The files' numbers, from 0, without those whose name came before. */
	public int[] distinct() {
		final Set<String> seen = new HashSet<>(labels.size() * 2);
		return IntStream.range(0, labels.size()).filter(i -> seen.add(labels.get(i))).toArray();
	}

	/**
	 * What to assess, each looked at when it is asked for; it may be gone by then.
	 *
	 * @param which numbers of the files, from 0
	 * @param names whether their names are to be unique in the whole list
	 */
	public List<Inputs.Input> inputs(final int[] which, final boolean names) {
		final Map<Integer, String> renamed = names ? renamed() : Map.of();
		return new AbstractList<>() {

			@Override
			public Inputs.Input get(final int i) {
				return input(which[i], renamed);
			}

			@Override
			public int size() {
				return which.length;
			}
		};
	}

	/** All of them, with unique names. */
	public List<Inputs.Input> inputs() {
		return inputs(IntStream.range(0, labels.size()).toArray(), true);
	}

	/** Names that are taken by a file that comes before, with a number. */
	private Map<Integer, String> renamed() {
		final Map<Integer, String> renamed = new HashMap<>();
		final Set<String> taken = new HashSet<>();
		for (int i = 0; i < labels.size(); i++) {
			final String name = input(i, Map.of()).name();
			if (name == null) continue;
			final String unique = Inputs.unique(name, taken);
			if (!unique.equals(name)) renamed.put(i, unique);
		}
		return renamed;
	}

	private Inputs.Input input(final int i, final Map<Integer, String> renamed) {
		final String label = labels.get(i);
		final String problem = problems.get(i);
		if (problem != null) return Inputs.Input.unusable(label, problem);
		try {
			final Inputs.Input input = Inputs.Input.of(label, Path.of(label), found.get(i));
			return renamed.containsKey(i) ? new Inputs.Input(label, input.file(), renamed.get(i), input.problem()) : input;
		}
		catch (final InvalidPathException e) {
			return Inputs.Input.unusable(label, "This cannot be the name of a file: " + e.getReason() + ".");
		}
	}
}
