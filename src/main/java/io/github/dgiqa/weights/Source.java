package io.github.dgiqa.weights;

/**
 * A weight file as the subject of a message.
 *
 * @param form what the file is, for people: ".safetensors file"
 */
record Source(Bytes bytes, String form) {

	private static final int SHOWN = 80;

	/** @param reason completes "it is not usable: ..." */
	WeightsException bad(final String reason) {
		return new WeightsException(bytes.name() + " is not a usable " + form + ": " + reason + "; fetch it again.");
	}

	/** A text out of a file, fit for one line: control characters replaced, cut where it is long. */
	static String shown(final String text) {
		final String start = text.substring(0, Math.min(SHOWN, text.length())).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
		return text.length() > SHOWN ? start + "..." : start;
	}
}
