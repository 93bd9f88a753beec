package io.github.dgiqa.download;

import java.time.Duration;

/** A try to download that failed: why, what to do, and whether to try again. */
final class Failure extends Exception {

	private static final long serialVersionUID = 1L;

	/** When another try may help. */
	enum Again {
		/** The same would come of it. */
		NEVER,
		/** The network was there in this call: it may come back. */
		ONCE_BEGUN,
		/** Such things pass. */
		ALWAYS
	}

	private final String remedy;
	private final Again again;
	private final Duration pause;

	/**
	 * @param reason completes "URL cannot be downloaded: ..."
	 * @param remedy what to do; null where the reason says it
	 * @param pause how long the server asks to wait before the next try; null where it does not
	 */
	Failure(final String reason, final String remedy, final Again again, final Duration pause, final Throwable cause) {
		super(reason, cause);
		this.remedy = remedy;
		this.again = again;
		this.pause = pause;
	}

	Failure(final String reason, final String remedy) {
		this(reason, remedy, Again.NEVER, null, null);
	}

	String remedy() {
		return remedy;
	}

	/** How long to wait before the next try. */
	Duration pause(final Duration usual) {
		return pause == null ? usual : pause;
	}

	/**
	 * @param begun whether something came in this call
	 * @param longest the longest pause that anyone waits for
	 */
	boolean isWorthAnotherTry(final boolean begun, final Duration longest) {
		if (pause != null && pause.compareTo(longest) > 0) return false;
		return again == Again.ALWAYS || again == Again.ONCE_BEGUN && begun;
	}
}
