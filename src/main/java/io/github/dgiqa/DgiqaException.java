package io.github.dgiqa;

import java.io.IOException;

/**
 * Something a user can act on. The message is one complete sentence for that user: what was expected, what was found,
 * what to do; it is shown as it is, without a stack trace.
 */
public class DgiqaException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	public DgiqaException(final String message) {
		super(message);
	}

	public DgiqaException(final String message, final Throwable cause) {
		super(message, cause);
	}

	/** What to tell the user about an error, in one line: its message, and its kind where it comes as a surprise. */
	public static String sentence(final Throwable error) {
		if (error instanceof OutOfMemoryError) return "not enough memory: give Java more (option -Xmx) or use a smaller image";
		final String message = error.getMessage();
		final boolean expected = error instanceof DgiqaException || error instanceof IOException;
		final String kind = error.getClass().getSimpleName();
		final String text = message == null || message.isBlank() ? kind : expected ? message : kind + ": " + message;
		return text.strip().replaceAll("\\s*\\R\\s*", " ");
	}
}
