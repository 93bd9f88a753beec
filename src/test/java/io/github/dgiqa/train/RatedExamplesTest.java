package io.github.dgiqa.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.depth.DepthEstimator;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.evaluate.sets.Opinion;
import io.github.dgiqa.evaluate.sets.RatedSet;
import io.github.dgiqa.evaluate.sets.Scale;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Normaliser;
import io.github.dgiqa.image.ShortSide;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelDescription.Preprocessing;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;
import io.github.dgiqa.network.DgiqaNetwork;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Examples from images with scores of people. */
class RatedExamplesTest extends NativeMemory {

	private static final Path COFFEE = Path.of("samples", "coffee.png");
	private static final Path CHELSEA = Path.of("samples", "chelsea.png");
	/** Any file: its hash is part of the record. */
	private static final Path SOURCE = COFFEE;
	private static final Scale FIVE = new Scale(1, 5, true);

	private final ModelStore store = ModelStore.of(null);
	private final TorchEngine engine = TorchEngine.start(DeviceChoice.CPU, 0);
	private DepthEstimator depth;

	@BeforeEach
	void load() {
		depth = new DepthEstimator(store.find("depth-compact", ModelDescription.Kind.DEPTH), engine, Precision.FLOAT32, manager);
	}

	private static Opinion opinion(final String image, final double score, final String reference) {
		return new Opinion(image, COFFEE, score, reference, "", "");
	}

	private static RatedSet set(final Scale scale, final List<Opinion> opinions) {
		return new RatedSet("mine", SOURCE, scale, opinions, List.of(), 0);
	}

	/** Scores 1, 2, 3, 4, 5, 1 ... */
	private static RatedSet withoutReferences(final int images) {
		return set(FIVE, IntStream.range(0, images).mapToObj(i -> opinion("image" + i, 1 + i % 5, "")).toList());
	}

	/** So many images of each of some references. */
	private static RatedSet withReferences(final int references, final int each) {
		final List<Opinion> opinions = new ArrayList<>();
		for (int i = 0; i < references; i++)
			for (int k = 0; k < each; k++)
				opinions.add(opinion("image" + i + "_" + k, 1 + k % 5, "reference" + i));
		return set(FIVE, opinions);
	}

	private RatedExamples examples(final RatedSet set, final Scale scale, final int heldOut, final int batch) {
		return new RatedExamples(set, scale, heldOut, depth, new ShortSide(64, 64), 64, batch, 42);
	}

	@Test
	void scoresBecomeSharesOfTheScale() {
		final RatedSet set = set(FIVE, List.of(opinion("a", 1, ""), opinion("b", 2, ""), opinion("c", 5, ""), opinion("d", 4, "")));
		final RatedExamples higher = examples(set, FIVE, 1, 3);
		final Set<Float> all = new HashSet<>();
		higher.batch(0).forEach(example -> all.add(example.score()));
		higher.heldOut().forEach(image -> all.add((float) image.score()));
		assertEquals(Set.of(0f, 0.25f, 0.75f, 1f), all);
		final RatedExamples lower = examples(set, new Scale(0, 10, false), 1, 3);
		all.clear();
		lower.batch(0).forEach(example -> all.add(example.score()));
		lower.heldOut().forEach(image -> all.add((float) image.score()));
		assertEquals(Set.of(0.9f, 0.8f, 0.6f, 0.5f), all);
	}

	@Test
	void eachImageComesOnceBeforeAnyComesAgain() {
		// 10 to learn from, 4 a step: two passes are five steps
		final RatedExamples examples = examples(withoutReferences(12), FIVE, 2, 4);
		final List<String> names = IntStream.range(0, 5).boxed().flatMap(step -> examples.turns(step).stream()).map(turn -> turn.opinion().image()).toList();
		assertEquals(20, names.size());
		assertEquals(10, new HashSet<>(names.subList(0, 10)).size());
		assertEquals(new HashSet<>(names.subList(0, 10)), new HashSet<>(names.subList(10, 20)));
		final Set<String> kept = new HashSet<>(examples.heldOut().stream().map(HeldOut::content).toList());
		assertEquals(2, kept.size());
		assertTrue(names.stream().noneMatch(kept::contains));
		// a step of several passes
		final Map<String, Integer> times = new HashMap<>();
		examples(withoutReferences(12), FIVE, 2, 30).turns(1).forEach(turn -> times.merge(turn.opinion().image(), 1, Integer::sum));
		assertEquals(Set.of(3), new HashSet<>(times.values()));
		assertEquals(10, times.size());
	}

