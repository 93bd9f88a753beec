package io.github.dgiqa.bench;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.AssessmentQueue;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.assess.Stages;
import io.github.dgiqa.assess.Stages.Stage;
import io.github.dgiqa.bench.PowerLaw.Point;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Pictures;
import io.github.dgiqa.image.Sampling;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;

/** How time grows with the size of the image, the number of crops and of slices. Images are in memory, in ImageJ's form. */
final class Growth {

	/** All of the work. */
	static final String ALL = "all";

	/**
	 * What is looked at, from small to large.
	 *
	 * @param megapixels of an image
	 * @param crops of a photograph
	 * @param slices of a stack of photographs
	 */
	record Sizes(List<Double> megapixels, List<Double> crops, List<Double> slices) {

		static final Sizes FULL = new Sizes(List.of(0.25, 1., 4., 16., 50., 100.), List.of(1., 3., 10., 30., 100.), List.of(1., 3., 10., 30., 100., 300., 1000.));
		static final Sizes SMALL = new Sizes(List.of(0.25, 1., 3., 6., 12.), List.of(1., 2., 5., 10., 20.), List.of(1., 2., 5., 10.));
	}

	/**
	 * How a part of the time grows.
	 *
	 * @param pair which models
	 * @param what grows: megapixels, crops, slices
	 * @param part {@link #ALL} or a stage
	 * @param points at least {@link PowerLaw#LEAST_POINTS}
	 */
	record Row(String pair, String what, String part, List<Point> points) {

		PowerLaw law() {
			return PowerLaw.of(points);
		}
	}

	private static final double MILLION = 1e6;
	/** Width to height. */
	private static final double FORM = 1.5;
	private static final long SEED = 42;
	/** A size that took this long is not measured again. */
	private static final double LONG_ENOUGH = 10;
	/** Parts that take less of the time at the largest size are left out: they are noise. */
	private static final double LEAST_SHARE = 0.01;

	private final String pair;
	private final Assessor assessor;
	private final int reps;
	private final Consumer<String> progress;
	private final List<Row> rows = new ArrayList<>();

	private Growth(final String pair, final Assessor assessor, final int reps, final Consumer<String> progress) {
		this.pair = pair;
		this.assessor = assessor;
		this.reps = reps;
		this.progress = progress;
	}

	/**
	 * Measures.
	 *
	 * @param pair name of the assessor's models
	 * @param reps how often each size is measured, as long as that does not take too long
	 */
	static List<Row> of(final String pair, final Assessor assessor, final Sizes sizes, final int reps, final Consumer<String> progress) {
		final Growth growth = new Growth(pair, assessor, reps, progress);
		growth.measure("megapixels", sizes.megapixels, growth::image);
		growth.measure("crops", sizes.crops, growth::crops);
		growth.measure("slices", sizes.slices, growth::stack);
		NetworkTimes.requireDevice(assessor);
		return growth.rows;
	}

	private Runnable image(final double megapixels) {
		final int width = (int) Math.round(Math.sqrt(megapixels * MILLION * FORM));
		final ImagePlus image = SeededImage.of(width, (int) Math.round(width / FORM));
		return () -> assessor.assess(converted(image, 1));
	}

	private Runnable crops(final double crops) {
		final Picture picture = SeededImage.picture();
		final Sampling sampling = new Sampling.Random((int) crops, SEED);
		return () -> assessor.assess(picture, sampling, null, () -> {});
	}

	private Runnable stack(final double slices) {
		final ImageProcessor slice = SeededImage.of(SeededImage.WIDTH, SeededImage.HEIGHT).getProcessor();
		final ImageStack stack = new ImageStack(slice.getWidth(), slice.getHeight());
		for (int i = 0; i < slices; i++)
			stack.addSlice("", new ColorProcessor(slice.getWidth(), slice.getHeight(), (int[]) slice.getPixels())); // one memory for all
		final ImagePlus image = new ImagePlus("", stack);
		return () -> {
			try (AssessmentQueue<Integer> queue = new AssessmentQueue<>(assessor, () -> {})) {
				for (int i = 1; i <= image.getStackSize(); i++)
					require(queue.add(i, converted(image, i), assessor.sampling(), null));
				require(queue.finish());
			}
		};
	}

	private Picture converted(final ImagePlus image, final int index) {
		return assessor.stages().in(Stage.CONVERT, () -> Pictures.of(image, index));
	}

	private static void require(final List<AssessmentQueue.Done<Integer>> results) {
		for (final AssessmentQueue.Done<Integer> done : results)
			if (done.error() != null) throw new DgiqaException("Slice " + done.what() + " cannot be scored: " + DgiqaException.sentence(done.error()), done.error());
	}

	/** @param prepared makes an image, of which the work is measured */
	private void measure(final String what, final List<Double> sizes, final DoubleFunction<Runnable> prepared) {
		prepared.apply(sizes.get(0)).run();
		final Map<String, List<Point>> points = new LinkedHashMap<>();
		for (final double size : sizes) {
			progress.accept(pair + ", " + what + ": " + (size < 1 ? Double.toString(size) : Long.toString(Math.round(size))));
			try {
				times(prepared.apply(size)).forEach((part, seconds) -> points.computeIfAbsent(part, key -> new ArrayList<>()).add(new Point(size, seconds)));
			}
			catch (final OutOfMemoryError e) {
				progress.accept("Not measured, nor what is larger: " + DgiqaException.sentence(e) + ".");
				break;
			}
		}
		points.forEach((part, measured) -> {
			if (isKept(measured, points.get(ALL))) rows.add(new Row(pair, what, part, measured));
		});
	}

	private static boolean isKept(final List<Point> part, final List<Point> all) {
		final int last = all.size() - 1;
		return all.size() >= PowerLaw.LEAST_POINTS && part.stream().allMatch(point -> point.seconds() > 0) && part.get(last).seconds() >= LEAST_SHARE * all.get(last).seconds();
	}

	/** Median seconds of all the work and of each stage. */
	private Map<String, Double> times(final Runnable work) {
		final List<Map<String, Double>> runs = new ArrayList<>();
		double spent = 0;
		while (runs.size() < reps && spent < LONG_ENOUGH) {
			final Stages stages = Stages.begin();
			assessor.time(stages);
			final double all = Timing.seconds(work);
			spent += all;
			final Map<String, Double> run = new LinkedHashMap<>(Map.of(ALL, all));
			run.putAll(StageTimes.seconds(stages));
			runs.add(run);
		}
		return StageTimes.medians(runs);
	}
}
