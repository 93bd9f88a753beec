package io.github.dgiqa.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.Futures;
import io.github.dgiqa.engine.DeviceChoice.Kind;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * PyTorch through DJL on one device. There is one engine in a process; it is started at the first {@link #start} and
 * stays. Which PyTorch it is does not depend on the device, so that a later call can choose another device.
 */
public final class TorchEngine {

	/** Names itself in its error where it gets no memory. */
	private static final String CPU_ALLOCATOR = "DefaultCPUAllocator";

	private static Launch.Running running;
	/** What was begun before it was needed; null where nothing was. */
	private static CompletableFuture<Launch.Running> ahead;
	private static Accelerators accelerators;

	private final Device device;
	private final String deviceName;
	/** Null on the CPU. */
	private final Accelerator accelerator;
	/** Why the program has chosen the CPU; null where it has not. */
	private final String whyNotGpu;

	private TorchEngine(final Device device, final String deviceName, final Accelerator accelerator, final String whyNotGpu) {
		this.whyNotGpu = whyNotGpu;
		this.device = device;
		this.deviceName = deviceName;
		this.accelerator = accelerator;
	}

	/**
	 * Begins to start PyTorch in another thread, for the call of {@link #start} that is to come. As long as its libraries
	 * are loaded, no other thread gets at a function of a library that it has not used yet.
	 *
	 * @param before what is awaited before these are loaded
	 */
	public static synchronized void startAhead(final CompletableFuture<?> before) {
		ahead = CompletableFuture.supplyAsync(() -> {
			CLibrary.letCompilerWait();
			return Launch.first(Surroundings.here(), 0, () -> Futures.await(before));
		});
	}

	/** Waits until nothing is begun and not done: a process must not end while libraries are loaded. */
	public static synchronized void settle() {
		if (ahead != null) Futures.await(ahead);
	}

	/**
	 * Starts PyTorch if it does not run yet and chooses the device. Where that is left to the program and there is a GPU
	 * that cannot be used, {@link Notices} says why.
	 *
	 * @param threads threads of one computation on the CPU; 0 for PyTorch's choice. Takes effect only when this call
	 *          starts the engine, or goes on with what {@link #startAhead} began.
	 * @throws EngineException where PyTorch or the device cannot be used
	 */
	public static synchronized TorchEngine start(final DeviceChoice choice, final int threads) {
		if (running == null) running = ahead == null ? Launch.first(Surroundings.here(), threads, () -> {}) : Futures.join(ahead).with(threads);
		if (accelerators == null) accelerators = new Accelerators.Installed(Machine.here(), Surroundings.here().gpus(), running);
		if (choice.kind() == Kind.CPU) return cpu(null);
		return choice.kind() == Kind.AUTO ? automatic() : on(choice);
	}

	private static TorchEngine cpu(final String whyNotGpu) {
		return new TorchEngine(Device.cpu(), DeviceChoice.CPU.toString(), null, whyNotGpu);
	}

	private static TorchEngine automatic() {
		final String reason = accelerators.problem();
		if (reason != null) {
			if (accelerators.gpus().answer()) Notices.once("There is a GPU (" + accelerators.gpus().names().get(0) + "), but " + reason + ". Computing on the CPU.");
			return cpu(reason);
		}
		try {
			return on(DeviceChoice.GPU);
		}
		catch (final EngineException e) {
			Notices.once(e.getMessage() + " Computing on the CPU.");
			return cpu(e.getMessage());
		}
	}

	private static TorchEngine on(final DeviceChoice choice) {
		final Accelerator accelerator = accelerators.open(choice);
		try {
			accelerator.check();
		}
		catch (final RuntimeException e) {
			throw new EngineException("The device " + choice + " does not answer: " + DeviceFailure.reason(e) + ".", e);
		}
		return new TorchEngine(accelerator.device(), choice.toString(), accelerator, null);
	}

	/** Puts other devices in the place of this machine's; null for this machine's. */
	static synchronized void use(final Accelerators others) {
		accelerators = others;
	}

	/** Whether a PyTorch runs in this process; it stays until the process ends. */
	public static synchronized boolean isRunning() {
		return running != null;
	}

	/** The PyTorch that runs; null before the first {@link #start}. */
	static synchronized Launch.Running running() {
		return running;
	}

	/** Why the program has chosen the CPU and not a GPU; null where it has not. */
	String whyNotGpu() {
		return whyNotGpu;
	}

	/** A manager of native memory on this engine's device; whoever asks closes it. */
	public NDManager newManager() {
		return running.engine().newBaseManager(device);
	}

	/**
	 * Does a piece of work on this device.
	 *
	 * @param items how many images or crops are computed together
	 * @throws DeviceFailure where a GPU fails, or lacks memory; the work can be done again elsewhere, or in smaller pieces
	 */
	public <T> T compute(final int items, final Supplier<T> work) {
		if (accelerator == null) return work.get();
		try {
			accelerator.before(items);
			return work.get();
		}
		catch (final ai.djl.engine.EngineException e) {
			final DeviceFailure failure = new DeviceFailure(deviceName, e);
			if (failure.isLackOfMemory()) accelerator.afterLackOfMemory();
			throw failure;
		}
	}

	/** Whether this is a device beside the CPU: it is at its best with many crops at a time. */
	public boolean isAccelerated() {
		return accelerator != null;
	}

	/** Whether an error of a computation on the CPU says that Java or PyTorch had too little memory. */
	public static boolean isLackOfMemory(final Throwable error) {
		return error instanceof OutOfMemoryError || error instanceof ai.djl.engine.EngineException && String.valueOf(error.getMessage()).contains(CPU_ALLOCATOR);
	}

	/** Gives back the native memory that is free but kept for later use. Call it now and then in a long run. */
	public static void releaseFreed() {
		CLibrary.giveBack();
	}

	/**
	 * Takes an array on the CPU that will not be needed for a while out of memory, where it is a part of a file there. It
	 * stays valid.
	 */
	public static void setAside(final NDArray array) {
		CLibrary.setAside(array.toByteBuffer(true));
	}

	/** Threads of one computation on the CPU, unless {@link #use(int)} says otherwise. */
	public int threads() {
		return running.threads();
	}

	/** From now on computations of this thread take so many threads on the CPU; those of threads that are yet to compute, too. */
	public void use(final int threads) {
		JniUtils.getNumThreads(); // a thread that PyTorch does not know yet would later take what another one has set
		JniUtils.setNumThreads(threads);
	}

	/** {@code cpu}, {@code gpu}, {@code gpu:1} ..., {@code mps}. */
	public String deviceName() {
		return deviceName;
	}

	/** For people: "PyTorch 2.7.1 on cpu". */
	public String description() {
		return "PyTorch " + running.engine().getVersion() + " on " + deviceName;
	}

	/** PyTorch or the device cannot be used. */
	public static final class EngineException extends DgiqaException {

		private static final long serialVersionUID = 1L;

		EngineException(final String message, final Throwable cause) {
			super(message, cause);
		}
	}
}
