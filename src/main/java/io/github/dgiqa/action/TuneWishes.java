package io.github.dgiqa.action;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.evaluate.sets.RatedSet;
import io.github.dgiqa.evaluate.sets.Scale;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelImport;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;
import io.github.dgiqa.train.FineTuning;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What the user wants of Fine-tune.
 *
 * @param folder of the images
 * @param set their grades, as far as the images are there
 * @param target the new model's NAME, and whether it may replace another
 * @param base the model that it begins as
 * @param model its NAME or folder, as the user wrote it
 * @param scale of the grades
 * @param steps 0 for as many as the minutes allow
 */
record TuneWishes(Path folder, RatedSet set, ModelImport.Wishes target, StoredModel base, String model, Scale scale, int minutes, int steps, long seed, DeviceChoice device) {

	private static final int MINUTES = 20;
	private static final int MOST_MINUTES = 7 * 24 * 60;
	private static final int MOST_STEPS = 1_000_000;
	private static final long SEED = 42;
	private static final int KEY = 8;

	/** @throws DgiqaException where they cannot be fulfilled */
	static TuneWishes of(final Values values, final ModelStore store) {
		final Path folder = values.path("folder");
		if (folder == null || !Files.isDirectory(folder)) throw Values.unknown("folder", values.text("folder"), "a folder with images");
		final Path csv = values.path("csv");
		if (csv == null) throw Values.unknown("csv", "", "a CSV file with the columns image and score");
		final int minutes = (int) values.integer("minutes", MINUTES, 1, MOST_MINUTES);
		final int steps = (int) values.integer("steps", 0, 0, MOST_STEPS);
		final long seed = values.integer("seed", SEED, 0, Sampling.Random.MAX_SEED);
		final DeviceChoice device = ModelChoice.device(values);
		final String title = csv.getFileName().toString().replaceFirst("(?i)\\.csv$", "");
		final RatedSet set = RatedSet.read(title, csv, folder.toAbsolutePath());
		final int contents = set.contents();
		if (contents < FineTuning.FEWEST)
			throw new DgiqaException(csv + " has grades of " + contents + (contents == 1 ? " image" : " different images") + " in " + folder + ", and at least " + FineTuning.FEWEST + " are needed to learn from some and to test with the others: grade more.");
		final String model = values.text("model", ModelStore.DEFAULT_MODEL);
		final StoredModel base = FineTuning.base(store, model);
		final ModelImport.Wishes target = new ModelImport.Wishes(values.text("name", plain(title)), values.flag("replace", false));
		ModelImport.check(store, target, ModelDescription.Kind.QUALITY);
		return new TuneWishes(folder, set, target, base, model, scale(values, set), minutes, steps, seed, device);
	}

	/** A NAME that folders can have. */
	private static String plain(final String title) {
		return title.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^\\.+|\\.+$", "");
	}

	/** @throws DgiqaException where it is none for the grades */
	private static Scale scale(final Values values, final RatedSet set) {
		final Scale span = set.span();
		if (span.range() == 0) throw new DgiqaException("All " + set.opinions().size() + " grades in " + set.source() + " are " + span.low() + ": there is nothing to learn; better and worse images are needed.");
		final double low = values.number("lowest", span.low());
		final double high = values.number("highest", span.high());
		if (span.low() < low) throw Values.unknown("lowest", values.text("lowest"), "a number of at most " + span.low() + ", the smallest grade in " + set.source() + ",");
		if (span.high() > high) throw Values.unknown("highest", values.text("highest"), "a number of at least " + span.high() + ", the largest grade in " + set.source() + ",");
		return new Scale(low, high, true);
	}

	/** The name of the folder in which this is done and in no other way. */
	String key() {
		final StringBuilder all = new StringBuilder(base.identity()).append('\n').append(folder.toAbsolutePath()).append('\n').append(scale).append('\n').append(minutes).append(' ').append(steps).append(' ').append(seed);
		set.opinions().forEach(opinion -> all.append('\n').append(opinion.image()).append('\t').append(opinion.score()).append('\t').append(opinion.reference()));
		return target.name() + "-" + UUID.nameUUIDFromBytes(all.toString().getBytes(StandardCharsets.UTF_8)).toString().substring(0, KEY);
	}
}
