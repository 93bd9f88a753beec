package io.github.dgiqa.assess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.Photographs;
import io.github.dgiqa.Reference;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.FailingGpu;
import io.github.dgiqa.engine.Notices;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelStore;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens where a GPU fails: at the start, in the middle of a stack, out of memory. The GPU is one for tests. */
class FallBackTest {

	private static final double SCORES = 1e-4;
	private static final double HALF_SCORES = 2e-3;

	private final List<String> said = new ArrayList<>();

	@BeforeEach
	void listen() {
		Notices.to(said::add);
		said.clear(); // what other tests have left
	}

	@AfterEach
	void stopListening() {
		Notices.to(sentence -> {});
	}

	private static Assessor open(final DeviceChoice device, final Precision precision) {
		return Assessor.open(ModelStore.of(null), new Assessor.Settings(ModelStore.DEFAULT_MODEL, null, null, null, null, device, precision, 0));
	}

	/** Six crops each. */
	private static List<Assessment> assessCoffee(final Assessor assessor, final int times) {
		final Picture picture = Photographs.open("coffee");
		final List<AssessmentQueue.Done<Integer>> done = new ArrayList<>();
		try (AssessmentQueue<Integer> queue = new AssessmentQueue<>(assessor, () -> {})) {
			for (int i = 0; i < times; i++)
				done.addAll(queue.add(i, picture, assessor.sampling(), null));
			done.addAll(queue.finish());
		}
		for (int i = 0; i < times; i++) {
			assertEquals(i, done.get(i).what());
			assertEquals(null, done.get(i).error());
		}
		assertEquals(times, done.size());
		return done.stream().map(AssessmentQueue.Done::assessment).toList();
	}

	private static void assertScores(final List<Assessment> found, final double tolerance) {
		final double expected = Reference.score("coffee");
		for (final Assessment one : found) {
			assertEquals(expected, one.score(), tolerance);
			assertEquals(6, one.crops().size());
		}
	}

	private static List<String> devices(final List<Assessment> found) {
		return found.stream().map(Assessment::device).toList();
	}

	@Test
	void batchesAreFilledWithCropsOfSeveralPictures() {
		try (FailingGpu gpu = new FailingGpu(); Assessor assessor = open(DeviceChoice.AUTO, Precision.FLOAT32)) {
			assertEquals("gpu", assessor.deviceName());
			final List<Assessment> found = assessCoffee(assessor, 6);
			assertScores(found, SCORES);
			assertEquals(List.of("gpu", "gpu", "gpu", "gpu", "gpu", "gpu"), devices(found));
			assertEquals(32, gpu.largestBatch(), "36 crops in batches of 32");
			assertTrue(found.stream().allMatch(one -> one.seconds() > 0 && one.notes().isEmpty()));
		}
		assertEquals(List.of(), said);
	}

	@Test
	void tooLittleMemoryHalvesTheBatch() {
		try (FailingGpu gpu = new FailingGpu().memoryFor(10); Assessor assessor = open(DeviceChoice.GPU, Precision.FLOAT32)) {
			final List<Assessment> found = assessCoffee(assessor, 6);
			assertScores(found, SCORES);
			assertEquals(List.of("gpu", "gpu", "gpu", "gpu", "gpu", "gpu"), devices(found));
			assertEquals(8, gpu.largestBatch(), "32 and 16 were too many");
			assertEquals(2, gpu.timesFreed());
		}
		assertEquals(List.of("The GPU has too little memory for so many crops at a time; going on with smaller batches."), said);
	}

	@Test
	void tooLittleMemoryForOneCropIsTheCpu() {
		try (FailingGpu gpu = new FailingGpu().memoryFor(0); Assessor assessor = open(DeviceChoice.GPU, Precision.FLOAT32)) {
			final List<Assessment> found = assessCoffee(assessor, 2);
			assertScores(found, SCORES);
			assertEquals(List.of("cpu", "cpu"), devices(found));
			assertEquals("cpu", assessor.deviceName());
		}
		final List<String> fallBacks = said.stream().filter(sentence -> sentence.contains("Going on with the CPU")).toList();
		assertEquals(List.of("The device gpu failed: CUDA out of memory. Tried to allocate 98.00 MiB. GPU 0 has a total capacity of 3.81 GiB of which 20.44 MiB is free. Going on with the CPU."), fallBacks);
	}

	@Test
	void aFailureInTheMiddleOfAStackIsTheCpuFromThereOn() {
		// two models, six depth maps with the first 32 crops after the last; the second batch fails
		try (FailingGpu gpu = new FailingGpu().breaksAfter(2 + 6 + 1); Assessor assessor = open(DeviceChoice.GPU, Precision.FLOAT32)) {
			final List<Assessment> found = assessCoffee(assessor, 6);
			assertScores(found, SCORES);
			assertEquals(List.of("gpu", "gpu", "gpu", "gpu", "gpu", "cpu"), devices(found));
			assertEquals(List.of(), found.get(4).notes());
			assertEquals(List.of("the depth was computed on gpu"), found.get(5).notes());
			assertTrue(assessor.fellBack());
		}
		assertEquals(List.of("The device gpu failed: CUDA error: an illegal memory access was encountered. Going on with the CPU."), said);
	}

