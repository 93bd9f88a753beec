package io.github.dgiqa.train;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.image.ShortSide;

import java.lang.ref.SoftReference;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import org.apache.commons.rng.UniformRandomProvider;

/**
 * Photographs with their inverse depth, squeezed into a square as a depth network sees them: nearly whole ones, half of
 * them mirrored, to learn from; whole ones to look at. May be used by several threads.
 */
final class DepthExamples {

	/** Sides of the smallest crop, as a part of the photograph's. */
	private static final double LEAST_PART = 0.75;

	/**
	 * What a network learns from.
	 *
	 * @param rgb three channels, side * side values 0..255 each
	 * @param map inverse depth of the same part of the photograph, of any size; not beyond 0..1
	 */
	record Example(List<float[]> rgb, FloatMap map) {}

	private final List<DepthPair> learned;
	private final List<DepthPair> kept;
	private final int side;
	private final ShortSide remembered;
	private final int batch;
	private final long seed;
	/** Read again where the memory was needed for something else. */
	private final Map<DepthPair, SoftReference<DepthPair.Opened>> opened = new ConcurrentHashMap<>();

	/**
	 * @param heldOut how many are kept out, as {@link DistortedExamples} does it
	 * @param side of the network's input
	 * @throws DgiqaException where none would be left to learn from, or to look at
	 */
	DepthExamples(final List<DepthPair> pairs, final int heldOut, final int side, final int batch, final long seed) {
		if (heldOut < 1 || heldOut >= pairs.size())
			throw new DgiqaException("Of " + pairs.size() + " photographs with depth maps " + heldOut + " cannot be held out: at least one to look at and one to learn from are needed.");
		final List<DepthPair> sorted = pairs.stream().sorted(Comparator.comparing(DepthPair::photo, Records.BY_NAME)).toList();
		final Set<Integer> places = DistortedExamples.keptPlaces(sorted.size(), heldOut);
		kept = places.stream().map(sorted::get).toList();
		learned = IntStream.range(0, sorted.size()).filter(i -> !places.contains(i)).mapToObj(sorted::get).toList();
		this.side = side;
		// the smallest crop is then still reduced
		remembered = new ShortSide(1, (int) Math.ceil(side / LEAST_PART));
		this.batch = batch;
		this.seed = seed;
	}

	/**
	 * Reads all files: what is wrong with one is known before the training begins.
	 *
	 * @param between called between photographs; what it throws ends the work
	 */
	void check(final Runnable between) {
		for (final DepthPair pair : learned) {
			between.run();
			remembered(pair);
		}
		for (final DepthPair pair : kept) {
			between.run();
			pair.open(side);
		}
	}

	/** The examples of a step, from 0: always the same. */
	List<Example> batch(final long step) {
		return IntStream.range(0, batch).parallel().mapToObj(i -> example(step * batch + i)).toList();
	}

	private Example example(final long number) {
		final UniformRandomProvider random = Draw.of(seed, "depth", number);
		final DepthPair.Opened whole = remembered(learned.get(Draw.inTurns(seed, "photo", number, learned.size())));
		final Picture picture = whole.picture();
		final int width = part(picture.width(), random);
		final int height = part(picture.height(), random);
		final int x = random.nextInt(picture.width() - width + 1);
		final int y = random.nextInt(picture.height() - height + 1);
		final FloatMap map = whole.map().resize(picture.width(), picture.height()).region(x, y, width, height);
		final boolean mirrored = random.nextBoolean();
		final List<Plane> region = Plane.each(picture.planes(), plane -> {
			final Plane part = plane.region(x, y, width, height);
			return mirrored ? part.mirrored() : part;
		});
		return new Example(squeezed(region), mirrored ? map.mirrored() : map);
	}

	private static int part(final int length, final UniformRandomProvider random) {
		final int least = (int) Math.ceil(LEAST_PART * length);
		return least + random.nextInt(length - least + 1);
	}

	private List<float[]> squeezed(final List<Plane> planes) {
		return Plane.each(planes, plane -> plane.resizeAntialiased(side, side));
	}

	private DepthPair.Opened remembered(final DepthPair pair) {
		final SoftReference<DepthPair.Opened> before = opened.get(pair);
		final DepthPair.Opened known = before == null ? null : before.get();
		if (known != null) return known;
		final DepthPair.Opened read = reduced(pair.open(side));
		opened.put(pair, new SoftReference<>(read));
		return read;
	}

	private DepthPair.Opened reduced(final DepthPair.Opened whole) {
		final ShortSide.Size size = remembered.of(whole.picture().width(), whole.picture().height());
		final Picture picture = size.width() < whole.picture().width() ? Pictures.reduced(whole.picture(), size) : whole.picture();
		final FloatMap map = whole.map().width() > picture.width() ? whole.map().resizeAntialiased(picture.width(), picture.height()) : whole.map();
		return new DepthPair.Opened(picture, map);
	}

	/** The whole photographs of the held-out part. @param between called between them, in any thread; what it throws ends the work */
	List<Example> heldOut(final Runnable between) {
		return kept.stream().parallel().map(pair -> {
			between.run();
			final DepthPair.Opened whole = pair.open(side);
			return new Example(squeezed(whole.picture().planes()), whole.map());
		}).toList();
	}

	/** What the data are, for the record. */
	JsonObject description() {
		final JsonObject json = new JsonObject();
		json.addProperty("examples", "photographs with maps of their inverse depth, nearly whole ones, also mirrored");
		json.addProperty("photographs", learned.size());
		json.addProperty("photographs_sha256", Records.sha256(learned.stream().map(DepthPair::photo).toList()));
		final JsonArray names = new JsonArray();
		kept.forEach(pair -> names.add(pair.photo().getFileName().toString()));
		json.add("held_out", names);
		return json;
	}
}
