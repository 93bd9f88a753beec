package io.github.dgiqa.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtEngineProvider;
import ai.djl.pytorch.jni.JniUtils;

import io.github.dgiqa.Version;
import io.github.dgiqa.engine.Libtorch.Origin;
import io.github.dgiqa.engine.TorchEngine.EngineException;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Starts PyTorch: the first of those that are there that can be started. */
final class Launch {

	private static final String NAME = "PyTorch";
	private static final String HELP = "; see docs/install.md, section \"Engine\"";
	/** Read by DJL when it starts PyTorch. */
	private static final List<String> FOR_DJL = List.of(Surroundings.LIBRARY_PATH, Surroundings.VERSION, Surroundings.FLAVOR);

	private final Surroundings surroundings;
	private final Runnable beforeLoading;

	private Launch(final Surroundings surroundings, final Runnable beforeLoading) {
		this.surroundings = surroundings;
		this.beforeLoading = beforeLoading;
	}

	/**
	 * PyTorch at work.
	 *
	 * @param found all that were there to choose from; those that could not be started with the reason
	 * @param threads threads of one computation on the CPU
	 */
	record Running(Engine engine, Libtorch libtorch, List<Libtorch> found, int threads) {

		/** The same with another number of threads; 0 for that which it has. */
		Running with(final int wanted) {
			if (wanted == 0) return this;
			JniUtils.setNumThreads(wanted);
			return new Running(engine, libtorch, found, JniUtils.getNumThreads());
		}
	}

	/**
	 * Starts the first PyTorch that can be. One that the user points to must start; of others the next is tried, and
	 * {@link Notices} says so.
	 *
	 * @param threads threads of one computation on the CPU; 0 for PyTorch's choice
	 * @param beforeLoading called before the libraries of each are loaded
	 * @throws EngineException where none can be started
	 */
	static Running first(final Surroundings surroundings, final int threads, final Runnable beforeLoading) {
		setDefault("ai.djl.offline", "true"); // nothing is downloaded without being asked for
		setDefault("OPT_OUT_TRACKING", "true"); // DJL reports its use over the network otherwise
		if (threads > 0) System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
		CLibrary.keepFreed();
		CLibrary.makeRoom();
		CLibrary.waitBriefly();
		return new Launch(surroundings, beforeLoading).first();
	}

	private static void setDefault(final String key, final String value) {
		if (System.getProperty(key) == null && System.getenv(key) == null) System.setProperty(key, value);
	}

	private Running first() {
		requireOwnDjl();
		final List<Libtorch> found = new ArrayList<>(Natives.find(surroundings));
		for (int i = 0; i < found.size(); i++) {
			final Libtorch libtorch = found.get(i);
			final String problem = libtorch.isUsable() ? attempt(libtorch) : libtorch.problem();
			if (problem == null) return new Running(Engine.getEngine(NAME), libtorch, List.copyOf(found), JniUtils.getNumThreads());
			found.set(i, libtorch.refused(problem));
			if (libtorch.origin() == Origin.YOURS) throw new EngineException(sentence(found.get(i)), null);
			if (libtorch.isUsable() && i + 1 < found.size()) Notices.once(sentence(found.get(i)));
		}
		if (found.isEmpty()) throw new EngineException("PyTorch is not installed for " + surroundings.machine().classifier() + ", and nothing is downloaded without being asked for: run 'engine install', or Plugins>DGIQA>Engine... in ImageJ" + HELP + ".", null);
		throw new EngineException(found.stream().map(Launch::sentence).collect(Collectors.joining(" ")), null);
	}

	private static String sentence(final Libtorch refused) {
		return refused + " cannot be used: " + refused.problem() + HELP + ".";
	}

	/** Another plugin's DJL before ours on the class path would fail later, and in strange ways. */
	private static void requireOwnDjl() {
		final String found = Natives.djlVersion();
		if (found.equals(Version.djl())) return;
		throw new EngineException("Another plugin has brought its own DJL, version " + found + " (" + Engine.class.getProtectionDomain().getCodeSource().getLocation() + "), and " + Version.djl() + " is needed: use DGIQA in an ImageJ without that plugin.", null);
	}

	/** Null where it runs, else why not. */
	private String attempt(final Libtorch libtorch) {
		final Thread thread = Thread.currentThread();
		final ClassLoader before = thread.getContextClassLoader();
		final List<String> properties = FOR_DJL.stream().map(System::getProperty).toList();
		// DJL looks for its engines and natives through the context class loader, and keeps what it found.
		thread.setContextClassLoader(surroundings.classes());
		try {
			if (libtorch.origin() == Origin.PROGRAM) FOR_DJL.forEach(System::clearProperty);
			else setForDjl(libtorch);
			UnpackedNatives.requireRoom(surroundings, libtorch);
			beforeLoading.run();
			if (!Engine.hasEngine(NAME)) Engine.registerEngine(new PtEngineProvider());
			final Engine engine = Engine.getEngine(NAME);
			if (!engine.getVersion().equals(Version.pytorch())) return "another plugin runs PyTorch " + engine.getVersion() + " in this process, and " + Version.pytorch() + " is needed; restart, and use DGIQA first";
			// the libraries of other versions load, and fail when they are used
			Accelerator.of(Device.cpu(), engine).check();
			return null;
		}
		catch (final EngineException e) {
			return e.getMessage();
		}
		catch (RuntimeException | LinkageError | AssertionError e) {
			return Failures.explain(e, subject(libtorch));
		}
		finally {
			thread.setContextClassLoader(before);
			for (int i = 0; i < FOR_DJL.size(); i++)
				set(FOR_DJL.get(i), properties.get(i)); // another plugin may have a DJL of its own
		}
	}

	/** What the user has set in the environment DJL reads first, and it is the same. */
	private static void setForDjl(final Libtorch libtorch) {
		System.setProperty(Surroundings.LIBRARY_PATH, libtorch.folder().toString());
		System.setProperty(Surroundings.VERSION, Version.pytorch());
		System.setProperty(Surroundings.FLAVOR, libtorch.flavor());
	}

	private static void set(final String property, final String value) {
		if (value == null) System.clearProperty(property);
		else System.setProperty(property, value);
	}

	private Failures.Subject subject(final Libtorch libtorch) {
		return new Failures.Subject(surroundings.machine(), libtorch.isCuda(), surroundings.cache().toString());
	}
}