	@Test
	void aFailureInTheDepthModelIsTheCpuFromThereOn() {
		try (FailingGpu gpu = new FailingGpu().breaksAfter(2); Assessor assessor = open(DeviceChoice.GPU, Precision.FLOAT32)) {
			final List<Assessment> found = assessCoffee(assessor, 2);
			assertScores(found, SCORES);
			assertEquals(List.of("cpu", "cpu"), devices(found));
		}
		assertEquals(1, said.size(), said.toString());
	}

	/** A row's crops are all from one device, also where some were scored before the depth model failed. */
	@Test
	void cropsOfTwoDevicesAreNotMixed() {
		final Picture picture = Photographs.open("coffee");
		final Sampling forty = new Sampling.Random(40, 42);
		final double expected;
		try (Assessor cpu = open(DeviceChoice.CPU, Precision.FLOAT32)) {
			expected = cpu.assess(picture, forty, null, () -> {}).score();
		}
		// two models, a depth map, 32 of 40 crops; the second depth map fails
		try (FailingGpu gpu = new FailingGpu().breaksAfter(2 + 1 + 1); Assessor assessor = open(DeviceChoice.GPU, Precision.FLOAT16)) {
			final AssessmentQueue<Integer> queue = new AssessmentQueue<>(assessor, () -> {});
			assertEquals(List.of(), queue.add(0, picture, forty, null));
			final List<AssessmentQueue.Done<Integer>> done = new ArrayList<>(queue.add(1, picture, forty, null));
			done.addAll(queue.finish());
			final Assessment first = done.get(0).assessment();
			assertEquals("cpu", first.device());
			assertEquals(40, first.crops().size());
			assertEquals(List.of("the depth was computed on gpu in float16"), first.notes());
			assertEquals(List.of(), done.get(1).assessment().notes());
			assertEquals(expected, done.get(1).assessment().score(), 1e-6, "all of it in float32 on the CPU");
			assertEquals(expected, first.score(), HALF_SCORES);
		}
	}

	/** Esc between two batches: what is finished is there. */
	@Test
	void whatIsFinishedIsKeptWhenTheRestIsCancelled() {
		final Picture picture = Photographs.open("coffee");
		try (FailingGpu gpu = new FailingGpu(); Assessor assessor = open(DeviceChoice.GPU, Precision.FLOAT32)) {
			final boolean[] stop = {false};
			final AssessmentQueue<Integer> queue = new AssessmentQueue<>(assessor, () -> {
				if (stop[0] && gpu.largestBatch() == 32) throw new CancellationException();
			});
			assertEquals(List.of(), queue.add(0, picture, new Sampling.Random(20, 42), null));
			stop[0] = true;
			assertThrows(CancellationException.class, () -> queue.add(1, picture, new Sampling.Random(80, 42), null));
			final List<AssessmentQueue.Done<Integer>> left = queue.giveUp();
			assertEquals(1, left.size());
			assertEquals(0, left.get(0).what());
			assertEquals(20, left.get(0).assessment().crops().size());
		}
	}

	@Test
	void aFailureWhileAModelIsLoadedIsTheCpu() {
		try (FailingGpu gpu = new FailingGpu().breaksAfter(1); Assessor assessor = open(DeviceChoice.GPU, Precision.FLOAT16)) {
			assertEquals("cpu", assessor.deviceName());
			final List<Assessment> found = assessCoffee(assessor, 1);
			assertScores(found, SCORES);
			assertEquals(List.of(), found.get(0).notes());
		}
		assertEquals(1, said.size(), said.toString());
	}

	@Test
	void aGpuThatDoesNotAnswerIsAnErrorWhereItWasAskedFor() {
		try (FailingGpu gpu = new FailingGpu().silent()) {
			final DgiqaException e = assertThrows(DgiqaException.class, () -> open(DeviceChoice.GPU, Precision.FLOAT32));
			assertEquals("The device gpu does not answer: CUDA error: an illegal memory access was encountered.", e.getMessage());
		}
	}

	@Test
	void aGpuThatDoesNotAnswerIsTheCpuWhereTheChoiceIsOurs() {
		try (FailingGpu gpu = new FailingGpu().silent(); Assessor assessor = open(DeviceChoice.AUTO, Precision.FLOAT32)) {
			assertEquals("cpu", assessor.deviceName());
		}
		assertEquals(List.of("The device gpu does not answer: CUDA error: an illegal memory access was encountered. Computing on the CPU."), said);
	}

	@Test
	void halfPrecisionIsCloseAndNamed() {
		try (FailingGpu gpu = new FailingGpu(); Assessor assessor = open(DeviceChoice.AUTO, Precision.FLOAT16)) {
			final List<Assessment> found = assessCoffee(assessor, 1);
			assertEquals(List.of(), said);
			assertScores(found, HALF_SCORES);
			assertEquals(List.of("float16"), found.get(0).notes());
			assertTrue(assessor.engineDescription().endsWith("on gpu in float16"), assessor.engineDescription());
		}
	}

	@Test
	void halfPrecisionOnTheCpuIsRefused() {
		final DgiqaException e = assertThrows(DgiqaException.class, () -> open(DeviceChoice.CPU, Precision.FLOAT16));
		assertTrue(e.getMessage().contains("float16 needs a GPU"), e.getMessage());
	}
}
