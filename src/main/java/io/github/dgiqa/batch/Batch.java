package io.github.dgiqa.batch;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessment;
import io.github.dgiqa.assess.AssessmentQueue;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.assess.Stages.Stage;
import io.github.dgiqa.display.MapImage;
import io.github.dgiqa.display.MapKind;
import io.github.dgiqa.display.ResultRow;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Sampling;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/** Assesses many files in order; one that fails does not stop the others. */
public final class Batch implements AutoCloseable {

	/** Who wants to know about the rows. */
	public interface Listener {

		/**
		 * A row is known.
		 *
		 * @param small its picture, as {@link Plan#small} wishes; null where there is none
		 * @param done rows so far, this one included
		 * @param expected rows in all, as far as is known: each file not yet opened counts as one
		 * @throws IOException where the row cannot be kept; this ends the batch
		 */
		void row(ResultRow row, Picture small, int done, int expected) throws IOException;

		/**
		 * All rows of a file are known.
		 *
		 * @param state the file as it was before it was opened
		 * @throws IOException where this cannot be noted; this ends the batch
		 */
		default void file(final Inputs.Input input, final FileState state) throws IOException {}
	}

	/** What came of it. */
	public record Summary(int rows, int failed) {}

	/**
	 * How to go about it.
	 *
	 * @param maps folder for map images, which exists; null for none
	 * @param small longest side that the listener's pictures may have; 0 for none
	 * @param sampling which crops
	 * @param between called between the networks' steps; a {@link CancellationException} that it throws ends the batch
	 */
	public record Plan(Path maps, int small, Sampling sampling, Runnable between) {}

	/**
	 * A picture of a file.
	 *
	 * @param size null where it is not known
	 * @param picture kept for the maps; null where there are none
	 * @param small reduced for the listener; null where there is none
	 * @param maps what the names of its maps begin with
	 * @param last as {@link Reading.Read#last}
	 */
	private record Item(Inputs.Input input, int slice, ResultRow.Size size, Picture picture, Picture small, String maps, FileState last) {}

	private final Assessor assessor;
	private final Plan plan;
	private final Listener listener;
	private final AssessmentQueue<Item> queue;
	private final ResultRow.Run run;
	/** Of pictures: slice 1 of the stack a.tif and the image a-s0001.png are two. */
	private final Set<String> mapNames = new HashSet<>();
	private int rows;
	private int failed;
	private int expected;

	private Batch(final Assessor assessor, final Plan plan, final Listener listener) {
		this.assessor = assessor;
		this.plan = plan;
		this.listener = listener;
		queue = new AssessmentQueue<>(assessor, plan.between);
		final boolean random = plan.sampling instanceof Sampling.Random;
		final String seed = random ? Long.toString(((Sampling.Random) plan.sampling).seed()) : "";
		run = new ResultRow.Run(assessor.modelName(), assessor.depthModelName(), random ? "random" : "grid", seed);
	}

	/**
	 * Assesses pictures in their order.
	 *
	 * @param maps folder for map images, which exists; null for none
	 * @throws IOException what the listener throws
	 */
	public static Summary run(final Reading reading, final Assessor assessor, final Path maps, final Listener listener) throws IOException {
		return run(reading, assessor, new Plan(maps, 0, assessor.sampling(), () -> {}), listener);
	}

	/**
	 * Assesses pictures in their order.
	 *
	 * @throws IOException what the listener throws
	 * @throws CancellationException what {@code between} throws
	 */
	public static Summary run(final Reading reading, final Assessor assessor, final Plan plan, final Listener listener) throws IOException {
		try (Batch batch = new Batch(assessor, plan, listener)) {
			return batch.run(reading);
		}
	}

	private Summary run(final Reading reading) throws IOException {
		expected = reading.files();
		try {
			for (Reading.Read read = reading.take(plan.between); read != null; read = reading.take(plan.between))
				assess(read);
			rows(queue.finish());
		}
		catch (IllegalStateException | Error e) { // cancelled, interrupted, or more than a picture is wrong
			rows(queue.giveUp());
			throw e;
		}
		return new Summary(rows, failed);
	}

	@Override
	public void close() {
		queue.close();
	}

	private void assess(final Reading.Read read) throws IOException {
		expected += read.others();
		final Picture picture = read.picture();
		if (picture == null) {
			rows(queue.add(new Item(read.input(), read.slice(), null, null, null, null, read.last()), read.error()));
			return;
		}
		final String maps = read.input().name() + (read.isStack() ? String.format(Locale.ROOT, "-s%04d", read.slice()) : "");
		final Item item = new Item(read.input(), read.slice(), new ResultRow.Size(picture.width(), picture.height()), plan.maps == null ? null : picture, small(picture), maps, read.last());
		rows(queue.add(item, picture, plan.sampling, null));
	}

	private Picture small(final Picture picture) {
		try {
			return plan.small == 0 ? null : picture.reduced(plan.small);
		}
		catch (final OutOfMemoryError e) {
			return null; // the score counts
		}
	}

	private void rows(final List<AssessmentQueue.Done<Item>> results) throws IOException {
		for (final AssessmentQueue.Done<Item> done : results)
			row(done.what(), done.assessment(), done.error() == null ? assessor.stages().in(Stage.MAPS, () -> mapsError(done)) : DgiqaException.sentence(done.error()));
	}

	/** Writes the maps, where they are wanted. Returns why they could not be written, else nothing. */
	private String mapsError(final AssessmentQueue.Done<Item> done) {
		if (plan.maps == null || !done.assessment().hasMaps()) return "";
		final String name = Inputs.unique(done.what().maps, mapNames);
		try {
			for (final MapKind kind : MapKind.values())
				MapImage.write(done.what().picture, done.assessment(), kind, plan.maps.resolve(name + "-" + kind.key() + ".png"));
			return "";
		}
		catch (final IOException e) {
			return "The maps could not be written: " + DgiqaException.sentence(e) + ".";
		}
		catch (RuntimeException | OutOfMemoryError e) {
			return DgiqaException.sentence(e);
		}
	}

	private void row(final Item item, final Assessment assessment, final String error) throws IOException {
		final String device = assessment == null ? assessor.deviceName() : assessment.device();
		final ResultRow row = new ResultRow(item.input.label(), item.slice, run, device, Optional.ofNullable(item.size), Optional.ofNullable(assessment), error);
		rows++;
		if (row.failed()) failed++;
		listener.row(row, item.small, rows, expected);
		if (item.last != null) listener.file(item.input, item.last);
	}
}
