package io.github.dgiqa.batch;

import java.io.File;
import java.nio.file.Path;

/**
 * A name with {@code *} for any letters of one name, {@code ?} for one letter, and {@code **} for any folders, none
 * included. At its end {@code **} stands for all that is in a folder and in those in it.
 */
final class Pattern {

	private static final String ANY_FOLDERS = "**";

	private final String written;
	private final String prefix;
	private final String[] names;
	private final java.util.regex.Pattern regex;

	Pattern(final String written) {
		this.written = written;
		final String unified = unified(written);
		final int first = (unified + "?").replace('*', '?').indexOf('?');
		// as the user wrote it, up to the last separator before the first star
		final int end = unified.lastIndexOf('/', first) + 1;
		prefix = written.substring(0, end);
		names = unified.substring(end).split("/+");
		regex = java.util.regex.Pattern.compile(regex());
	}

	static boolean isPattern(final String written) {
		return written.contains("*") || written.contains("?");
	}

	/** With the same separator on all systems. */
	private static String unified(final String path) {
		return File.separatorChar == '/' ? path : path.replace(File.separatorChar, '/');
	}

	private String regex() {
		final StringBuilder regex = new StringBuilder();
		for (int i = 0; i < names.length; i++) {
			final boolean last = i == names.length - 1;
			if (names[i].equals(ANY_FOLDERS)) regex.append(last ? ".+" : "([^/]+/)*");
			else regex.append(name(names[i])).append(last ? "" : "/");
		}
		return regex.toString();
	}

	private static String name(final String name) {
		final StringBuilder regex = new StringBuilder();
		for (final char letter : name.toCharArray()) {
			if (letter == '*') regex.append("[^/]*");
			else if (letter == '?') regex.append("[^/]");
			else regex.append(java.util.regex.Pattern.quote(String.valueOf(letter)));
		}
		return regex.toString();
	}

	String written() {
		return written;
	}

	/** What comes before the first name with a star, as the user wrote it; ends with a separator or is empty. */
	String prefix() {
		return prefix;
	}

	/** Whether it stands for a folder with all that is in it. */
	boolean isWholeFolder() {
		return names.length == 1 && names[0].equals(ANY_FOLDERS);
	}

	/** Whether it takes what there is, whatever its name. */
	boolean isOpen() {
		return names[names.length - 1].equals(ANY_FOLDERS);
	}

	/** How deep below {@link #prefix()} matches can be; with {@code **} any depth. */
	int depth() {
		for (final String name : names)
			if (name.equals(ANY_FOLDERS)) return Integer.MAX_VALUE;
		return names.length;
	}

	/** @param relative below {@link #prefix()} */
	boolean matches(final Path relative) {
		return regex.matcher(unified(relative.toString())).matches();
	}
}
