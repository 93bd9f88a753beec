package io.github.dgiqa.download;

import io.github.dgiqa.DgiqaException;

/** A file cannot be downloaded. */
public final class DownloadException extends DgiqaException {

	private static final long serialVersionUID = 1L;

	DownloadException(final String message, final Throwable cause) {
		super(message, cause);
	}
}
