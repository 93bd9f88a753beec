package io.github.dgiqa.evaluate;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.Version;
import io.github.dgiqa.evaluate.statistics.Agreement;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What came of an evaluation: tables, and the files that hold them.
 *
 * @param tables the tables that a terminal shows: overall, by distortion, by level, models x sets, test parts, pairs
 * @param notes sentences about what cannot be told
 * @param failed images that a model could not score, each counted once for each model
 * @param page the HTML page with everything
 */
public record Report(List<Table> tables, List<String> notes, int failed, Path page) {

	private static final String PAGE = "report.html";

	/** Computes the figures and writes {@code report.html}, {@code report.md}, CSV files and plots. @param between called between steps */
	static Report of(final Evaluation.Plan plan, final List<Scored> scored, final Runnable between) {
		final List<Figures> overall = new ArrayList<>();
		final List<Figures> byDistortion = new ArrayList<>();
		final List<Figures> byLevel = new ArrayList<>();
		for (final Scored one : scored) {
			between.run();
			overall.add(Figures.overall(one, plan.bootstrap()));
			byDistortion.addAll(Figures.byDistortion(one, plan.bootstrap()));
			byLevel.addAll(Figures.byLevel(one, plan.bootstrap()));
		}
		final Map<String, Table> files = new LinkedHashMap<>();
		files.put("results.csv", Tables.results(joined(overall, byDistortion, byLevel)));
		files.put("srcc.csv", Tables.across("SRCC, models x sets", overall, Agreement::srcc));
		files.put("plcc.csv", Tables.across("PLCC after the logistic mapping, models x sets", overall, Agreement::plccFit));
		files.put("test-parts.csv", Tables.splits(scored, plan.bootstrap().seed()));
		if (plan.monotone()) files.put("monotone.csv", Tables.monotone(scored));
		final List<Table> tables = new ArrayList<>(List.of(Tables.overall(overall)));
		if (!byDistortion.isEmpty()) tables.add(Tables.byDistortion(byDistortion));
		if (!byLevel.isEmpty()) tables.add(Tables.byLevel(byLevel));
		if (plan.sets().size() > 1) tables.addAll(List.of(files.get("srcc.csv"), files.get("plcc.csv")));
		tables.add(files.get("test-parts.csv"));
		if (plan.monotone()) tables.add(files.get("monotone.csv"));
		final List<String> notes = notes(overall, joined(byDistortion, byLevel));
		final List<Table> all = joined(List.of(Tables.sets(plan.sets())), tables, List.of(Tables.times(scored)));
		try {
			for (final Map.Entry<String, Table> file : files.entrySet())
				file.getValue().writeCsv(plan.out().resolve(file.getKey()));
			final ReportPage whole = new ReportPage(about(plan), all, notes, plots(overall, plan.out().resolve("plots")));
			Files.writeString(plan.out().resolve("report.md"), whole.markdown());
			Files.writeString(plan.out().resolve(PAGE), whole.html());
		}
		catch (final IOException e) {
			throw new DgiqaException("The results in " + plan.out() + " cannot be written: " + DgiqaException.sentence(e) + ".", e);
		}
		return new Report(tables, notes, scored.stream().mapToInt(one -> one.failed().size()).sum(), plan.out().resolve(PAGE));
	}

	@SafeVarargs
	private static <T> List<T> joined(final List<T>... lists) {
		return Stream.of(lists).flatMap(List::stream).toList();
	}

	private static List<String> notes(final List<Figures> overall, final List<Figures> parts) {
		final List<String> notes = new ArrayList<>();
		for (final Figures figures : overall) {
			final String problem = figures.agreement().problem();
			if (problem != null) notes.add(figures.scored().model() + " on " + figures.scored().set().name() + ": some figures are nan, since " + of(problem) + ".");
		}
		final Map<String, List<Figures>> problems = new LinkedHashMap<>();
		for (final Figures figures : parts)
			if (figures.agreement().problem() != null) problems.computeIfAbsent(figures.agreement().problem(), key -> new ArrayList<>()).add(figures);
		problems.forEach((problem, which) -> notes.add("In " + which.size() + " of the " + parts.size() + " rows by distortion and level some figures are nan, since " + of(problem) + ", such as " + name(which.get(0)) + "."));
		return notes;
	}

	private static String of(final String problem) {
		return problem.startsWith("fewer") ? "there are " + problem : problem;
	}

	private static String name(final Figures figures) {
		final String part = figures.level().isEmpty() ? "distortion " + figures.distortion() : "level " + figures.level();
		return figures.scored().model() + " on " + figures.scored().set().name() + ", " + part;
	}

	/** By the names of their files. */
	private static Map<String, byte[]> plots(final List<Figures> overall, final Path folder) throws IOException {
		Files.createDirectories(folder);
		final Map<String, byte[]> plots = new LinkedHashMap<>();
		for (final Figures figures : overall) {
			if (figures.scored().scores().length == 0) continue;
			final String name = Evaluation.fileName(figures.scored().set().name()) + "-" + Evaluation.fileName(figures.scored().model()) + ".png";
			plots.put(name, ScatterPlot.png(figures));
			Files.write(folder.resolve(name), plots.get(name));
		}
		return plots;
	}

	private static String about(final Evaluation.Plan plan) {
		final String intervals = plan.bootstrap().resamples() == 0 ? "no intervals" : "95 % intervals from " + plan.bootstrap().resamples() + " resamples of references, or of images where there are none";
		return "DGIQA " + Version.get() + "; " + intervals + "; seed " + plan.bootstrap().seed() + ". RMSE is on each set's own scale, after the logistic mapping.";
	}
}
