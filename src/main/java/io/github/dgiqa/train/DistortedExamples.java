package io.github.dgiqa.train;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import io.github.dgiqa.depth.DepthEstimator;
import io.github.dgiqa.distort.Distortion;
import io.github.dgiqa.distort.Distortions;
import io.github.dgiqa.distort.Published;
import io.github.dgiqa.distort.Scene;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.image.ShortSide;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.apache.commons.rng.UniformRandomProvider;

/**
 * Clean photographs, distorted on the fly. The score is the mean human score that KADID-10k has for that distortion and
 * level, scaled to 0..1. A group is one crop of one photograph, clean or at some levels of one distortion; of a mixture,
 * at some levels of two, one after the other, whose scores, as shares of the clean one's, are multiplied: an assumption,
 * nobody was asked about mixtures.
 */
final class DistortedExamples implements Examples {

	/** What a clean photograph of KADID-10k scores: 4.7 of 1 to 5. */
	static final float CLEAN = 0.925f;
	private static final int GROUP = 4;
	/** Distortions of each held-out photograph, at all levels: with more the look at them takes long. */
	private static final int LOOKED_AT = 2;

	/**
	 * What is done to the photographs.
	 *
	 * @param mixtures share of groups with two distortions
	 * @param reduced share of groups whose photograph is reduced before, to a side between the network's smallest and largest
	 * @param grey share of groups whose photograph is grey, every other of them inverted
	 */
	record Variety(double mixtures, double reduced, double grey) {}

	private final List<Path> learned;
	private final List<Path> kept;
	private final List<Distortion> distortions;
	private final DepthEstimator depth;
	private final ShortSide shortSide;
	private final int side;
	private final int batch;
	private final long seed;
	private final Variety variety;
	private final ImageCache<Picture> pictures;

	/**
	 * @param photos clean
	 * @param heldOut how many are kept out: of the names in order those at k n / heldOut, rounded down
	 * @param depth estimates depth of what was distorted; only one thread at a time asks it
	 */
	DistortedExamples(final List<Path> photos, final int heldOut, final DepthEstimator depth, final ShortSide shortSide, final int side, final int batch, final long seed, final Variety variety) {
		final List<Path> sorted = photos.stream().sorted(Comparator.comparing(photo -> photo.getFileName().toString())).toList();
		final Set<Integer> places = keptPlaces(sorted.size(), heldOut);
		kept = places.stream().map(sorted::get).toList();
		learned = IntStream.range(0, sorted.size()).filter(i -> !places.contains(i)).mapToObj(sorted::get).toList();
		distortions = Distortions.all().stream().filter(distortion -> Published.score(distortion.name(), 1).isPresent()).toList();
		this.depth = depth;
		this.shortSide = shortSide;
		pictures = new ImageCache<>(photo -> Pictures.read(photo, shortSide, side), Pictures::bytes);
		this.side = side;
		this.batch = batch;
		this.seed = seed;
		this.variety = variety;
	}

	/** Which of n names in order are kept out, in order. */
	static Set<Integer> keptPlaces(final int n, final int heldOut) {
		return new TreeSet<>(IntStream.range(0, heldOut).map(k -> (int) ((long) k * n / heldOut)).boxed().toList());
	}

	@Override
	public int kinds() {
		return distortions.size() + 1;
	}

	@Override
	public List<Example> batch(final long step) {
		final int groups = (batch + GROUP - 1) / GROUP;
		return IntStream.range(0, groups).parallel().mapToObj(g -> group(step * groups + g, g, Math.min(GROUP, batch - g * GROUP))).flatMap(List::stream).toList();
	}

	/** A distortion, or two, at a level each; 0 is none. */
	private record Damage(Distortion first, int firstLevel, Distortion second, int secondLevel) {}

	private List<Example> group(final long number, final int group, final int size) {
		final UniformRandomProvider random = Draw.of(seed, "group", number);
		final Picture clean = varied(picture(learned.get(Draw.inTurns(seed, "photo", number, learned.size()))), random);
		final int x = random.nextInt(clean.width() - side + 1);
		final int y = random.nextInt(clean.height() - side + 1);
		final boolean mirrored = random.nextBoolean();
		final Distortion first = distortions.get(Draw.inTurns(seed, "distortion", number, distortions.size()));
		final Distortion second = random.nextDouble() < variety.mixtures ? distortions.get(random.nextInt(distortions.size())) : null;
		// clean is level 0; none comes twice
		final int[] levels = Draw.shuffled(Distortion.LEVELS + 1, random);
		final List<Damaged> all = new ArrayList<>();
		for (int i = 0; i < size; i++) {
			final Damage damage = new Damage(first, levels[i], second, second == null ? 0 : random.nextInt(Distortion.LEVELS + 1));
			all.add(damaged(clean, damage, random.nextLong() >>> Integer.SIZE));
		}
		// damage changes the estimate a little; that of one of them stands for all, for it takes as long as a distortion
		final Plane map = Pictures.depth(all.get(random.nextInt(size)).picture, depth);
		return all.stream().map(one -> {
			final Square square = new Square(one.picture.planes(), map).region(x, y, side, side);
			return new Example(mirrored ? square.mirrored() : square, one.score, group, one.kind);
		}).toList();
	}

