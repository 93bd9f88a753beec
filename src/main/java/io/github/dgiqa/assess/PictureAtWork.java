package io.github.dgiqa.assess;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessment.Spread;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.ImageException;
import io.github.dgiqa.image.Normaliser;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.image.Sampling.Position;
import io.github.dgiqa.image.ShortSide;
import io.github.dgiqa.image.ShortSide.Size;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/** A picture on its way: resized, its crops chosen, some of them scored. */
final class PictureAtWork {

	/** Above this only the crops are resized, not the whole image. Pixels. */
	private static final long WHOLE_AT_MOST = 100_000_000;

	private final int width;
	private final int height;
	private final Sampling sampling;
	private final Size size;
	private final boolean whole;
	private final List<Position> positions;
	private final List<String> notes;
	private final List<Plane> rgb;
	private final List<Plane> depth;
	private final List<Crop> scored = new ArrayList<>();
	/** What computed the depth; null where it is measured. */
	private final Computation depthBy;
	/** What scored the crops. */
	private Computation scoredBy;
	private long nanos;

	/**
	 * Prepares a picture.
	 *
	 * @param inverseDepth near is large; any size
	 * @param depthBy what computed it; null where it is measured
	 * @param shortSide of the resized image
	 * @param side side of the crops, pixels
	 * @param notes what is to be said of it already
	 * @throws ImageException where its shape is too extreme
	 */
	PictureAtWork(final Picture picture, final Sampling sampling, final FloatMap inverseDepth, final Computation depthBy, final ShortSide shortSide, final int side, final List<String> notes) {
		width = picture.width();
		height = picture.height();
		this.sampling = sampling;
		this.depthBy = depthBy;
		size = shortSide.of(picture.width(), picture.height());
		whole = (long) size.width() * size.height() <= WHOLE_AT_MOST;
		positions = sampling.positions(size.width(), size.height(), side);
		this.notes = new ArrayList<>(notes);
		if (!whole) this.notes.add("no maps: the resized image would have " + (long) size.width() * size.height() / 1_000_000 + " megapixels");
		final Plane plane = inverseDepth.toEightBits(width, height);
		rgb = source(picture.planes());
		depth = source(List.of(plane, plane, plane));
	}

	/** What the positions of the crops have to say, or null. */
	static String note(final Picture picture, final Sampling sampling, final ShortSide shortSide, final int side) {
		final Size size = shortSide.of(picture.width(), picture.height());
		return sampling.note(size.width(), size.height(), side);
	}

	/** Planes at the resized size, where the whole is made at once, else the original ones. */
	private List<Plane> source(final List<Plane> original) {
		return whole ? Plane.each(original, plane -> plane.resize(size.width(), size.height())) : original;
	}

	/** Puts the normalised crop at a position, of the image or of its depth. */
	void put(final boolean ofDepth, final Position at, final int side, final Normaliser normaliser, final FloatBuffer to) {
		final List<Plane> planes = ofDepth ? depth : rgb;
		if (whole) normaliser.putSquare(planes, at.x(), at.y(), side, to);
		else normaliser.putSquare(Plane.each(planes, plane -> plane.resizedRegion(size.width(), size.height(), at.x(), at.y(), side, side)), 0, 0, side, to);
	}

	/** The crops that are not scored yet. */
	List<Computation.Square> open() {
		return positions.subList(scored.size(), positions.size()).stream().map(at -> new Computation.Square(this, at)).toList();
	}

	boolean isDone() {
		return scored.size() == positions.size();
	}

	/** The next of {@link #open()} is scored. @param by what scored it */
	void add(final Crop crop, final Computation by) {
		scored.add(crop);
		scoredBy = by;
	}

	/** Forgets what something else has scored, so that all crops are from one device. @param by what is to score the rest */
	void goOnWith(final Computation by) {
		if (!isDone() && scoredBy != by) scored.clear();
	}

	/** Time that was spent on it. */
	void spent(final long more) {
		nanos += more;
	}

	/** Bytes that it keeps, and the picture that it was made from, more or less. */
	long bytes() {
		return 6L * rgb.get(0).width() * rgb.get(0).height() + 3L * width * height;
	}

	/**
	 * What was found, once all crops are scored.
	 *
	 * @throws DgiqaException where the score is no finite number
	 */
	Assessment assessment(final String model, final String depthModel) {
		final SummaryStatistics scores = new SummaryStatistics();
		scored.forEach(crop -> scores.addValue(crop.score()));
		if (!Double.isFinite(scores.getMean())) throw new DgiqaException("The score is no finite number: " + scoredBy.precision().blame(model));
		final Spread spread = new Spread(scored.size() == 1 ? Double.NaN : scores.getStandardDeviation(), scores.getMin(), scores.getMax());
		if (scoredBy.precision() != Precision.FLOAT32) notes.add(scoredBy.precision().toString());
		if (depthBy != null && !depthBy.place().equals(scoredBy.place())) notes.add("the depth was computed on " + depthBy.place());
		return new Assessment(scores.getMean(), spread, scored, width, height, size.width(), size.height(), whole ? depth.get(0) : null, model, depthModel, sampling, scoredBy.engine().deviceName(), nanos / 1e9, notes);
	}
}
