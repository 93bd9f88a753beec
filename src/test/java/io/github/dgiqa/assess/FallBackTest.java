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
		final AssessmentQueue<Integer> queue = new AssessmentQueue<>(assessor, () -> {});
		final List<AssessmentQueue.Done<Integer>> done = new ArrayList<>();
		for (int i = 0; i < times; i++)
			done.addAll(queue.add(i, picture, assessor.sampling(), null));
		done.addAll(queue.finish());
		for (int i = 0; i < times; i++) {
			assertEquals(i, done.get(i).what());
			assertEquals(null, done.get(i).error());
		}
		assertEquals(times, done.size());
		return done.stream().map(AssessmentQueue.Done::assessment).toList();
	}

	private static void assertScores(final List<Assessment> found, final double tolerance) {
		final double expected = Reference.json("compact.json").getAsJsonObject("coffee").get("score").getAsDouble();
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
	void onTheCpuEachPictureComesAtOnce() {
		try (Assessor assessor = open(DeviceChoice.CPU, Precision.FLOAT32)) {
			final AssessmentQueue<String> queue = new AssessmentQueue<>(assessor, () -> {});
			assertEquals("a", queue.add("a", Photographs.open("coffee"), new Sampling.Random(1, 42), null).get(0).what());
			assertEquals(List.of(), queue.finish());
		}
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
		assertTrue(said.size() <= 1, said.toString()); // once in a process
		if (!said.isEmpty()) assertTrue(said.get(0).contains("too little memory") && said.get(0).contains("smaller batches"), said.toString());
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
