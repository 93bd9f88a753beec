package io.github.dgiqa.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;

import ij.process.ColorProcessor;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.depth.DepthEstimator;
import io.github.dgiqa.distort.Distortion;
import io.github.dgiqa.distort.Distortions;
import io.github.dgiqa.distort.Published;
import io.github.dgiqa.distort.Scene;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.image.ShortSide;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.train.DistortedExamples.Variety;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Examples of photographs in which each pixel tells which photograph it is of, and where it is. */
class DistortedExamplesTest {

	// jpeg2000 can make no smaller one 170 times smaller
	private static final int WIDTH = 144;
	private static final int HEIGHT = 128;
	private static final int SIDE = 112;
	private static final long SEED = 7;
	private static final int PHOTOS = 5;
	/** The red of the first row, and the green of the first column. */
	private static final int FROM = 50;
	private static final Variety NONE = new Variety(0, 0, 0);
	/** KADID-10k's 25, of which people were asked. */
	private static final List<Distortion> KINDS = Distortions.all().subList(0, 25);

	/** A blur whose deviation is 0.1 of a pixel, a motion of one, a saturation times 1, a shift and a contrast of 0. */
	private static final Map<String, Integer> UNCHANGED = Map.of("gaussian_blur", 1, "motion_blur", 1, "color_saturation_2", 1, "mean_shift", 1, "contrast_change", 3);

	@TempDir
	private static Path folder;
	private static final List<Path> FILES = new ArrayList<>();
	private static NDManager manager;
	private static DepthEstimator depth;

	@BeforeAll
	static void draw() {
		final TorchEngine engine = TorchEngine.start(DeviceChoice.CPU, 0);
		manager = engine.newManager();
		depth = new DepthEstimator(ModelStore.of(null).find("depth-compact"), engine, Precision.FLOAT32, manager);
		for (int k = PHOTOS - 1; k >= 0; k--) // not in the order of their names
			FILES.add(save("p" + k + ".png", photo(k)));
	}

	@AfterAll
	static void close() {
		manager.close();
	}

	/** Red is y + 50, green is x + 50, blue is 10 k and something finely grained, on a chessboard of 0 and 200. */
	private static Picture photo(final int k) {
		return picture((x, y) -> y + FROM << 16 | x + FROM << 8 | 10 * k + (x * 7 + y * 13) % 10 + (x / 16 + y / 16) % 2 * 200);
	}

	private static Picture picture(final IntBinaryOperator rgb) {
		return Picture.rgb(WIDTH, HEIGHT, IntStream.range(0, WIDTH * HEIGHT).map(i -> rgb.applyAsInt(i % WIDTH, i / WIDTH)).toArray(), List.of());
	}

	private static Path save(final String name, final Picture picture) {
		final Path file = folder.resolve(name);
		DepthTrainingTest.save(new ColorProcessor(picture.width(), picture.height(), picture.rgb()), file);
		return file;
	}

	private static DistortedExamples examples(final List<Path> files, final int heldOut, final int batch, final Variety variety) {
		return new DistortedExamples(files, heldOut, depth, new ShortSide(SIDE, HEIGHT), SIDE, batch, SEED, variety);
	}

	/** Of the five those at the places 0 and 2 are held out. */
	private static DistortedExamples five(final int batch, final Variety variety) {
		return examples(FILES, 2, batch, variety);
	}

	/** Values of planes, comparable. */
	private static List<ByteBuffer> content(final List<Plane> planes) {
		return planes.stream().map(plane -> ByteBuffer.wrap(plane.values())).toList();
	}

	private static List<Object> content(final Example example) {
		return List.of(content(example.square().rgb()), content(List.of(example.square().depth())), example.score(), example.group(), example.kind());
	}

	private static List<Object> contents(final List<Example> examples) {
		return examples.stream().<Object>map(DistortedExamplesTest::content).toList();
	}

	/** Where a clean crop is from. */
	private record Where(int photo, int x, int y, boolean mirrored) {

		static Where of(final Square clean) {
			final int left = value(clean.rgb().get(1), 0);
			final int right = value(clean.rgb().get(1), SIDE - 1);
			return new Where(value(clean.rgb().get(2), 0) % 50 / 10, Math.min(left, right) - FROM, value(clean.rgb().get(0), 0) - FROM, left > right);
		}

		List<Plane> crop(final List<Plane> planes) {
			return planes.stream().map(plane -> plane.region(x, y, SIDE, SIDE)).map(plane -> mirrored ? plane.mirrored() : plane).toList();
		}
	}

	private static int value(final Plane plane, final int i) {
		return plane.values()[i] & 0xff;
	}

