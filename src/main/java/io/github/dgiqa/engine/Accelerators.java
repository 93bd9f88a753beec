package io.github.dgiqa.engine;

import ai.djl.Device;

import io.github.dgiqa.engine.DeviceChoice.Kind;
import io.github.dgiqa.engine.TorchEngine.EngineException;

import java.util.Optional;

/** The devices beside the CPU. Tests have others, which fail. */
interface Accelerators {

	/** The GPUs of the machine, whether or not PyTorch can use them. */
	Gpus gpus();

	/** Why the running PyTorch can use none of them, as a part of a sentence; null where it can. */
	String problem();

	/**
	 * One of them; it is not sure that it answers.
	 *
	 * @param choice a GPU
	 * @throws EngineException where there is none of the chosen
	 */
	Accelerator open(DeviceChoice choice);

	/** Those of this machine, as the PyTorch that runs can use them. */
	record Installed(Machine machine, Gpus gpus, Launch.Running running) implements Accelerators {

		private static final String REMEDY = "choose the device cpu or auto, or see docs/install.md, section \"Engine\"";

		@Override
		public String problem() {
			if (!gpus.answer()) return "no GPU answers: " + gpus.problem();
			if (!running.libtorch().isCuda()) return forCpu();
			if (!running.engine().hasCapability("CUDA")) return "PyTorch (" + running.libtorch() + ") finds none that it can use";
			return null;
		}

		/** The PyTorch that runs is for the CPU: what to do depends on which others are there. */
		private String forCpu() {
			final Optional<Libtorch> other = running.found().stream().filter(found -> found.isCuda() && !found.isUsable()).findFirst();
			if (other.isPresent()) return other.get() + " cannot be used: " + other.get().problem();
			final String cuda = Natives.newestCuda(machine);
			if (!gpus.run(cuda)) return Natives.why(gpus, cuda);
			return "the PyTorch that runs is made for the CPU; 'engine install' on the command line, or Plugins>DGIQA>Engine... in ImageJ, installs one for the GPU";
		}

		@Override
		public Accelerator open(final DeviceChoice choice) {
			if (choice.kind() == Kind.MPS) {
				if (machine.isMac()) return Accelerator.of(Device.of("mps", 0), running.engine());
				throw new EngineException("The device mps, an Apple GPU, was asked for, and this is no Mac; choose auto, cpu or gpu.", null);
			}
			final String problem = problem();
			if (problem != null) throw new EngineException("The device " + choice + " was asked for, but " + problem + ": " + REMEDY + ".", null);
			final int last = gpus.names().size() - 1;
			if (choice.index() > last) throw new EngineException("The device " + choice + " was asked for, but the last GPU here is gpu:" + last + ": choose one from gpu:0 to gpu:" + last + ".", null);
			return Accelerator.of(Device.gpu(choice.index()), running.engine());
		}
	}
}
