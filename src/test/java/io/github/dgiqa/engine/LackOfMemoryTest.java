package io.github.dgiqa.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.junit.jupiter.api.Test;

class LackOfMemoryTest {

	@Test
	void pyTorchsIsTold() {
		final TorchEngine engine = TorchEngine.start(DeviceChoice.CPU, 0);
		try (NDManager manager = engine.newManager()) {
			assertTrue(TorchEngine.isLackOfMemory(assertThrows(EngineException.class, () -> manager.zeros(new Shape(1L << 50)))));
		}
	}

	@Test
	void javasIsTold() {
		assertTrue(TorchEngine.isLackOfMemory(new OutOfMemoryError("Java heap space")));
	}

	@Test
	void otherErrorsAreOthers() {
		final TorchEngine engine = TorchEngine.start(DeviceChoice.CPU, 0);
		try (NDManager manager = engine.newManager()) {
			assertFalse(TorchEngine.isLackOfMemory(assertThrows(EngineException.class, () -> manager.ones(new Shape(2, 3)).matMul(manager.ones(new Shape(2, 3))))));
		}
	}
}
