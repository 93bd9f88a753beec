package io.github.dgiqa.image;

import io.github.dgiqa.DgiqaException;

/** An image cannot be read or assessed; the others of a batch can. */
public final class ImageException extends DgiqaException {

	private static final long serialVersionUID = 1L;

	public ImageException(final String message) {
		super(message);
	}

	public ImageException(final String message, final Throwable cause) {
		super(message, cause);
	}
}
