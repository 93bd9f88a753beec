package io.github.dgiqa.batch;

import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.report.Report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** From what the user wrote to the files to assess. */
public final class Inputs {

	/**
	 * A file to assess, or the reason why there is none.
	 *
	 * @param label the file as the user wrote it; in a folder, the folder as the user wrote it and the file's name
	 * @param file the file; null where there is a problem
	 * @param name its name without extension, by a number made unique among all inputs where another had it before; null
	 *          where there is a problem
	 * @param problem one sentence, or null
	 */
	public record Input(String label, Path file, String name, String problem) {

		/** A file, looked at now. @param found whether its folder says that it is there */
		public static Input of(final String label, final Path file, final boolean found) {
			if (label.isEmpty() || !Files.exists(file)) return unusable(label, found ? "Java cannot find this file under the name that the folder gives it; set a UTF-8 locale, such as LC_ALL=C.UTF-8, or mend the link." : NOT_THERE);
			if (!Files.isRegularFile(file)) return unusable(label, "This is neither a file nor a folder.");
			return new Input(label, file, withoutExtension(file.getFileName().toString()), null);
		}

		/** What cannot be assessed. @param problem one sentence */
		public static Input unusable(final String label, final String problem) {
			return new Input(label, null, null, problem);
		}
	}

	/** Of what is not there. */
	public static final String NOT_THERE = "There is no such file or folder.";

	private Inputs() {}

	/**
	 * Expands files and folders. Of a folder it takes the files with an image's extension, sorted by name, without those
	 * in its folders and without hidden ones.
	 */
	public static List<Input> expand(final List<String> paths) {
		final Listing listing = new Listing(ImageFile::hasImageExtension, false);
		paths.forEach(listing::addNamed);
		return List.copyOf(listing.inputs());
	}

	/** What to tell where {@link #expand} found nothing. */
	public static String nothingIn(final List<String> paths) {
		return nothingIn(paths, ", without the folders in it");
	}

	/** The same. @param where the end of the sentence: what else is said of the search */
	public static String nothingIn(final List<String> paths, final String where) {
		return "No image found in " + String.join(", ", paths) + ": a folder is searched for PNG, JPEG, GIF, BMP and TIFF files" + where + ".";
	}

	/**
	 * Why a file for the rows cannot be written, or must not be: it may be one of the images.
	 *
	 * @return the end of a sentence that begins with the name of the file, or null where all is well
	 */
	public static String problemOfRows(final Path rows, final List<Input> inputs) {
		final Path folder = rows.toAbsolutePath().getParent();
		if (folder == null || Files.isDirectory(rows)) return " is a folder; the name of a file is needed.";
		if (!Files.isDirectory(folder)) return ": there is no folder " + folder + ".";
		if (!Files.isWritable(Files.exists(rows) ? rows : folder)) return " cannot be written.";
		final Path there = real(rows);
		if (Files.exists(rows) && inputs.stream().anyMatch(input -> input.file() != null && real(input.file()).equals(there))) return " is one of the images.";
		return null;
	}

	/** The same of a folder for a report, which is made where it is missing. */
	public static String problemOfReport(final Path folder, final List<Input> inputs) {
		final String problem = Report.problem(folder);
		if (problem != null) return problem;
		final Path there = real(folder);
		final Set<Path> folders = new HashSet<>();
		inputs.stream().filter(input -> input.file() != null).forEach(input -> folders.add(input.file().toAbsolutePath().getParent()));
		return folders.stream().anyMatch(images -> images != null && real(images).startsWith(there)) ? " holds images that are to be assessed: name another folder." : null;
	}

	/** The same of rows beside a report, which may not be one of its files. @param report null for none */
	public static String problemOfRows(final Path rows, final List<Input> inputs, final Path report) {
		final String problem = problemOfRows(rows, inputs);
		if (problem != null || report == null) return problem;
		final Path there = real(rows.toAbsolutePath().getParent()).resolve(rows.getFileName());
		return Report.owns(real(report), there) ? " would be a part of the report: name another file." : null;
	}

	/** Where a file or folder really is; of one that is not there, where it would be. */
	public static Path real(final Path file) {
		try {
			return file.toRealPath();
		}
		catch (final IOException e) {
			return file.toAbsolutePath(); // not there
		}
	}

	private static String withoutExtension(final String fileName) {
		final int dot = fileName.lastIndexOf('.');
		return dot > 0 ? fileName.substring(0, dot) : fileName;
	}

	/** The name, or with the first number from 2 under which it is not taken; takes it. */
	static String unique(final String name, final Set<String> taken) {
		String unique = name;
		// not every file system tells upper case from lower case
		for (int i = 2; !taken.add(unique.toLowerCase(Locale.ROOT)); i++)
			unique = name + "-" + i;
		return unique;
	}
}
