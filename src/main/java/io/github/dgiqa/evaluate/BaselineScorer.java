package io.github.dgiqa.evaluate;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.evaluate.sets.Opinion;
import io.github.dgiqa.image.ImageFile;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;

/** The baselines, all from one reading of an image. */
final class BaselineScorer implements Scorer {

	/** Another number where a definition changes. */
	private static final String VERSION = "baselines 1";

	@Override
	public String name() {
		return "baselines";
	}

	@Override
	public String parameters() {
		return VERSION;
	}

	@Override
	public List<Measure> measures() {
		return Arrays.stream(Baseline.values()).map(baseline -> new Measure(baseline.key(), baseline.lowerIsBetter())).toList();
	}

	@Override
	public String device() {
		return "cpu";
	}

	@Override
	public void score(final List<Opinion> images, final Listener listener, final Runnable between) {
		for (final Opinion image : images) {
			between.run();
			listener.done(image, row(image));
		}
	}

	private static ScoreFile.Row row(final Opinion image) {
		final long start = System.nanoTime();
		try (ImageFile file = ImageFile.open(image.file())) {
			final double[] values = Baseline.of(file.picture(0), Files.size(image.file()));
			return new ScoreFile.Row(values, (System.nanoTime() - start) / 1e9, "");
		}
		catch (IOException | RuntimeException | OutOfMemoryError e) {
			return new ScoreFile.Row(new double[0], 0, DgiqaException.sentence(e));
		}
	}

	@Override
	public void close() {
		// nothing is held
	}
}
