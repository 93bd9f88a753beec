package io.github.dgiqa;

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

	/** The message of the given error as one line: its own where it has one, else its kind. */
	public static String sentence(final Throwable error) {
		if (error instanceof OutOfMemoryError) return "not enough memory: give Java more (option -Xmx) or use a smaller image";
		final String message = error.getMessage();
		final String text = message == null || message.isBlank() ? error.getClass().getSimpleName() : message;
		return text.strip().replaceAll("\\s*\\R\\s*", " ");
	}
}
