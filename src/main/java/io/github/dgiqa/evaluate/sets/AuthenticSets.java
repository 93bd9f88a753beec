package io.github.dgiqa.evaluate.sets;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Sets of photographs as they were taken: each has a score, and none a reference. */
final class AuthenticSets {

	private static final String KONIQ_GRADES = "koniq10k_scores_and_distributions.csv";
	private static final String KONIQ_PERCENT = "koniq10k_distributions_sets.csv";
	private static final Scale PERCENT = new Scale(0, 100, true);

	/** LIVE in the Wild's first images were for training its viewers. */
	private static final int LIVEC_TRAINING = 7;

	private AuthenticSets() {}

	/** KonIQ-10k. Its two files have other numbers under the same name: grades of 1 to 5 and, in the newer one, 0 to 100; that one is taken where both are there. */
	static Scores koniq10k(final SetFolder folder) {
		final Path file = folder.scores(KONIQ_PERCENT, KONIQ_GRADES);
		final boolean percent = file.getFileName().toString().equalsIgnoreCase(KONIQ_PERCENT);
		return csv(file, "image_name", "MOS", percent ? PERCENT : new Scale(1, 5, true));
	}

	/** FLIVE, whole images. */
	static Scores flive(final SetFolder folder) {
		return csv(folder.scores("labels_image.csv"), "name", "mos", PERCENT);
	}

	private static Scores csv(final Path file, final String image, final String score, final Scale scale) {
		return new Scores(file, scale, CsvRows.read(file, List.of(image, score)).stream().map(row -> Opinion.of(row.text(image), row.number(score))).toList());
	}

	/** SPAQ. */
	static Scores spaq(final SetFolder folder) {
		final Path file = folder.scores("MOS and Image attribute scores.xlsx");
		return new Scores(file, PERCENT, XlsxRows.read(file, null, List.of("Image name", "MOS")).stream().map(row -> Opinion.of(row.text("Image name"), row.number("MOS"))).toList());
	}

	/** LIVE in the Wild Image Quality Challenge. */
	static Scores livec(final SetFolder folder) {
		final Path images = folder.scores("AllImages_release.mat");
		final Path scores = folder.scores("AllMOS_release.mat");
		final List<String> names = MatValues.texts(images, "AllImages_release");
		final double[] values = MatValues.numbers(scores, "AllMOS_release");
		if (names.size() != values.length)
			throw new SetException(images + " names " + names.size() + " images and " + scores + " has " + values.length + " scores; as many are needed: take both files from the same release.");
		final List<Opinion> opinions = new ArrayList<>();
		for (int i = LIVEC_TRAINING; i < values.length; i++)
			opinions.add(Opinion.of(names.get(i), values[i]));
		return new Scores(scores, PERCENT, opinions);
	}
}