	@Test
	void withoutReferencesAStepIsOneGroup() {
		assertEquals(Set.of(0), new HashSet<>(examples(withoutReferences(12), FIVE, 2, 6).batch(3).stream().map(Example::group).toList()));
	}

	@Test
	void imagesOfOneReferenceComeInGroups() {
		final RatedExamples examples = examples(withReferences(5, 6), FIVE, 2, 18);
		final Map<Integer, List<Opinion>> groups = new HashMap<>();
		examples.turns(0).forEach(turn -> groups.computeIfAbsent(turn.group(), group -> new ArrayList<>()).add(turn.opinion()));
		assertEquals(6, groups.size());
		for (final List<Opinion> group : groups.values()) {
			assertTrue(group.size() == 4 || group.size() == 2, "" + group);
			assertEquals(1, group.stream().map(Opinion::reference).distinct().count(), "" + group);
		}
		assertEquals(3, groups.values().stream().map(group -> group.get(0).reference()).distinct().count());
		final List<HeldOut> kept = examples.heldOut();
		assertEquals(12, kept.size());
		assertEquals(2, kept.stream().map(HeldOut::content).distinct().count());
	}

	@Test
	void aStepIsAlwaysTheSame() {
		final List<Example> first = examples(withoutReferences(12), FIVE, 2, 4).batch(7);
		final RatedExamples others = examples(withoutReferences(12), FIVE, 2, 4);
		others.batch(2);
		final List<Example> again = others.batch(7);
		for (int i = 0; i < first.size(); i++) {
			assertEquals(first.get(i).score(), again.get(i).score());
			assertArrayEquals(first.get(i).square().rgb().get(1).values(), again.get(i).square().rgb().get(1).values());
			assertArrayEquals(first.get(i).square().depth().values(), again.get(i).square().depth().values());
		}
	}

	@Test
	void theLookScoresAnImageAsAnAssessmentDoes() {
		final StoredModel model = store.find("dgiqa-compact", ModelDescription.Kind.QUALITY);
		final Preprocessing preprocessing = model.description().preprocessing();
		final RatedSet set = set(FIVE, List.of(new Opinion("coffee", COFFEE, 1, "", "", ""), new Opinion("chelsea", CHELSEA, 5, "", "", "")));
		final ShortSide shortSide = new ShortSide(preprocessing.leastSide(), preprocessing.shortSide());
		final RatedExamples examples = new RatedExamples(set, FIVE, 1, depth, shortSide, preprocessing.crop(), 2, 42);
		final HeldOut kept = examples.heldOut().get(0);
		final Normaliser normaliser = new Normaliser(preprocessing.mean(), preprocessing.std());
		final QualityTask task = new QualityTask(examples, (DgiqaNetwork) model.network(), normaliser, preprocessing.crop(), new QualityTask.Weights(1, 0, 0));
		final double error = Math.sqrt(task.evaluate(model.load(manager, DataType.FLOAT32), manager, () -> {}).loss());
		final Assessor.Settings settings = new Assessor.Settings("dgiqa-compact", null, null, null, null, DeviceChoice.CPU, Precision.FLOAT32, 0);
		try (Assessor assessor = Assessor.open(store, settings); ImageFile file = ImageFile.open("coffee".equals(kept.content()) ? COFFEE : CHELSEA)) {
			final double score = assessor.assess(file.picture(0), assessor.sampling(), null, () -> {}).score();
			assertEquals(Math.abs(score - kept.score()), error, 1e-5);
		}
	}

	private void assertRefused(final String sentence, final RatedSet set, final Scale scale, final int heldOut) {
		final DgiqaException refused = assertThrows(DgiqaException.class, () -> examples(set, scale, heldOut, 4));
		assertEquals(sentence, refused.getMessage());
	}

	@Test
	void scoresThatTeachNothingAreRefused() {
		assertRefused("The score 5.0 of image4 in " + SOURCE + " is not on the scale of 0.0 to 4.0: give a range that has all scores, which are from 1.0 to 5.0.", withoutReferences(12), new Scale(0, 4, true), 2);
		assertRefused("All 2 scores in " + SOURCE + " are 3.0: there is nothing to learn; better and worse images are needed.", set(FIVE, List.of(opinion("a", 3, ""), opinion("b", 3, ""))), FIVE, 1);
		assertRefused("Of the 3 contents in " + SOURCE + " 3 cannot be held out: at least one to look at and one to learn from are needed.", withReferences(3, 4), FIVE, 3);
	}
}
