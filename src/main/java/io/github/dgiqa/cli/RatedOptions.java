package io.github.dgiqa.cli;

import io.github.dgiqa.evaluate.sets.RatedSet;
import io.github.dgiqa.evaluate.sets.Scale;
import io.github.dgiqa.train.FineTuning;
import io.github.dgiqa.train.Training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Images with scores of people, to learn from. */
final class RatedOptions {

	@Spec(Spec.Target.MIXEE)
	private CommandSpec spec;

	@Option(names = "--csv", paramLabel = "FILE", description = "scores of people: image,score[,reference], higher is better; with --images")
	private Path csv;

	@Option(names = "--images", paramLabel = "FOLDER", description = "where the images of --csv are (default: beside the file)")
	private Path images;

	@Option(names = "--set", paramLabel = "NAME=FOLDER", description = "a published set where it was unpacked; NAME is one of " + Sets.NAMES)
	private String published;

	@Option(names = "--range", paramLabel = "LOW,HIGH", split = ",", description = "the scale of the scores (default: of --csv from its lowest to its highest score, of --set its own)")
	private List<Double> range = List.of();

	/** Whether one of these was given. */
	boolean given() {
		return csv != null || images != null || published != null || !range.isEmpty();
	}

	/**
	 * Reads the scores, and says what was found.
	 *
	 * @param heldOut null for a share that suits
	 * @throws ParameterException where the options do not go together
	 * @throws io.github.dgiqa.evaluate.sets.SetException where the scores cannot be read
	 */
	Training.Ratings read(final Integer heldOut, final Console console) {
		if ((csv == null) == (published == null)) throw usage("Give either --csv FILE or --set NAME=FOLDER, for scores of people.");
		if (images != null && csv == null) throw usage("--images goes with --csv: the images of a set are in its folder.");
		if (images != null && !Files.isDirectory(images)) throw usage("--images " + images + " is no folder.");
		final RatedSet set = csv == null ? Sets.published(published, spec) : fromCsv();
		final Scale scale = range.isEmpty() ? csv == null ? set.scale() : set.span() : scale(set);
		final int contents = set.contents();
		final int out = heldOut == null ? FineTuning.heldOut(contents) : heldOut;
		if (out < 1 || out > contents / 2) throw usage("--held-out must be from 1 to half of the " + contents + " contents with scores, not " + out + ".");
		Sets.tell(set, scale, console);
		return new Training.Ratings(set, scale, out);
	}

	private RatedSet fromCsv() {
		if (csv.getFileName() == null) throw usage("--csv needs a file, not " + csv + ".");
		return images == null ? RatedSet.read(Sets.name(csv), csv) : RatedSet.read(Sets.name(csv), csv, images);
	}

	private Scale scale(final RatedSet set) {
		if (range.size() != 2 || !(range.get(0) < range.get(1)) || range.stream().anyMatch(end -> !Double.isFinite(end))) throw usage("--range needs LOW,HIGH: two numbers, the lower first, such as 1,5.");
		return new Scale(range.get(0), range.get(1), set.scale().higherIsBetter());
	}

	private ParameterException usage(final String sentence) {
		return new ParameterException(spec.commandLine(), sentence);
	}
}
