package io.github.dgiqa.evaluate.sets;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Images with human scores.
 *
 * @param name of the set, in tables and files
 * @param source the file that the scores came from
 * @param scale what the scores mean
 * @param opinions the images that are there, in the order of the source; all have a file
 * @param missing names of images that have a score and are not there
 * @param unrated number of images without a score
 */
public record RatedSet(String name, Path source, Scale scale, List<Opinion> opinions, List<String> missing, int unrated) {

	private static final int SHOWN = 3;

	private static final List<String> COLUMNS = List.of("image", "score");

	public RatedSet {
		opinions = List.copyOf(opinions);
		missing = List.copyOf(missing);
	}

	/**
	 * Reads a benchmark set where it lies.
	 *
	 * @param folder images and files of scores, found by name anywhere under it
	 * @throws SetException where the scores cannot be read, or none of the images is there
	 */
	public static RatedSet read(final Benchmark benchmark, final Path folder) {
		if (!Files.isDirectory(folder)) throw new SetException("The set " + benchmark.key() + " cannot be read: " + folder + " is no folder; name the folder with its images and scores.");
		final SetFolder files = SetFolder.of(folder);
		final Scores scores = benchmark.read(files);
		return found(benchmark.key(), scores, opinion -> files.find(opinion.image()), folder.toString());
	}

	/**
	 * Reads a CSV file with the header {@code image,score[,reference,distortion,level]}; other columns are passed over, and
	 * rows without a score. Images are found relative to it. Its scale is {@link Scale#around}.
	 *
	 * @throws SetException where it cannot be read, or none of the images is there
	 */
	public static RatedSet read(final String name, final Path csv) {
		return read(name, csv, csv.toAbsolutePath().getParent());
	}

	/** As {@link #read(String, Path)}, with the images relative to a folder. */
	public static RatedSet read(final String name, final Path csv, final Path folder) {
		final List<CsvRows.Row> rows = CsvRows.read(csv, COLUMNS);
		final List<Opinion> opinions = new ArrayList<>();
		for (final CsvRows.Row row : rows)
			if (!row.optional("score").isEmpty()) opinions.add(new Opinion(row.text("image"), null, row.number("score"), row.optional("reference"), row.optional("distortion"), row.optional("level")));
		final double lowest = opinions.stream().mapToDouble(Opinion::score).min().orElse(0);
		final double highest = opinions.stream().mapToDouble(Opinion::score).max().orElse(0);
		return found(name, new Scores(csv, Scale.around(lowest, highest), opinions), opinion -> beside(folder, opinion.image()), folder.toString()).withUnrated(rows.size() - opinions.size());
	}

	private static Optional<Path> beside(final Path folder, final String image) {
		try {
			return Optional.of(folder.resolve(image).normalize()).filter(Files::isRegularFile);
		}
		catch (final InvalidPathException e) {
			return Optional.empty();
		}
	}

	private static RatedSet found(final String name, final Scores scores, final Function<Opinion, Optional<Path>> find, final String where) {
		final List<Opinion> there = new ArrayList<>();
		final List<String> missing = new ArrayList<>();
		final Set<String> names = new HashSet<>();
		for (final Opinion opinion : scores.opinions()) {
			if (!names.add(opinion.image().toLowerCase(Locale.ROOT)))
				throw new SetException("The scores " + scores.source() + " name the image " + opinion.image() + " twice; each image needs one score: take one of its lines out.");
			find.apply(opinion).ifPresentOrElse(file -> there.add(opinion.at(file)), () -> missing.add(opinion.image()));
		}
		if (scores.opinions().isEmpty()) throw new SetException("The scores " + scores.source() + " have no line with an image and its score.");
		if (there.isEmpty())
			throw new SetException("None of the " + missing.size() + " images that " + scores.source() + " names is in " + where + ", such as " + shown(missing) + "; name the folder that has them.");
		return new RatedSet(name, scores.source(), scores.scale(), there, missing, 0);
	}

	private RatedSet withUnrated(final int number) {
		return new RatedSet(name, source, scale, opinions, missing, number);
	}

	/** What to tell about images that are left out, in a sentence each. */
	public List<String> sentences() {
		final List<String> sentences = new ArrayList<>();
		final int all = opinions.size() + missing.size();
		if (!missing.isEmpty()) sentences.add("Of the " + all + " images of " + name + " " + missing.size() + (missing.size() == 1 ? " is" : " are") + " not there and left out, such as " + shown(missing) + ".");
		if (unrated > 0) sentences.add("Of the rows of " + name + " " + unrated + (unrated == 1 ? " has" : " have") + " no score and " + (unrated == 1 ? "is" : "are") + " left out.");
		return sentences;
	}

	private static String shown(final List<String> names) {
		return String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
	}

	/** How many different things the images show. */
	public int contents() {
		return (int) opinions.stream().map(Opinion::content).distinct().count();
	}

	/** The scale from the lowest score to the highest. */
	public Scale span() {
		final DoubleSummaryStatistics scores = opinions.stream().mapToDouble(Opinion::score).summaryStatistics();
		return new Scale(scores.getMin(), scores.getMax(), scale.higherIsBetter());
	}

	/** The first images only. @param most their number */
	public RatedSet first(final int most) {
		return opinions.size() <= most ? this : new RatedSet(name, source, scale, opinions.subList(0, most), missing, unrated);
	}

	/** A score so that higher is better on every set's scale: where lower is better, its negative. */
	public double oriented(final double score) {
		return scale.higherIsBetter() ? score : -score;
	}
}
