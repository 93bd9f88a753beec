package io.github.dgiqa.evaluate;

import io.github.dgiqa.evaluate.sets.Opinion;
import io.github.dgiqa.evaluate.sets.RatedSet;
import io.github.dgiqa.evaluate.statistics.OrderedPairs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The scores that a model or baseline gave to the images of a set.
 *
 * @param model its name in tables
 * @param opinions of the images that were scored
 * @param scores of these; so that higher is better, as the model means it
 * @param failed images that could not be scored
 * @param reused how many of the rows another run had computed
 * @param seconds for an image, on average; NaN where there is none
 */
record Scored(RatedSet set, String model, List<Opinion> opinions, double[] scores, List<Opinion> failed, int reused, double seconds) {

	/** The images' human scores, so that higher is better. */
	double[] human() {
		return opinions.stream().mapToDouble(opinion -> set.oriented(opinion.score())).toArray();
	}

	List<String> references() {
		return opinions.stream().map(Opinion::reference).toList();
	}

	/** A part of it. */
	Scored only(final Predicate<Opinion> which) {
		final int[] places = IntStream.range(0, scores.length).filter(i -> which.test(opinions.get(i))).toArray();
		final List<Opinion> part = new ArrayList<>();
		for (final int place : places)
			part.add(opinions.get(place));
		return new Scored(set, model, part, IntStream.of(places).mapToDouble(place -> scores[place]).toArray(), failed.stream().filter(which).toList(), reused, seconds);
	}

	List<OrderedPairs.Item> items() {
		final double[] human = human();
		return IntStream.range(0, scores.length).mapToObj(i -> new OrderedPairs.Item(opinions.get(i).reference(), opinions.get(i).distortion(), opinions.get(i).level(), human[i], scores[i])).toList();
	}
}
