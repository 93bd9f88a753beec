package io.github.dgiqa.action;

import io.github.dgiqa.DgiqaException;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the user chose: values by the keys of macros, as text or as what they are. A missing value is the default. */
final class Values {

	private final Map<String, ?> values;

	Values(final Map<String, ?> values) {
		this.values = values;
	}

	/** The value as it was given, or null. */
	<T> T get(final String key, final Class<T> type) {
		final Object value = values.get(key);
		return type.isInstance(value) ? type.cast(value) : null;
	}

	/** Whether the command has this key, with whatever value. */
	boolean has(final String key) {
		return values.containsKey(key);
	}

	/** The text without blanks around it; empty where there is none. */
	String text(final String key) {
		final Object value = values.get(key);
		return value == null ? "" : value.toString().strip();
	}

	/** The text, or another where there is none. */
	String text(final String key, final String otherwise) {
		final String text = text(key);
		return text.isEmpty() ? otherwise : text;
	}

	/**
	 * One of some words.
	 *
	 * @param words the words, the default first
	 * @throws DgiqaException where it is another
	 */
	String choice(final String key, final String... words) {
		final String word = text(key, words[0]);
		if (!List.of(words).contains(word)) throw unknown(key, word, "one of " + String.join(", ", words));
		return word;
	}

	/**
	 * Some of some words, with commas between.
	 *
	 * @param none the word for none of them, and the default
	 * @throws DgiqaException where one is another
	 */
	List<String> several(final String key, final String none, final Collection<String> words) {
		final List<String> found = Arrays.stream(text(key, none).split(",")).map(String::strip).filter(word -> !word.equals(none)).distinct().toList();
		for (final String word : found)
			if (!words.contains(word)) throw unknown(key, word, none + ", or some of " + String.join(", ", words) + " with commas between,");
		return found;
	}

	/** @throws DgiqaException where it is no whole number from min to max */
	long integer(final String key, final long otherwise, final long min, final long max) {
		final double number = number(key, otherwise);
		if (number != Math.rint(number) || number < min || number > max) throw unknown(key, text(key), "a whole number " + (max == Integer.MAX_VALUE ? "of at least " + min : "from " + min + " to " + max));
		return (long) number;
	}

	/** @throws DgiqaException where it is no finite number */
	double number(final String key, final double otherwise) {
		final Object value = values.get(key);
		try {
			final double number = value instanceof Number ? ((Number) value).doubleValue() : text(key).isEmpty() ? otherwise : Double.parseDouble(text(key));
			if (Double.isFinite(number)) return number;
		}
		catch (final NumberFormatException e) {
			// said below
		}
		throw unknown(key, text(key), "a number");
	}

	/** @throws DgiqaException where it is neither true nor false */
	boolean flag(final String key, final boolean otherwise) {
		return Boolean.parseBoolean(choice(key, Boolean.toString(otherwise), Boolean.toString(!otherwise)));
	}

	/** A file or folder; null where there is none. */
	Path path(final String key) {
		final String text = text(key);
		try {
			return text.isEmpty() ? null : Path.of(text);
		}
		catch (final InvalidPathException e) {
			throw unknown(key, text, "the name of a file");
		}
	}

	/** The sentence about a value that cannot be. */
	static DgiqaException unknown(final String key, final String found, final String expected) {
		return new DgiqaException(String.format(Locale.ROOT, "The key %s cannot be '%s': %s is needed.", key, found, expected));
	}
}