	private static List<Plane> distorted(final Picture picture, final Distortion distortion, final int level, final long seed) {
		return distortion.apply(new Scene(picture, null), level, seed).planes();
	}

	/** Whether it is a level at which nothing happens. */
	private static boolean changesNothing(final Distortion distortion, final int level) {
		return UNCHANGED.getOrDefault(distortion.name(), 0) == level;
	}

	/** Of level 0, which is clean, too. */
	private static float score(final Distortion distortion, final int level) {
		return level == 0 || changesNothing(distortion, level) ? 0.925f : (float) Published.score(distortion.name(), level).getAsDouble();
	}

	/** The level of this score, from 1. */
	private static int level(final Distortion distortion, final float score) {
		return IntStream.rangeClosed(1, Distortion.LEVELS).filter(level -> score(distortion, level) == score).findFirst().orElseThrow();
	}

	private static List<List<Example>> groups(final List<Example> batch) {
		final List<List<Example>> groups = new ArrayList<>();
		for (final Example example : batch) {
			if (example.group() == groups.size()) groups.add(new ArrayList<>());
			groups.get(example.group()).add(example);
		}
		return groups;
	}

	// -- which photographs --

	@Test
	void heldOutPlacesAreEvenlySpread() {
		final Set<Integer> places = DistortedExamples.keptPlaces(265, 40);
		assertEquals(40, places.size());
		assertEquals(List.of(0, 6, 13, 19, 26, 33, 39, 46, 53, 59), places.stream().limit(10).toList()); // every 6.625th
		for (int k = 0; k < 40; k++)
			assertTrue(places.contains((int) Math.floor(k * 6.625)), "" + k);
		assertEquals(Set.of(0, 2), DistortedExamples.keptPlaces(5, 2));
		assertEquals(Set.of(), DistortedExamples.keptPlaces(3, 0));
		assertEquals(Set.of(0, 1, 2), DistortedExamples.keptPlaces(3, 3));
	}

