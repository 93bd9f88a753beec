package io.github.dgiqa.evaluate.sets;

import io.github.dgiqa.DgiqaException;

/** A set of images with human scores cannot be read. */
public final class SetException extends DgiqaException {

	private static final long serialVersionUID = 1L;

	public SetException(final String message) {
		super(message);
	}

	public SetException(final String message, final Throwable cause) {
		super(message, cause);
	}
}
