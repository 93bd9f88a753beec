package io.github.dgiqa.train;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.depth.DepthEstimator;
import io.github.dgiqa.evaluate.sets.Opinion;
import io.github.dgiqa.evaluate.sets.RatedSet;
import io.github.dgiqa.evaluate.sets.Scale;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.image.ShortSide;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import org.apache.commons.rng.UniformRandomProvider;

/**
 * Images with scores of people: crops at random places, half of them mirrored. All images come once before any comes
 * again. Those of one reference come in groups, whose differences are learned too; where no two images have one, all
 * of a step are a group.
 */
final class RatedExamples implements Examples {

	private static final int GROUP = 4;
	/** Held-out images beyond these are not looked at: it would take long. */
	private static final int MOST_LOOKED_AT = 400;

	private final RatedSet set;
	private final Scale scale;
	/** Of each content the images, as they are learned from. */
	private final List<List<Opinion>> learned;
	private final List<Opinion> kept;
	private final boolean grouped;
	private final DepthEstimator depth;
	private final ShortSide shortSide;
	private final int side;
	private final int batch;
	private final long seed;
	private final ImageCache<Square> images = new ImageCache<>(file -> Pictures.read(file, this::whole), RatedExamples::bytes);

	/**
	 * @param scale of the scores: its worst becomes 0, its best 1
	 * @param heldOut how many contents are kept out, by chance
	 * @param depth estimates depth as for an assessment; only one thread at a time asks it
	 * @throws DgiqaException where a score is not on the scale, all are equal, or there are too few contents
	 */
	RatedExamples(final RatedSet set, final Scale scale, final int heldOut, final DepthEstimator depth, final ShortSide shortSide, final int side, final int batch, final long seed) {
		check(set, scale);
		final Map<String, List<Opinion>> contents = new LinkedHashMap<>();
		set.opinions().forEach(opinion -> contents.computeIfAbsent(opinion.content(), content -> new ArrayList<>()).add(opinion));
		if (heldOut < 1 || heldOut >= contents.size())
			throw new DgiqaException("Of the " + contents.size() + " contents in " + set.source() + " " + heldOut + " cannot be held out: at least one to look at and one to learn from are needed.");
		final int[] order = Draw.shuffled(contents.size(), Draw.of(seed, "held out"));
		final List<String> names = List.copyOf(contents.keySet());
		final Set<String> out = new HashSet<>(Arrays.stream(order, 0, heldOut).mapToObj(names::get).toList());
		kept = set.opinions().stream().filter(opinion -> out.contains(opinion.content())).toList();
		learned = names.stream().filter(name -> !out.contains(name)).map(contents::get).toList();
		grouped = learned.stream().anyMatch(images -> images.size() > 1);
		this.set = set;
		this.scale = scale;
		this.depth = depth;
		this.shortSide = shortSide;
		this.side = side;
		this.batch = batch;
		this.seed = seed;
	}

	private static void check(final RatedSet set, final Scale scale) {
		final Scale span = set.span();
		if (span.range() == 0) throw new DgiqaException("All " + set.opinions().size() + " scores in " + set.source() + " are " + span.low() + ": there is nothing to learn; better and worse images are needed.");
		for (final Opinion opinion : set.opinions())
			if (opinion.score() < scale.low() || opinion.score() > scale.high())
				throw new DgiqaException("The score " + opinion.score() + " of " + opinion.image() + " in " + set.source() + " is not on the scale of " + scale.low() + " to " + scale.high() + ": give a range that has all scores, which are from " + span.low() + " to " + span.high() + ".");
	}

	@Override
	public int kinds() {
		return 0;
	}

	// -- to learn from --

	/** An image in its turn. @param group of a pass */
	record Turn(Opinion opinion, int group) {}

	@Override
	public List<Example> batch(final long step) {
		final List<Turn> turns = turns(step);
		return IntStream.range(0, batch).parallel().mapToObj(i -> example(turns.get(i), step * batch + i)).toList();
	}

