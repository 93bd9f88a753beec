package io.github.dgiqa.bench;

import io.github.dgiqa.engine.TorchEngine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What the figures are of.
 *
 * @param device cpu, gpu ...
 * @param cpu the processor's name
 * @param processors how many Java sees
 * @param threads of one computation on the CPU
 * @param engine PyTorch and its version
 * @param java Java's version
 * @param system the operating system
 */
record ThisMachine(String device, String cpu, int processors, int threads, String engine, String java, String system) {

	private static final Path CPU = Path.of("/proc/cpuinfo");
	private static final Path STATUS = Path.of("/proc/self/status");
	private static final double KILOBYTES = 1024;

	static ThisMachine of(final TorchEngine engine) {
		return new ThisMachine(engine.deviceName(), processor(), Runtime.getRuntime().availableProcessors(), engine.threads(), engine.description().replaceFirst(" on .*", ""), System.getProperty("java.version"),
			System.getProperty("os.name") + " " + System.getProperty("os.version"));
	}

	private static String processor() {
		final String windows = System.getenv("PROCESSOR_IDENTIFIER");
		return value(CPU, "model name").orElse(windows == null ? System.getProperty("os.arch") : windows);
	}

	/** The most memory that this process has had at a time, in units of 1024 * 1024 bytes; empty where the system does not tell. */
	static OptionalDouble peakMegabytes() {
		return value(STATUS, "VmHWM").map(text -> OptionalDouble.of(Double.parseDouble(text.replaceAll("\\D", "")) / KILOBYTES)).orElse(OptionalDouble.empty());
	}

	/** The text behind a name and its colon in a file of Linux's. */
	private static Optional<String> value(final Path file, final String name) {
		try (Stream<String> lines = Files.lines(file)) {
			return lines.filter(line -> line.startsWith(name)).map(line -> line.replaceFirst("[^:]*:\\s*", "")).findFirst();
		}
		catch (final IOException e) {
			return Optional.empty(); // another system
		}
	}
}
