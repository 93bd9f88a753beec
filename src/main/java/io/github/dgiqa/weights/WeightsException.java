package io.github.dgiqa.weights;

import io.github.dgiqa.DgiqaException;

/** A weight file cannot be used. */
public final class WeightsException extends DgiqaException {

	private static final long serialVersionUID = 1L;

	public WeightsException(final String message) {
		super(message);
	}
}
