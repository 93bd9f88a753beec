package io.github.dgiqa.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.engine.Libtorch.Origin;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

/** What is said about a GPU that is not used. */
class WhyNotTest {

	private static final Machine LINUX = new Machine(Machine.LINUX, "x86_64");
	private static final Gpus NEW = new Gpus(List.of("NVIDIA RTX"), 12080, null);
	private static final Gpus OLD = new Gpus(List.of("NVIDIA RTX"), 11040, null);
	private static final Libtorch CPU = new Libtorch(Origin.PROGRAM, null, "2.7.1", "cpu", null);
	private static final Libtorch CUDA = new Libtorch(Origin.INSTALLED, Path.of("pytorch"), "2.7.1", "cu128", null);

	private static String problem(final Gpus gpus, final Libtorch... found) {
		return new Accelerators.Installed(LINUX, gpus, new Launch.Running(null, CPU, List.of(found), 2)).problem();
	}

	@Test
	void whatIsNotInstalledCanBe() {
		assertTrue(problem(NEW, CPU).contains("made for the CPU; 'engine install'"), problem(NEW, CPU));
	}

	/** To install it again would not help. */
	@Test
	void whatIsInstalledAndFailsIsNotOfferedAgain() {
		final String said = problem(NEW, CUDA.refused("a library that it needs is missing"), CPU);
		assertEquals("PyTorch 2.7.1 for CUDA 12.8 (installed, pytorch) cannot be used: a library that it needs is missing", said);
	}

	@Test
	void anOldDriverIsToBeReplacedFirst() {
		final String said = problem(OLD, CPU);
		assertTrue(said.contains("NVIDIA's driver here is for CUDA 11.4") && said.contains("install a newer driver"), said);
		assertFalse(said.contains("engine install"), said);
	}

	@Test
	void noGpuIsNoProblemOfPyTorch() {
		assertEquals("no GPU answers: no driver", problem(Gpus.none("no driver"), CPU));
	}

	@Test
	void aGpuThatDoesNotAnswerIsTold() {
		try (FailingGpu gpu = new FailingGpu().silent()) {
			final EngineInfo info = EngineInfo.gather();
			assertTrue(info.works());
			assertTrue(info.lines().contains("device: cpu"), info.toString());
			assertTrue(info.lines().contains("why not the GPU: The device gpu does not answer: CUDA error: an illegal memory access was encountered."), info.toString());
		}
	}
}
