package io.github.dgiqa.bench;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.assess.Stages;
import io.github.dgiqa.assess.Stages.Stage;
import io.github.dgiqa.batch.Batch;
import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.batch.Reading;
import io.github.dgiqa.display.CsvTable;
import io.github.dgiqa.display.ResultRow;
import io.github.dgiqa.image.ImageFile;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where the time of one image goes, on the way that the command {@code assess} takes with maps. */
final class StageTimes {

	/** The whole image, from the file to the row. */
	static final String IMAGE = "image";
	/** The network's time shared among the crops. */
	static final String CROP = "per_crop";

	private StageTimes() {}

	/**
	 * Assesses an image a few times, once before it is measured.
	 *
	 * @param maps an empty folder for map images
	 * @return median seconds of each stage, of {@link #IMAGE} and of {@link #CROP}
	 * @throws DgiqaException where the image cannot be assessed
	 */
	static Map<String, Double> of(final Assessor assessor, final Path image, final Path maps, final int reps) {
		Timing.warmUp(() -> once(assessor, image, maps));
		final List<Map<String, Double>> runs = new ArrayList<>();
		for (int i = 0; i < reps; i++)
			runs.add(once(assessor, image, maps));
		NetworkTimes.requireDevice(assessor);
		return medians(runs);
	}

	private static Map<String, Double> once(final Assessor assessor, final Path image, final Path maps) {
		final Stages stages = Stages.begin();
		assessor.time(stages);
		final int[] crops = {0};
		final double all = Timing.seconds(() -> crops[0] = assess(assessor, image, maps, stages));
		final Map<String, Double> seconds = seconds(stages);
		seconds.put(IMAGE, all);
		seconds.put(CROP, stages.seconds(Stage.NETWORK) / crops[0]);
		return seconds;
	}

	/** Returns the number of crops. */
	private static int assess(final Assessor assessor, final Path image, final Path maps, final Stages stages) {
		final int[] crops = {0};
		try (Reading reading = Reading.of(Inputs.expand(List.of(image.toString())), ImageFile::open, stages); CsvTable table = new CsvTable(Writer.nullWriter())) {
			Batch.run(reading, assessor, maps, (row, small, done, expected) -> {
				if (row.failed()) throw new DgiqaException(row.path() + ": " + row.error());
				crops[0] += row.assessment().orElseThrow().crops().size();
				stages.in(Stage.TABLE, () -> {
					write(table, row);
					return null;
				});
			});
		}
		catch (final IOException e) {
			throw unwritten(e);
		}
		return crops[0];
	}

	private static void write(final CsvTable table, final ResultRow row) {
		try {
			table.write(row);
		}
		catch (final IOException e) {
			throw unwritten(e);
		}
	}

	private static DgiqaException unwritten(final IOException e) {
		return new DgiqaException("The rows cannot be written: " + DgiqaException.sentence(e) + ".", e);
	}

	/** The name of a stage in results. */
	static String key(final Stage stage) {
		return stage.name().toLowerCase(Locale.ROOT);
	}

	/** Seconds of all stages, in their order. */
	static Map<String, Double> seconds(final Stages stages) {
		final Map<String, Double> seconds = new LinkedHashMap<>();
		for (final Stage stage : Stage.values())
			seconds.put(key(stage), stages.seconds(stage));
		return seconds;
	}

	/** The median of each of the numbers that all runs have; at least one run. */
	static Map<String, Double> medians(final List<Map<String, Double>> runs) {
		final Map<String, Double> medians = new LinkedHashMap<>();
		for (final String key : runs.get(0).keySet())
			medians.put(key, Timing.median(runs.stream().mapToDouble(run -> run.get(key)).toArray()));
		return medians;
	}
}
