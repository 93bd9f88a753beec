package io.github.dgiqa.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;

/** A device beside the CPU. Tests have some of their own, which fail. */
interface Accelerator {

	/** DJL's name for it. */
	Device device();

	/**
	 * Computes something small on it.
	 *
	 * @throws RuntimeException where it does not answer
	 */
	void check();

	/** Called before each piece of work. @param items how many images or crops are computed together */
	void before(int items);

	/** Called where a piece of work found too little memory: gives back what is free but kept. */
	void afterLackOfMemory();

	/** One that PyTorch knows. */
	static Accelerator of(final Device device, final Engine engine) {
		return new Accelerator() {

			@Override
			public Device device() {
				return device;
			}

			@Override
			public void check() {
				try (NDManager manager = engine.newBaseManager(device)) {
					final NDArray ones = manager.ones(new Shape(2, 3));
					final float sum = ones.matMul(ones.transpose()).sum().getFloat();
					if (sum != 12) throw new IllegalStateException("it computes " + sum + " where 12 is right");
				}
			}

			@Override
			public void before(final int items) {}

			@Override
			public void afterLackOfMemory() {
				if (device.isGpu()) JniUtils.emptyCudaCache();
			}
		};
	}
}
