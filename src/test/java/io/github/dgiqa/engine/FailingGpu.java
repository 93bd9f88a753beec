package io.github.dgiqa.engine;

import ai.djl.Device;
import ai.djl.engine.EngineException;

import java.util.List;

/**
 * A device for tests: a GPU in all that this program does with one, but it computes on the CPU, and fails where it is
 * told to with the words of PyTorch.
 */
public final class FailingGpu implements Accelerators, Accelerator, AutoCloseable {

	/** What PyTorch says, the first of many lines. */
	private static final String NO_MEMORY = "CUDA out of memory. Tried to allocate 98.00 MiB. GPU 0 has a total capacity of 3.81 GiB of which 20.44 MiB is free.\nException raised from malloc at CUDACachingAllocator.cpp:1340 (most recent call first):";
	private static final String BROKEN = "CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be asynchronously reported at some other API call.";

	private boolean silent;
	private int mostItems = Integer.MAX_VALUE;
	private int steps = Integer.MAX_VALUE;
	private int largest;
	private int freed;

	/** Takes the place of this machine's GPUs until it is closed. */
	public FailingGpu() {
		Notices.forget();
		TorchEngine.use(this);
	}

	/** It does not answer at all. */
	public FailingGpu silent() {
		silent = true;
		return this;
	}

	/** Its memory is enough for so many crops at a time. */
	public FailingGpu memoryFor(final int crops) {
		mostItems = crops;
		return this;
	}

	/** It breaks for good after so many pieces of work; loading a model is one. */
	public FailingGpu breaksAfter(final int pieces) {
		steps = pieces;
		return this;
	}

	/** The most crops that it was given at once. */
	public int largestBatch() {
		return largest;
	}

	/** How often it was asked to free what it keeps. */
	public int timesFreed() {
		return freed;
	}

	@Override
	public Gpus gpus() {
		return new Gpus(List.of("Test GPU"), 12080, null);
	}

	@Override
	public String problem() {
		return null;
	}

	@Override
	public Accelerator open(final DeviceChoice choice) {
		return this;
	}

	@Override
	public Device device() {
		return Device.cpu();
	}

	@Override
	public void check() {
		if (silent) throw new EngineException(BROKEN);
	}

	@Override
	public void before(final int items) {
		if (steps-- <= 0) throw new EngineException(BROKEN);
		if (items > mostItems) throw new EngineException(NO_MEMORY);
		largest = Math.max(largest, items);
	}

	@Override
	public void afterLackOfMemory() {
		freed++;
	}

	@Override
	public void close() {
		TorchEngine.use(null);
	}
}