	/** The images of a step. */
	List<Turn> turns(final long step) {
		final List<Turn> turns = new ArrayList<>();
		final long first = step * batch;
		final int all = learned.stream().mapToInt(List::size).sum();
		for (long pass = first / all; turns.size() < batch; pass++) {
			final int from = (int) Math.max(0, first - pass * all);
			turns.addAll(pass(pass).subList(from, Math.min(all, from + batch - turns.size())));
		}
		return turns;
	}

	/** All images in the order of a pass: those of a group one after the other. */
	private List<Turn> pass(final long number) {
		final UniformRandomProvider random = Draw.of(seed, "pass", number);
		final List<List<Opinion>> groups = new ArrayList<>();
		for (final List<Opinion> content : learned) {
			final List<Opinion> order = Arrays.stream(Draw.shuffled(content.size(), random)).mapToObj(content::get).toList();
			for (int from = 0; from < order.size(); from += GROUP)
				groups.add(order.subList(from, Math.min(order.size(), from + GROUP)));
		}
		final List<Turn> turns = new ArrayList<>();
		for (final int group : Draw.shuffled(groups.size(), random))
			groups.get(group).forEach(opinion -> turns.add(new Turn(opinion, grouped ? group : 0)));
		return turns;
	}

	private Example example(final Turn turn, final long number) {
		final UniformRandomProvider random = Draw.of(seed, "crop", number);
		final Square whole = images.get(turn.opinion.file());
		final int x = random.nextInt(whole.depth().width() - side + 1);
		final int y = random.nextInt(whole.depth().height() - side + 1);
		final Square square = whole.region(x, y, side, side);
		return new Example(random.nextBoolean() ? square.mirrored() : square, (float) scale.share(turn.opinion.score()), turn.group, -1);
	}

	/** As it is for an assessment. */
	private Square whole(final Picture picture) {
		final ShortSide.Size size = shortSide.of(picture.width(), picture.height());
		final Square whole = new Square(picture.planes(), Pictures.depth(picture, depth));
		return new Square(Plane.each(whole.rgb(), plane -> plane.resize(size.width(), size.height())), whole.depth().resize(size.width(), size.height()));
	}

	private static long bytes(final Square whole) {
		return 4L * whole.depth().width() * whole.depth().height();
	}

	/**
	 * Reads all images, so that one that cannot be read is told before hours have passed.
	 *
	 * @param between called before some of them; what it throws ends the work
	 * @throws DgiqaException where one cannot be read
	 */
	void check(final Runnable between) {
		for (final Opinion opinion : set.opinions()) {
			between.run();
			Pictures.read(opinion.file(), picture -> shortSide.of(picture.width(), picture.height()));
		}
	}

	// -- to look at --

	@Override
	public List<HeldOut> heldOut() {
		final int[] order = Draw.shuffled(kept.size(), Draw.of(seed, "looked at"));
		return Arrays.stream(order, 0, Math.min(kept.size(), MOST_LOOKED_AT)).sorted().parallel().mapToObj(i -> heldOut(kept.get(i))).toList();
	}

	private HeldOut heldOut(final Opinion opinion) {
		final Square whole = Pictures.read(opinion.file(), this::whole);
		final List<Square> crops = new Sampling.Grid().positions(whole.depth().width(), whole.depth().height(), side).stream().map(at -> whole.region(at.x(), at.y(), side, side)).toList();
		return new HeldOut(crops, scale.share(opinion.score()), opinion.content(), opinion.distortion(), opinion.level());
	}

	@Override
	public JsonObject description() {
		final JsonObject json = new JsonObject();
		json.addProperty("examples", "images with scores of people");
		json.addProperty("set", set.name());
		json.addProperty("scores", set.source().getFileName().toString());
		json.addProperty("scores_sha256", Records.sha256(set.source()));
		json.add("scale", Records.json(scale));
		json.addProperty("images", learned.stream().mapToInt(List::size).sum());
		json.addProperty("contents", learned.size());
		json.addProperty("depth", depth.name());
		final JsonArray names = new JsonArray();
		kept.forEach(opinion -> names.add(opinion.image()));
		json.add("held_out", names);
		return json;
	}
}