	@Test
	void whatTheDataAre() throws IOException, NoSuchAlgorithmException {
		final DistortedExamples examples = five(8, new Variety(0.25, 0.5, 0.125));
		assertEquals(26, examples.kinds()); // and clean
		final String found = examples.description().toString();
		final StringBuilder learned = new StringBuilder();
		for (final String name : List.of("p1.png", "p3.png", "p4.png"))
			learned.append(name + " " + Files.size(folder.resolve(name)) + "\n");
		final String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(learned.toString().getBytes(StandardCharsets.UTF_8)));
		assertTrue(found.contains("\"photographs\":3,\"photographs_sha256\":\"" + hash + "\",\"mixtures\":0.25,\"reduced\":0.5,\"grey\":0.125,\"depth\":\"depth-compact\",\"held_out\":[\"p0.png\",\"p2.png\"]"), found);
	}

	@Test
	void photographsThatCannotBeUsedAreToldBefore() throws IOException {
		final List<Path> files = new ArrayList<>(FILES);
		final int[] calls = {0};
		examples(files, 2, 8, NONE).check(() -> calls[0]++);
		assertTrue(calls[0] >= 3, "between photographs");
		for (final String name : List.of("a-held-out.png", "z-learned.png")) {
			final Path broken = Files.writeString(folder.resolve(name), "no picture");
			files.add(broken);
			final String found = assertThrows(DgiqaException.class, () -> examples(files, 2, 8, NONE).check(() -> {})).getMessage();
			assertTrue(found.contains(broken.toString()), found);
			files.remove(broken);
		}
	}

	// -- groups --

	/** Two passes of all distortions, in groups of four. */
	@Test
	void aGroupIsOneCropCleanOrAtLevelsOfOneDistortion() {
		final DistortedExamples examples = five(20, NONE);
		final List<List<Example>> groups = LongStream.range(0, 10).mapToObj(examples::batch).map(DistortedExamplesTest::groups).flatMap(List::stream).toList();
		assertEquals(50, groups.size());
		final Map<Integer, Integer> times = new HashMap<>();
		final Map<Integer, Set<Integer>> photosOfTurn = new HashMap<>();
		final Set<Where> crops = new HashSet<>();
		int exact = 0;
		int twiceClean = 0;
		for (int g = 0; g < groups.size(); g++) {
			final List<Example> group = groups.get(g);
			assertEquals(4, group.size());
			final List<Example> clean = group.stream().filter(example -> example.kind() == 0).toList();
			final Set<Integer> kinds = new TreeSet<>(group.stream().map(Example::kind).filter(kind -> kind != 0).toList());
			assertEquals(1, kinds.size(), "kinds of group " + g);
			final int kind = kinds.iterator().next();
			times.merge(kind, 1, Integer::sum);
			final Distortion distortion = KINDS.get(kind - 1);
			assertTrue(clean.size() <= (UNCHANGED.containsKey(distortion.name()) ? 2 : 1), distortion.name());
			if (clean.size() == 2) twiceClean++;
			final Set<Integer> levels = new HashSet<>();
			for (final Example example : group) {
				assertEquals(content(List.of(group.get(0).square().depth())), content(List.of(example.square().depth())));
				if (example.kind() == 0) assertEquals(0.925f, example.score());
				else assertTrue(levels.add(level(distortion, example.score())), "a level came twice");
			}
			if (clean.isEmpty()) continue;
			final Where where = Where.of(clean.get(0).square());
			crops.add(where);
			assertTrue(photosOfTurn.computeIfAbsent(g / 3, turn -> new HashSet<>()).add(where.photo), "a photograph came again before the others");
			final Picture whole = photo(where.photo);
			for (final Example example : group) {
				final int level = example.kind() == 0 ? 0 : level(distortion, example.score());
				final List<Plane> planes = level == 0 ? whole.planes() : distorted(whole, distortion, level, 1);
				// what is by chance has another seed there
				if (level > 0 && !content(planes).equals(content(distorted(whole, distortion, level, 2)))) continue;
				assertEquals(content(where.crop(planes)), content(example.square().rgb()), distortion.name() + " " + level);
				exact++;
			}
		}
		assertEquals(IntStream.rangeClosed(1, 25).boxed().toList(), List.copyOf(new TreeSet<>(times.keySet())));
		assertEquals(Set.of(2), Set.copyOf(times.values()), "every distortion comes once in each pass");
		assertTrue(twiceClean > 0, "a level that changes nothing is clean");
		assertTrue(exact > 80, "" + exact);
		// never p0 or p2, and not always the same crop
		assertEquals(Set.of(1, 3, 4), new TreeSet<>(crops.stream().map(Where::photo).toList()));
		assertEquals(Set.of(false, true), new TreeSet<>(crops.stream().map(Where::mirrored).toList()));
		assertTrue(crops.stream().map(Where::x).distinct().count() > 8);
		assertTrue(crops.stream().map(Where::y).distinct().count() > 4);
	}

	/** The depth of a group is that of one of its pictures, not always the clean one, at the crop. */
	@Test
	void depthOfAGroup() {
		final Set<String> withoutChance = Set.of("gaussian_blur", "jpeg", "darken", "quantization", "lens_blur", "brighten", "pixelate");
		int ofClean = 0;
		int ofDistorted = 0;
		for (final List<Example> group : groups(five(60, NONE).batch(3))) {
			final Example clean = group.stream().filter(example -> example.kind() == 0).findFirst().orElse(null);
			final Distortion distortion = KINDS.get(group.stream().mapToInt(Example::kind).max().orElseThrow() - 1);
			if (clean == null || !withoutChance.contains(distortion.name())) continue;
			final Where where = Where.of(clean.square());
			final Picture whole = photo(where.photo);
			final List<ByteBuffer> found = content(List.of(clean.square().depth()));
			if (found.equals(depthAt(where, whole))) {
				ofClean++;
				continue;
			}
			assertTrue(group.stream().filter(example -> example.kind() > 0)
				.anyMatch(example -> found.equals(depthAt(where, distortion.apply(new Scene(whole, null), level(distortion, example.score()), 1)))), distortion.name());
			ofDistorted++;
		}
		assertTrue(ofDistorted > 0, ofClean + " of the clean one");
	}

	private static List<ByteBuffer> depthAt(final Where where, final Picture picture) {
		return content(where.crop(List.of(depth.estimate(picture).toEightBits(WIDTH, HEIGHT))));
	}

	@Test
	void theLastGroupIsSmaller() {
		final List<Example> batch = five(10, NONE).batch(1);
		assertEquals(List.of(0, 0, 0, 0, 1, 1, 1, 1, 2, 2), batch.stream().map(Example::group).toList());
	}

	@Test
	void aStepIsAlwaysTheSame() {
		final DistortedExamples first = five(8, new Variety(0.5, 0.5, 0.5));
		final List<Object> fifth = contents(first.batch(5));
		assertNotEquals(fifth, contents(first.batch(0)));
		assertEquals(fifth, contents(first.batch(5)));
		assertEquals(fifth, contents(five(8, new Variety(0.5, 0.5, 0.5)).batch(5)), "no step was asked for before");
		final DistortedExamples other = new DistortedExamples(FILES, 2, depth, new ShortSide(SIDE, HEIGHT), SIDE, 8, SEED + 1, new Variety(0.5, 0.5, 0.5));
		assertNotEquals(fifth, contents(other.batch(5)));
	}

	// -- variety --

	/** Whether the scores are those of levels of two distortions, the shares of the clean one's multiplied. */
	private static boolean isMixture(final List<Example> group, final Distortion first, final Distortion second) {
		return group.stream().allMatch(example -> IntStream.rangeClosed(0, 5).anyMatch(a -> IntStream.rangeClosed(0, 5)
			.anyMatch(b -> Math.abs(score(first, a) * score(second, b) / 0.925 - example.score()) < 1e-6)));
	}

	@Test
	void mixtures() {
		int mixed = 0;
		for (final List<Example> group : groups(five(40, new Variety(1, 0, 0)).batch(1))) {
			assertTrue(KINDS.stream().anyMatch(first -> KINDS.stream().anyMatch(second -> isMixture(group, first, second))), group.stream().map(Example::score).toList().toString());
			mixed += group.stream().filter(example -> example.kind() == -1).count();
			// what has a kind has its score alone
			for (final Example example : group)
				if (example.kind() == 0) assertEquals(0.925f, example.score());
				else if (example.kind() > 0) level(KINDS.get(example.kind() - 1), example.score());
		}
		assertTrue(mixed > 20, mixed + " of 40: a sixth of the seconds is none");
	}

	/** Of (200, 100, 31) the mean is 110.3; inverted it is 145. */
	@Test
	void greyPhotographs() {
		final List<Path> colour = List.of(save("colour.png", picture((x, y) -> 200 << 16 | 100 << 8 | 31)));
		final Set<Integer> greys = new TreeSet<>();
		for (final Example example : examples(colour, 0, 40, new Variety(0, 0, 1)).batch(0)) {
			if (example.kind() != 0) continue;
			final List<ByteBuffer> planes = content(example.square().rgb());
			assertEquals(1, Set.copyOf(planes).size());
			for (final byte value : planes.get(0).array())
				greys.add(value & 0xff);
		}
		assertEquals(Set.of(110, 145), greys);
	}

	/** Where 128 rows have become n, a row is 128 / n rows further. */
	@Test
	void reducedPhotographs() {
		final Set<Long> heights = new TreeSet<>();
		for (final Example example : five(40, new Variety(0, 1, 0)).batch(0)) {
			if (example.kind() != 0) continue;
			final Plane red = example.square().rgb().get(0);
			final int rows = value(red, 105 * SIDE + 30) - value(red, 5 * SIDE + 30);
			final double height = 100.0 * HEIGHT / rows; // give or take one
			assertTrue(height > SIDE - 2 && height < HEIGHT + 2, "" + height);
			heights.add(Math.round(height));
		}
		assertTrue(heights.size() > 3, heights.toString());
	}

	// -- the held-out part --

	/** (mean - 1) / 4 of KADID-10k's means, such as 4.382 of the second blur. The weakest two change no pixel: they are clean. */
	@Test
	void heldOutPhotographsAreSeenCleanAndAtAllLevelsOfTwoDistortions() {
		final double[][] expected = {
			{0.925, 0.925, 0.8455, 0.47775, 0.21825, 0.07575, 0.7155, 0.4135, 0.189, 0.1105, 0.07475},
			{0.925, 0.925, 0.77375, 0.462, 0.29375, 0.167, 0.87375, 0.4005, 0.189, 0.15125, 0.0985}};
		final String[][] series = {{"", "gaussian_blur", "lens_blur"}, {"", "motion_blur", "color_diffusion"}};
		final List<HeldOut> found = five(8, NONE).heldOut(() -> {});
		assertEquals(22, found.size());
		for (int i = 0; i < 22; i++) {
			final HeldOut one = found.get(i);
			final int k = i % 11;
			assertEquals("p" + 2 * (i / 11) + ".png", Path.of(one.content()).getFileName().toString());
			assertEquals(expected[i / 11][k], one.score(), 1e-6, "image " + i);
			assertEquals(series[i / 11][(k + 4) / 5], one.series());
			assertEquals(k == 0 ? "" : "" + ((k - 1) % 5 + 1), one.level());
			final Picture whole = photo(2 * (i / 11));
			final Picture picture = k == 0 ? whole : Distortions.find(one.series()).apply(new Scene(whole, null), Integer.parseInt(one.level()), SEED);
			// the middle
			final Where middle = new Where(0, 16, 8, false);
			assertEquals(1, one.crops().size());
			assertEquals(content(middle.crop(picture.planes())), content(one.crops().get(0).rgb()));
			assertEquals(depthAt(middle, picture), content(List.of(one.crops().get(0).depth())));
		}
	}
}
