package io.github.dgiqa.engine;

import io.github.dgiqa.Version;
import io.github.dgiqa.engine.Libtorch.Origin;
import io.github.dgiqa.engine.TorchEngine.EngineException;

import java.util.ArrayList;
import java.util.List;

/**
 * What there is of PyTorch on this machine, which one runs, on what, and why not on the GPU.
 *
 * @param lines for people
 * @param works whether PyTorch runs
 */
public record EngineInfo(List<String> lines, boolean works) {

	/** Looks, and starts PyTorch if it does not run yet. Nothing goes over the network. */
	public static EngineInfo gather() {
		final Surroundings surroundings = Surroundings.here();
		final List<String> lines = new ArrayList<>();
		lines.add("DGIQA " + Version.get() + ", DJL " + Version.djl() + ", made for PyTorch " + Version.pytorch());
		lines.add("machine: " + surroundings.machine().classifier() + ", " + Runtime.getRuntime().availableProcessors() + " processors, Java " + System.getProperty("java.version"));
		lines.add("GPU: " + surroundings.gpus());
		String problem = null;
		TorchEngine engine = null;
		try {
			engine = TorchEngine.start(DeviceChoice.AUTO, 0);
		}
		catch (final EngineException e) {
			problem = e.getMessage();
		}
		final Launch.Running running = TorchEngine.running();
		try {
			lines.addAll(found(surroundings, running == null ? Natives.find(surroundings) : running.found()));
		}
		catch (final EngineException e) {
			lines.add(e.getMessage());
		}
		if (engine == null) lines.add("none runs: " + problem);
		else {
			lines.add("runs: " + running.libtorch());
			lines.add("device: " + engine.deviceName());
			if (engine.whyNotGpu() != null) lines.add("why not the GPU: " + engine.whyNotGpu());
		}
		return new EngineInfo(lines, problem == null);
	}

	private static List<String> found(final Surroundings surroundings, final List<Libtorch> found) {
		final List<String> lines = new ArrayList<>(List.of("PyTorch, in the order in which it is looked for:"));
		for (final Origin origin : Origin.values()) {
			final List<Libtorch> those = found.stream().filter(one -> one.origin() == origin).toList();
			if (those.isEmpty()) lines.add("  " + origin + (origin == Origin.INSTALLED ? " in " + surroundings.cache() : "") + ": none");
			for (final Libtorch one : those)
				lines.add("  " + one + ": " + (one.isUsable() ? "can be used" : "not used, " + one.problem()));
		}
		lines.add("  downloaded: only by 'engine install', or Plugins>DGIQA>Engine... in ImageJ");
		return lines;
	}

	/** All lines, one a line. */
	@Override
	public String toString() {
		return String.join("\n", lines);
	}
}
