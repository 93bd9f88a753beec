package io.github.dgiqa.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;

import java.util.List;

import org.junit.jupiter.api.Test;

class TorchEngineTest {

	@Test
	void whatWasStartedAheadTakesTheThreadsThatAreAskedForLater() {
		TorchEngine.start(DeviceChoice.CPU, 0);
		final int before = JniUtils.getNumThreads();
		final Launch.Running running = new Launch.Running(Engine.getEngine("PyTorch"), null, List.of(), before);
		try {
			assertEquals(before, running.with(0).threads());
			assertEquals(before + 1, running.with(before + 1).threads());
			assertEquals(before + 1, JniUtils.getNumThreads());
		}
		finally {
			JniUtils.setNumThreads(before);
		}
	}

	@Test
	void pyTorchsLackOfMemoryIsTold() {
		final TorchEngine engine = TorchEngine.start(DeviceChoice.CPU, 0);
		try (NDManager manager = engine.newManager()) {
			assertTrue(TorchEngine.isLackOfMemory(assertThrows(EngineException.class, () -> manager.zeros(new Shape(1L << 50)))));
		}
	}

	@Test
	void javasLackOfMemoryIsTold() {
		assertTrue(TorchEngine.isLackOfMemory(new OutOfMemoryError("Java heap space")));
	}

	@Test
	void otherErrorsAreNoLackOfMemory() {
		final TorchEngine engine = TorchEngine.start(DeviceChoice.CPU, 0);
		try (NDManager manager = engine.newManager()) {
			assertFalse(TorchEngine.isLackOfMemory(assertThrows(EngineException.class, () -> manager.ones(new Shape(2, 3)).matMul(manager.ones(new Shape(2, 3))))));
		}
	}
}
