package io.github.dgiqa.engine;

import java.util.List;

/**
 * The NVIDIA GPUs of this machine, as their driver tells: neither CUDA nor PyTorch need be installed for it to answer.
 *
 * @param names what they are called, in the driver's order; empty where there is none
 * @param cuda the newest CUDA that the driver knows, 1000 * major + 10 * minor; 0 where there is none
 * @param problem why there is none, as the end of a sentence; null where there is one
 */
record Gpus(List<String> names, int cuda, String problem) {

	private static final int MAJOR = 1000;
	private static final int MINOR = 10;

	Gpus {
		names = List.copyOf(names);
	}

	static Gpus none(final String problem) {
		return new Gpus(List.of(), 0, problem);
	}

	boolean answer() {
		return !names.isEmpty();
	}

	/**
	 * Whether PyTorch of a flavor, cpu or cu and three digits, can compute here. NVIDIA promises that programs for a CUDA
	 * run with the drivers for any CUDA of the same major version, and with newer ones.
	 */
	boolean run(final String flavor) {
		if (!Libtorch.isCuda(flavor)) return true;
		return answer() && cuda / MAJOR >= major(flavor);
	}

	/** Of cu128 12. */
	static int major(final String flavor) {
		return Integer.parseInt(flavor.substring(2, 4));
	}

	/** Such as 12.8. */
	String cudaVersion() {
		return cuda / MAJOR + "." + cuda % MAJOR / MINOR;
	}

	/** For people. */
	@Override
	public String toString() {
		return answer() ? String.join(", ", names) + " (driver for CUDA " + cudaVersion() + ")" : "none: " + problem;
	}
}
