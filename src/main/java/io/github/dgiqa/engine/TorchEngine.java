package io.github.dgiqa.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;

import io.github.dgiqa.DgiqaException;

/**
 * PyTorch through DJL: the only place that starts it. There is one engine in a process; it is started at the first
 * {@link #start} and stays.
 */
public final class TorchEngine {

	/** What the user asks for. */
	public enum Choice {
		/** A GPU where PyTorch can use one, else the CPU. */
		AUTO,
		/** The CPU. */
		CPU,
		/** A GPU, or an error. */
		GPU
	}

	private static final String HELP = "see docs/install.md, section \"Engine\"";

	private static Engine engine;

	private final Device device;

	private TorchEngine(final Device device) {
		this.device = device;
	}

	/**
	 * Starts PyTorch if it does not run yet and chooses the device.
	 *
	 * @param threads threads of one computation on the CPU; 0 for PyTorch's choice. Takes effect only when this call
	 *          starts the engine.
	 * @throws EngineException where PyTorch or the device cannot be used
	 */
	public static synchronized TorchEngine start(final Choice choice, final int threads) {
		if (engine == null) engine = load(threads);
		return new TorchEngine(device(choice));
	}

	private static Engine load(final int threads) {
		setDefault("ai.djl.offline", "true"); // nothing is downloaded without being asked for
		setDefault("OPT_OUT_TRACKING", "true"); // DJL reports its use over the network otherwise
		if (threads > 0) System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
		CLibrary.keepFreed();
		CLibrary.waitBriefly();
		final Thread thread = Thread.currentThread();
		final ClassLoader before = thread.getContextClassLoader();
		// DJL looks for its engines and natives through the context class loader, and keeps what it found.
		thread.setContextClassLoader(TorchEngine.class.getClassLoader());
		try {
			return Engine.getEngine("PyTorch");
		}
		catch (RuntimeException | LinkageError e) {
			throw new EngineException("PyTorch could not be started: " + cause(e) + "; " + HELP + ".", e);
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	private static void setDefault(final String key, final String value) {
		if (System.getProperty(key) == null && System.getenv(key) == null) System.setProperty(key, value);
	}

	private static String cause(final Throwable error) {
		Throwable root = error;
		while (root.getCause() != null)
			root = root.getCause();
		return DgiqaException.sentence(root);
	}

	private static Device device(final Choice choice) {
		if (choice == Choice.CPU) return Device.cpu();
		if (engine.getGpuCount() > 0) return Device.gpu();
		if (choice == Choice.AUTO) return Device.cpu();
		throw new EngineException("A GPU was asked for, but PyTorch " + engine.getVersion() + " as installed here finds none that it can use; choose the device cpu or auto, or " + HELP + ".", null);
	}

	/** A manager of native memory on this engine's device; whoever asks closes it. */
	public NDManager newManager() {
		return engine.newBaseManager(device);
	}

	/** Gives back the native memory that is free but kept for later use. Call it now and then in a long run. */
	public static void releaseFreed() {
		CLibrary.giveBack();
	}

	/** {@code cpu} or {@code gpu}, with the number of the GPU where it is not the first. */
	public String deviceName() {
		if (!device.isGpu()) return "cpu";
		return device.getDeviceId() == 0 ? "gpu" : "gpu" + device.getDeviceId();
	}

	/** For people: "PyTorch 2.7.1 on cpu". */
	public String description() {
		return "PyTorch " + engine.getVersion() + " on " + deviceName();
	}

	/** PyTorch or the device cannot be used. */
	public static final class EngineException extends DgiqaException {

		private static final long serialVersionUID = 1L;

		EngineException(final String message, final Throwable cause) {
			super(message, cause);
		}
	}
}
