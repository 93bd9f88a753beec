package io.github.dgiqa.assess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.pytorch.jni.JniUtils;

import io.github.dgiqa.Photographs;
import io.github.dgiqa.Reference;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.image.ImageException;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.model.ModelStore;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pictures on the CPU, several at a time. */
class AssessmentQueueTest {

	private static final double TOLERANCE = 1e-4;

	private static Assessor assessor;
	private static Picture coffee;
	private static Picture chelsea;

	@BeforeAll
	static void open() {
		assessor = Assessor.open(ModelStore.of(null), new Assessor.Settings(ModelStore.DEFAULT_MODEL, null, null, null, null, DeviceChoice.CPU, Precision.FLOAT32, 0));
		coffee = Photographs.open("coffee");
		chelsea = Photographs.open("chelsea");
	}

	@AfterAll
	static void close() {
		assessor.close();
	}

	private static List<AssessmentQueue.Done<Integer>> add(final AssessmentQueue<Integer> queue, final int what, final Picture picture) {
		return queue.add(what, picture, assessor.sampling(), null);
	}

	@Test
	void resultsComeInTheOrderOfThePicturesWithTheScoresThatEachHasAlone() {
		final double coffeeAlone = assessor.assess(coffee).score();
		final double chelseaAlone = assessor.assess(chelsea).score();
		assertEquals(Reference.score("coffee"), coffeeAlone, TOLERANCE);
		assertEquals(Reference.score("chelsea"), chelseaAlone, TOLERANCE);
		final List<AssessmentQueue.Done<Integer>> done = new ArrayList<>();
		try (AssessmentQueue<Integer> queue = new AssessmentQueue<>(assessor, () -> {})) {
			for (int i = 0; i < 12; i++)
				done.addAll(add(queue, i, i % 3 == 0 ? chelsea : coffee));
			done.addAll(queue.finish());
		}
		assertEquals(12, done.size());
		for (int i = 0; i < 12; i++) {
			assertEquals(i, done.get(i).what());
			assertEquals(i % 3 == 0 ? chelseaAlone : coffeeAlone, done.get(i).assessment().score(), 1e-6);
		}
	}

	@Test
	void whatFailsHasItsPlaceAmongTheOthers() {
		final Picture line = Picture.grey(new Plane(5_000_000, 1, new byte[5_000_000]), List.of());
		final ImageException unreadable = new ImageException("The file is empty.");
		final List<AssessmentQueue.Done<Integer>> done = new ArrayList<>();
		try (AssessmentQueue<Integer> queue = new AssessmentQueue<>(assessor, () -> {})) {
			done.addAll(queue.add(0, unreadable));
			done.addAll(add(queue, 1, coffee));
			done.addAll(queue.add(2, unreadable));
			done.addAll(add(queue, 3, line));
			done.addAll(add(queue, 4, coffee));
			done.addAll(queue.finish());
		}
		assertEquals(List.of(0, 1, 2, 3, 4), done.stream().map(AssessmentQueue.Done::what).toList());
		assertSame(unreadable, done.get(0).error());
		assertEquals(Reference.score("coffee"), done.get(1).assessment().score(), TOLERANCE);
		assertSame(unreadable, done.get(2).error());
		assertInstanceOf(ImageException.class, done.get(3).error());
		assertEquals(Reference.score("coffee"), done.get(4).assessment().score(), TOLERANCE);
	}

	@Test
	void aLargePictureIsAloneAndDoneWhenItIsAdded() {
		final int side = 4200; // 17.6 megapixels
		try (AssessmentQueue<Integer> queue = new AssessmentQueue<>(assessor, () -> {})) {
			final List<AssessmentQueue.Done<Integer>> done = new ArrayList<>(add(queue, 0, coffee));
			done.addAll(add(queue, 1, Picture.grey(new Plane(side, side, new byte[side * side]), List.of())));
			assertEquals(List.of(0, 1), done.stream().map(AssessmentQueue.Done::what).toList());
			assertEquals(List.of(), queue.finish());
		}
	}

	/** PyTorch keeps a number of threads for each thread of Java, and lanes leave theirs to those that are yet to compute. */
	@Test
	void aLargePictureHasAllThreads() throws InterruptedException {
		final int threads = JniUtils.getNumThreads();
		final int side = 4200;
		final Set<Integer> seen = new HashSet<>();
		final List<AssessmentQueue.Done<Integer>> done = new ArrayList<>();
		final Thread thread = new Thread(() -> {
			final boolean[] large = {false};
			try (AssessmentQueue<Integer> queue = new AssessmentQueue<>(assessor, () -> {
				if (large[0]) seen.add(JniUtils.getNumThreads());
			})) {
				for (int i = 0; i < 4; i++)
					done.addAll(add(queue, i, coffee));
				done.addAll(queue.finish());
				large[0] = true;
				done.addAll(add(queue, 4, Picture.grey(new Plane(side, side, new byte[side * side]), List.of())));
			}
		});
		thread.start();
		thread.join();
		assertEquals(5, done.size());
		assertEquals(Set.of(threads), seen);
	}

	@Test
	void interruptedItKeepsWhatIsDone() throws InterruptedException {
		final List<AssessmentQueue.Done<Integer>> done = new ArrayList<>();
		final boolean[] stayed = {false};
		final Thread thread = new Thread(() -> {
			try (AssessmentQueue<Integer> queue = new AssessmentQueue<>(assessor, () -> {})) {
				for (int i = 0; i < 4; i++)
					done.addAll(add(queue, i, coffee));
				Thread.currentThread().interrupt();
				done.addAll(queue.giveUp());
				stayed[0] = Thread.interrupted();
			}
		});
		thread.start();
		thread.join();
		assertTrue(stayed[0]);
		assertTrue(done.size() >= 4 - assessor.lanes() && done.size() <= 4, done.size() + " results");
		for (int i = 0; i < done.size(); i++)
			assertEquals(Reference.score("coffee"), done.get(i).assessment().score(), TOLERANCE);
	}

	@Test
	void cancelledItKeepsWhatIsDoneAndLeavesNothingRunning() throws InterruptedException {
		final int threads = JniUtils.getNumThreads();
		final boolean[] cancelled = {false};
		try (AssessmentQueue<Integer> queue = new AssessmentQueue<>(assessor, () -> {
			if (cancelled[0]) throw new CancellationException();
		})) {
			final List<AssessmentQueue.Done<Integer>> done = new ArrayList<>(add(queue, 0, coffee));
			done.addAll(add(queue, 1, coffee));
			cancelled[0] = true;
			assertThrows(CancellationException.class, () -> {
				for (int i = 2; i < 9; i++)
					done.addAll(add(queue, i, coffee));
			});
			done.addAll(queue.giveUp());
			assertTrue(done.size() >= 1 && done.size() < 9, done.size() + " results");
			for (int i = 0; i < done.size(); i++) {
				assertEquals(i, done.get(i).what());
				assertEquals(Reference.score("coffee"), done.get(i).assessment().score(), TOLERANCE);
			}
		}
		for (final Thread thread : Thread.getAllStackTraces().keySet())
			if (thread.getName().equals("DGIQA lane")) thread.join(); // they have nothing left to do: this ends
		assertEquals(threads, JniUtils.getNumThreads());
	}
}
