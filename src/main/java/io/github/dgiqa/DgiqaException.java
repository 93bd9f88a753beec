package io.github.dgiqa;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

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
		if (error instanceof FileSystemException) return reason((FileSystemException) error);
		final String message = error.getMessage();
		final boolean expected = error instanceof DgiqaException || error instanceof IOException;
		final String kind = error.getClass().getSimpleName();
		final String text = message == null || message.isBlank() ? kind : expected ? message : kind + ": " + message;
		return text.strip().replaceAll("\\s*\\R\\s*", " ");
	}

	/** The message of these errors is only the name of the file. */
	private static String reason(final FileSystemException error) {
		if (error instanceof NoSuchFileException) return error.getFile() + " is missing";
		if (error instanceof AccessDeniedException) return "there is no permission for " + error.getFile();
		if (error instanceof FileAlreadyExistsException) return error.getFile() + " exists already";
		return error.getReason() == null ? error.getFile() + " cannot be used" : error.getFile() + ": " + error.getReason();
	}
}
