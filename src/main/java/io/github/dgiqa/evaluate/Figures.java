package io.github.dgiqa.evaluate;

import io.github.dgiqa.evaluate.sets.Opinion;
import io.github.dgiqa.evaluate.statistics.Agreement;
import io.github.dgiqa.evaluate.statistics.Bootstrap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * How far a model agrees with people on the images of a set, or a part of them.
 *
 * @param scored the images
 * @param distortion of all of them; empty for any
 * @param level of all of them; empty for any
 */
record Figures(Scored scored, String distortion, String level, Agreement agreement, Bootstrap.Intervals intervals) {

	private static final Comparator<String> BY_NUMBER = Comparator.comparingDouble(Figures::number).thenComparing(Comparator.naturalOrder());

	static Figures overall(final Scored scored, final Bootstrap bootstrap) {
		return of(scored, "", "", bootstrap);
	}

	/** One for each distortion of the set, in the alphabet's order. */
	static List<Figures> byDistortion(final Scored scored, final Bootstrap bootstrap) {
		return words(scored, Opinion::distortion).stream().map(word -> of(scored.only(opinion -> opinion.distortion().equals(word)), word, "", bootstrap)).toList();
	}

	/** One for each level of the set, in the order of their numbers. */
	static List<Figures> byLevel(final Scored scored, final Bootstrap bootstrap) {
		return words(scored, Opinion::level).stream().map(word -> of(scored.only(opinion -> opinion.level().equals(word)), "", word, bootstrap)).toList();
	}

	private static List<String> words(final Scored scored, final Function<Opinion, String> word) {
		final List<Opinion> all = new ArrayList<>(scored.opinions());
		all.addAll(scored.failed());
		return all.stream().map(word).filter(text -> !text.isEmpty()).distinct().sorted(BY_NUMBER).toList();
	}

	private static double number(final String text) {
		try {
			return Double.parseDouble(text);
		}
		catch (final NumberFormatException e) {
			return Double.POSITIVE_INFINITY;
		}
	}

	private static Figures of(final Scored scored, final String distortion, final String level, final Bootstrap bootstrap) {
		final Agreement agreement = Agreement.of(scored.scores(), scored.human());
		return new Figures(scored, distortion, level, agreement, bootstrap.of(scored.scores(), scored.human(), scored.references(), agreement));
	}
}
