package io.github.dgiqa;

import ai.djl.ndarray.NDManager;

import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.TorchEngine;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test with native memory of its own, on the CPU. */
public abstract class NativeMemory {

	protected NDManager manager;

	@BeforeEach
	void open() {
		manager = TorchEngine.start(DeviceChoice.CPU, 0).newManager();
	}

	@AfterEach
	void close() {
		manager.close();
	}
}
