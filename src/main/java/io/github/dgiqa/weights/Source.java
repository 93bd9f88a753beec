package io.github.dgiqa.weights;

/**
 * A weight file as the subject of a message.
 *
 * @param form what the file is, for people: ".safetensors file"
 */
record Source(Bytes bytes, String form) {

	private static final int SHOWN = 80;

	/**
	 * The file is cut off or damaged.
	 *
	 * @param reason completes "it is not usable: ..."
	 */
	WeightsException bad(final String reason) {
		return bad(reason, "fetch it again");
	}

	/**
	 * The file is in order, but more than this program reads: fetching it again would not help.
	 *
	 * @param reason completes "it is not usable: ..."
	 */
	WeightsException unsupported(final String reason) {
		return bad(reason, "open it in PyTorch and save its state_dict() alone");
	}

	/** @param remedy what to do */
	WeightsException bad(final String reason, final String remedy) {
		return new WeightsException(bytes.name() + " is not a usable " + form + ": " + reason + "; " + remedy + ".");
	}

	/** A text out of a file, fit for one line: control characters replaced, cut where it is long. */
	static String shown(final String text) {
		final String start = text.substring(0, Math.min(SHOWN, text.length())).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
		return text.length() > SHOWN ? start + "..." : start;
	}
}