	/** A picture with its score and its kind of distortion. */
	private record Damaged(Picture picture, float score, int kind) {}

	private Damaged damaged(final Picture clean, final Damage damage, final long chance) {
		Picture picture = damage.firstLevel == 0 ? clean : damage.first.apply(new Scene(clean, null), damage.firstLevel, chance);
		// some levels change nothing, such as the middle one of contrast: then it is a clean photograph
		final boolean changed = damage.firstLevel > 0 && !same(picture, clean);
		double score = changed ? score(damage.first, damage.firstLevel) : CLEAN;
		boolean mixed = false;
		if (damage.secondLevel > 0) {
			final Picture before = picture;
			picture = damage.second.apply(new Scene(before, null), damage.secondLevel, chance + 1);
			mixed = !same(picture, before);
			if (mixed) score *= score(damage.second, damage.secondLevel) / CLEAN;
		}
		return new Damaged(picture, (float) score, mixed ? -1 : changed ? 1 + distortions.indexOf(damage.first) : 0);
	}

	private static double score(final Distortion distortion, final int level) {
		return Math.min(CLEAN, Published.score(distortion.name(), level).getAsDouble());
	}

	private static boolean same(final Picture a, final Picture b) {
		return Arrays.equals(a.red().values(), b.red().values()) && Arrays.equals(a.green().values(), b.green().values()) && Arrays.equals(a.blue().values(), b.blue().values());
	}

	private Square square(final Picture picture, final int x, final int y) {
		return new Square(picture.planes(), Pictures.depth(picture, depth)).region(x, y, side, side);
	}

	/** The photograph, sometimes smaller, sometimes grey, of these every other inverted: dark ground, as in fluorescence. */
	private Picture varied(final Picture picture, final UniformRandomProvider random) {
		Picture varied = picture;
		final int shorter = Math.min(picture.width(), picture.height());
		if (random.nextDouble() < variety.reduced && shorter > shortSide.least()) {
			final int to = shortSide.least() + random.nextInt(shorter - shortSide.least() + 1);
			varied = Pictures.reduced(picture, new ShortSide(to, to).of(picture.width(), picture.height()));
		}
		if (random.nextDouble() >= variety.grey) return varied;
		final Picture grey = Pictures.grey(varied);
		return random.nextBoolean() ? Pictures.inverted(grey) : grey;
	}

	private Picture picture(final Path photo) {
		return pictures.get(photo);
	}

	/**
	 * Reads all photographs, so that one that cannot be read is told before hours have passed.
	 *
	 * @param between called before each; what it throws ends the work
	 * @throws io.github.dgiqa.DgiqaException where one cannot be read
	 */
	void check(final Runnable between) {
		for (final Path photo : learned) {
			between.run();
			picture(photo);
		}
		for (final Path photo : kept)
			picture(photo);
	}

	@Override
	public List<HeldOut> heldOut() {
		return IntStream.range(0, kept.size()).parallel().mapToObj(this::heldOut).flatMap(List::stream).toList();
	}

	/** Clean, and with some distortions at all levels: all photographs together have each distortion equally often. */
	private List<HeldOut> heldOut(final int index) {
		final Picture clean = picture(kept.get(index));
		final String content = kept.get(index).getFileName().toString();
		final int x = (clean.width() - side) / 2;
		final int y = (clean.height() - side) / 2;
		final List<HeldOut> all = new ArrayList<>();
		all.add(new HeldOut(List.of(square(clean, x, y)), CLEAN, content, "", ""));
		for (int k = 0; k < LOOKED_AT; k++) {
			final Distortion distortion = distortions.get((LOOKED_AT * index + k) % distortions.size());
			for (int level = 1; level <= Distortion.LEVELS; level++) {
				final Picture picture = distortion.apply(new Scene(clean, null), level, seed);
				all.add(new HeldOut(List.of(square(picture, x, y)), Published.score(distortion.name(), level).getAsDouble(), content, distortion.name(), "" + level));
			}
		}
		return all;
	}

	@Override
	public JsonObject description() {
		final JsonObject json = new JsonObject();
		json.addProperty("examples", "clean photographs distorted on the fly, with KADID-10k's mean score of each distortion and level as (mean - 1) / 4, clean " + CLEAN);
		json.addProperty("photographs", learned.size());
		json.addProperty("mixtures", variety.mixtures);
		json.addProperty("reduced", variety.reduced);
		json.addProperty("grey", variety.grey);
		json.addProperty("depth", depth.name());
		final JsonArray names = new JsonArray();
		kept.forEach(photo -> names.add(photo.getFileName().toString()));
		json.add("held_out", names);
		return json;
	}
}
