package io.github.dgiqa.batch;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One of the parts of a list that several runs share.
 *
 * @param number from 1
 * @param count of all
 */
public record Shard(int number, int count) {

	private static final Pattern FORM = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

	/** Reads {@code i/n}; empty where that is none. */
	public static Optional<Shard> parse(final String text) {
		final Matcher matcher = FORM.matcher(text);
		if (!matcher.matches()) return Optional.empty();
		final Shard shard = new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
		return shard.number >= 1 && shard.number <= shard.count ? Optional.of(shard) : Optional.empty();
	}

	/** This part of a list: element k, from 0, is in shard k mod n + 1. */
	public int[] of(final int[] list) {
		return IntStream.range(0, list.length).filter(k -> k % count == number - 1).map(k -> list[k]).toArray();
	}

	@Override
	public String toString() {
		return number + "/" + count;
	}
}
