package io.github.dgiqa.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** The terminal for this program alone: libraries that print find it silent. */
final class Console {

	/** System property: {@code true} shows what libraries print, and stack traces. */
	static final String DEBUG = "dgiqa.debug";

	private final PrintWriter out;
	private final PrintWriter err;

	Console() {
		out = new PrintWriter(new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8), true);
		err = new PrintWriter(new OutputStreamWriter(new FileOutputStream(FileDescriptor.err), StandardCharsets.UTF_8), true);
		if (!isDebug()) {
			System.setOut(new PrintStream(OutputStream.nullOutputStream()));
			System.setErr(new PrintStream(OutputStream.nullOutputStream()));
		}
	}

	/** Standard output for results; errors in writing to it are kept by the writer. */
	PrintWriter out() {
		return out;
	}

	/** Standard output for CSV: errors in writing are thrown. */
	Writer rows() {
		return new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8);
	}

	/** Standard error for everything that is no result. */
	PrintWriter err() {
		return err;
	}

	static boolean isDebug() {
		return Boolean.getBoolean(DEBUG);
	}
}
