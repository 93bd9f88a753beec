package io.github.dgiqa.evaluate.sets;

/** Numbers in files of scores. */
final class Numbers {

	private Numbers() {}

	/**
	 * @param place where it stands, for people
	 * @throws SetException where it is no finite number
	 */
	static double parse(final String text, final String place) {
		try {
			final double number = Double.parseDouble(text);
			if (Double.isFinite(number)) return number;
		}
		catch (final NumberFormatException e) {
			// said below
		}
		throw new SetException(place + ": '" + text + "' is no number; a score such as 0.75, with a decimal point, is needed.");
	}
}
