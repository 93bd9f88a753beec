package io.github.dgiqa.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the user wants to compute.
 *
 * @param kind which kind of device
 * @param index number of the GPU, from 0; 0 for others
 */
public record DeviceChoice(Kind kind, int index) {

	/** Kinds of devices. */
	public enum Kind {
		/** An NVIDIA GPU where PyTorch can use one, else the CPU. */
		AUTO,
		/** The CPU. */
		CPU,
		/** An NVIDIA GPU, or an error. */
		GPU,
		/** An Apple GPU, or an error. */
		MPS
	}

	/** What {@link #parse} takes, for people. */
	public static final String WORDS = "auto, cpu, gpu, gpu:N (N from 0), mps";

	public static final DeviceChoice AUTO = new DeviceChoice(Kind.AUTO, 0);
	public static final DeviceChoice CPU = new DeviceChoice(Kind.CPU, 0);
	public static final DeviceChoice GPU = new DeviceChoice(Kind.GPU, 0);
	public static final DeviceChoice MPS = new DeviceChoice(Kind.MPS, 0);

	private static final Pattern NUMBERED = Pattern.compile("gpu:(\\d{1,3})");

	/** Finds one by its word; nothing where it is none of {@link #WORDS}. */
	public static Optional<DeviceChoice> parse(final String word) {
		final Matcher numbered = NUMBERED.matcher(word);
		if (numbered.matches()) return Optional.of(new DeviceChoice(Kind.GPU, Integer.parseInt(numbered.group(1))));
		return switch (word) {
			case "auto" -> Optional.of(AUTO);
			case "cpu" -> Optional.of(CPU);
			case "gpu" -> Optional.of(GPU);
			case "mps" -> Optional.of(MPS);
			default -> Optional.empty();
		};
	}

	/** The words that make sense on this machine, whether or not PyTorch can use what they name. */
	public static List<String> offered() {
		final List<String> words = new ArrayList<>(List.of("auto", "cpu"));
		if (Machine.here().isMac()) words.add("mps");
		else words.add("gpu");
		for (int i = 1; i < Surroundings.here().gpus().names().size(); i++)
			words.add("gpu:" + i);
		return words;
	}

	/** The word that {@link #parse} takes; of the first GPU {@code gpu}. */
	@Override
	public String toString() {
		return switch (kind) {
			case AUTO -> "auto";
			case CPU -> "cpu";
			case GPU -> index == 0 ? "gpu" : "gpu:" + index;
			case MPS -> "mps";
		};
	}
}
