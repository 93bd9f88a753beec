package io.github.dgiqa.engine;

import java.util.Locale;

/**
 * The kind of machine that this Java runs on, in the words that PyTorch's files use.
 *
 * @param system linux, win, osx, or what else Java calls it
 * @param architecture x86_64, aarch64, ...
 */
record Machine(String system, String architecture) {

	static final String LINUX = "linux";
	static final String WINDOWS = "win";
	static final String MAC = "osx";

	static Machine here() {
		return of(System.getProperty("os.name"), System.getProperty("os.arch"));
	}

	/** @param name Java's os.name @param architecture Java's os.arch */
	static Machine of(final String name, final String architecture) {
		final String lower = name.toLowerCase(Locale.ROOT);
		final String system = lower.startsWith("linux") ? LINUX : lower.startsWith("win") ? WINDOWS : lower.startsWith("mac") ? MAC : lower.replace(' ', '-');
		return new Machine(system, architecture.equals("amd64") ? "x86_64" : architecture);
	}

	/** Such as linux-x86_64. */
	String classifier() {
		return system + "-" + architecture;
	}

	boolean isWindows() {
		return system.equals(WINDOWS);
	}

	boolean isMac() {
		return system.equals(MAC);
	}

	/** Macs without an Apple processor: PyTorch's last version for them is 2.2. */
	boolean isIntelMac() {
		return isMac() && architecture.equals("x86_64");
	}

	/** The file name of a library here: libNAME.so, NAME.dll, libNAME.dylib. */
	String library(final String name) {
		if (isWindows()) return name + ".dll";
		return "lib" + name + (isMac() ? ".dylib" : ".so");
	}
}
