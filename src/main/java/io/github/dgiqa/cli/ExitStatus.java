package io.github.dgiqa.cli;

/** What the program returns to its caller. */
final class ExitStatus {

	/** All images were scored. */
	static final int OK = 0;
	/** Some images, or all, could not be scored. */
	static final int FAILED = 1;
	/** Wrong usage, or no image found. */
	static final int USAGE = 2;
	/** Model, weights or engine cannot be used. */
	static final int UNUSABLE = 3;
	/** Cancelled by the user. */
	static final int CANCELLED = 130;

	private ExitStatus() {}
}
