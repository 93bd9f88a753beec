package io.github.dgiqa.evaluate;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.evaluate.sets.Opinion;
import io.github.dgiqa.evaluate.sets.RatedSet;
import io.github.dgiqa.evaluate.statistics.Bootstrap;
import io.github.dgiqa.model.ModelStore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;

/** Scores the images of sets with models and baselines, and compares with people; what was scored before is reused. */
public final class Evaluation {

	/**
	 * What to do.
	 *
	 * @param sets of different names
	 * @param models to compare
	 * @param baselines whether simple figures stand beside them
	 * @param bootstrap for the intervals; its seed draws the splits too
	 * @param monotone whether pairs of levels are counted
	 * @param out folder for scores and results; it is made where it is not there
	 */
	public record Plan(List<RatedSet> sets, List<Assessor.Settings> models, boolean baselines, Bootstrap bootstrap, boolean monotone, Path out) {}

	/** Who wants to know how it goes. */
	public interface Listener {

		/** A scorer begins with a set. @param reused images that have their scores already @param open those that have not */
		void begins(String scorer, String set, int reused, int open);

		/** One more image has a score, or an error. @param error empty where all is well */
		void image(Path image, int done, int open, String device, String error);
	}

	private final Plan plan;
	private final Listener listener;
	private final Runnable between;
	private final List<Scored> scored = new ArrayList<>();

	private Evaluation(final Plan plan, final Listener listener, final Runnable between) {
		this.plan = plan;
		this.listener = listener;
		this.between = between;
	}

	/**
	 * Does it. Scores are in {@code scores/} of the plan's folder from the moment they are known, results when all is done.
	 *
	 * @param between called between steps; a {@link CancellationException} that it throws ends the work
	 * @throws DgiqaException where a model cannot be used, or the folder cannot be written
	 */
	public static Report run(final ModelStore store, final Plan plan, final Listener listener, final Runnable between) {
		final Evaluation evaluation = new Evaluation(plan, listener, between);
		final List<Scorer> scorers = scorers(store, plan);
		for (final Scorer scorer : scorers) {
			try (scorer) {
				for (final RatedSet set : plan.sets)
					evaluation.score(scorer, set);
			}
		}
		evaluation.scored.sort(Comparator.comparingInt(one -> plan.sets.indexOf(one.set())));
		return Report.of(plan, evaluation.scored, between);
	}

	/** All are made before the first begins, so that a wrong name is told at once. */
	private static List<Scorer> scorers(final ModelStore store, final Plan plan) {
		final List<Scorer> scorers = new ArrayList<>();
		final Set<String> names = new HashSet<>();
		for (final Assessor.Settings settings : plan.models) {
			final Scorer scorer = new NetworkScorer(store, settings, null);
			final String name = scorer.name();
			int number = 1;
			String unique = name;
			while (!names.add(unique))
				unique = name + "-" + ++number;
			scorers.add(unique.equals(name) ? scorer : new NetworkScorer(store, settings, unique));
		}
		if (plan.baselines) scorers.add(new BaselineScorer());
		return scorers;
	}

	private void score(final Scorer scorer, final RatedSet set) {
		final List<String> names = scorer.measures().stream().map(Scorer.Measure::name).toList();
		final boolean network = names.size() == 1;
		final Path file = plan.out.resolve("scores").resolve(fileName(set.name()) + "-" + fileName(scorer.name()) + ".csv");
		final Map<Opinion, ScoreFile.Row> rows = new HashMap<>();
		int reused = 0;
		try (ScoreFile scores = new ScoreFile(file, scorer.parameters(), network ? List.of("score") : names)) {
			final List<Opinion> open = new ArrayList<>();
			for (final Opinion opinion : set.opinions()) {
				final ScoreFile.Row row = scores.find(opinion);
				if (row == null) open.add(opinion);
				else rows.put(opinion, row);
			}
			reused = rows.size();
			listener.begins(scorer.name(), set.name(), reused, open.size());
			final int[] done = {0};
			scorer.score(open, (opinion, row) -> {
				scores.write(opinion, row);
				rows.put(opinion, row);
				listener.image(opinion.file(), ++done[0], open.size(), scorer.device(), row.error());
			}, between);
		}
		catch (final IOException e) {
			throw new DgiqaException("The scores " + file + " cannot be written: " + DgiqaException.sentence(e) + ".", e);
		}
		for (int i = 0; i < names.size(); i++)
			scored.add(scored(set, scorer.measures().get(i), i, rows, reused));
	}

	private static Scored scored(final RatedSet set, final Scorer.Measure measure, final int place, final Map<Opinion, ScoreFile.Row> rows, final int reused) {
		final List<Opinion> good = set.opinions().stream().filter(opinion -> !rows.get(opinion).failed()).toList();
		final List<Opinion> failed = set.opinions().stream().filter(opinion -> rows.get(opinion).failed()).toList();
		final double[] scores = good.stream().mapToDouble(opinion -> rows.get(opinion).values()[place]).map(score -> measure.lowerIsBetter() ? -score : score).toArray();
		final double seconds = good.stream().mapToDouble(opinion -> rows.get(opinion).seconds()).average().orElse(Double.NaN);
		return new Scored(set, measure.name(), good, scores, failed, reused, seconds);
	}

	/** A name that every file system takes. */
	static String fileName(final String name) {
		return name.replaceAll("[^\\p{L}\\p{N}._@-]", "_");
	}
}
