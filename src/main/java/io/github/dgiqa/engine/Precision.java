package io.github.dgiqa.engine;

import ai.djl.ndarray.types.DataType;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The numbers that the networks compute with. */
public enum Precision {
	/** 32 bits, on every device. */
	FLOAT32(DataType.FLOAT32),
	/** 16 bits, on GPUs only: less memory, on most faster; scores differ by up to about 0.002. */
	FLOAT16(DataType.FLOAT16);

	private final DataType type;

	Precision(final DataType type) {
		this.type = type;
	}

	/** DJL's name for it. */
	public DataType type() {
		return type;
	}

	/** Why a result of a model can be no finite number, and what to do; the end of a sentence. */
	public String blame(final String model) {
		final String weights = "the weights of " + model + " are damaged, or not trained; use others";
		return this == FLOAT32 ? weights + "." : "its values are too large for " + this + " (choose float32), or " + weights + ".";
	}

	/** {@code float32} or {@code float16}. */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

	/** Finds one by the word that {@link #toString()} gives. */
	public static Optional<Precision> parse(final String word) {
		return Arrays.stream(values()).filter(precision -> precision.toString().equals(word)).findFirst();
	}
}
