package io.github.dgiqa.model;

import io.github.dgiqa.DgiqaException;

/** A model cannot be found or used. */
public final class ModelException extends DgiqaException {

	private static final long serialVersionUID = 1L;

	public ModelException(final String message) {
		super(message);
	}

	public ModelException(final String message, final Throwable cause) {
		super(message, cause);
	}
}
