package io.github.dgiqa.batch;

import io.github.dgiqa.display.ResultRow;

import java.io.IOException;

/** Where rows go. */
public interface RowSink {

	/** Writes a row. */
	void write(ResultRow row) throws IOException;

	/**
	 * Notes that the rows since the last call are all of a file's.
	 *
	 * @param state the file as it was before it was opened
	 */
	default void done(final Inputs.Input input, final FileState state) throws IOException {}
}
