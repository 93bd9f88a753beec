package io.github.dgiqa.bench;

import java.util.Arrays;
import java.util.Optional;

/** What can be measured. */
public enum Part {
	/** The quality network of the compact pair on six crops of 224x224. */
	COMPACT6("compact6"),
	/** The published quality network on 20 crops of 224x224. */
	DGIQA("dgiqa"),
	/** Depth Anything ViT-S on 518x686. */
	VITS("vits"),
	/** Depth Anything ViT-B on 518x686. */
	VITB("vitb"),
	/** Depth Anything ViT-L on 518x686. */
	VITL("vitl"),
	/** The product of two 2048x2048 matrices of floats, with which all else is compared. */
	GEMM("gemm"),
	/** From the start of a process to the first score that it prints. */
	FIRST_SCORE("first_score"),
	/** Where the time of one image goes, with the compact pair. */
	STAGES("stages"),
	/** The same with the published pair. */
	STAGES_PUBLISHED("stages-published"),
	/** How time grows with the size of the image, the number of crops and of slices, with the compact pair. */
	GROWTH("growth"),
	/** The same with the published pair. */
	GROWTH_PUBLISHED("growth-published");

	private final String key;

	Part(final String key) {
		this.key = key;
	}

	/** The word for it on the command line and in results. */
	public String key() {
		return key;
	}

	/** The one with a key, if there is one. */
	public static Optional<Part> named(final String key) {
		return Arrays.stream(values()).filter(part -> part.key.equals(key)).findFirst();
	}
}
