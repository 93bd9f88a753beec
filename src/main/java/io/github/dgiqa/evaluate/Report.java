package io.github.dgiqa.evaluate;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.Version;
import io.github.dgiqa.evaluate.statistics.Agreement;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of an evaluation: tables, and the files that hold them.
 *
 * @param tables the tables that a terminal shows: overall, by distortion, by level, models x sets, test parts, pairs
 * @param notes sentences about what cannot be told
 * @param failed images that a model could not score, each counted once for each model
 * @param page the HTML page with everything
 */
public record Report(List<Table> tables, List<String> notes, int failed, Path page) {

	private static final String STYLE = "body{font:15px sans-serif;max-width:75em;margin:2em auto;padding:0 1em;color:#222}table{border-collapse:collapse;margin:1em 0}"
		+ "th,td{border-bottom:1px solid #ccc;padding:.2em .7em;text-align:left}th{border-bottom:2px solid #888}td.number{text-align:right;font-variant-numeric:tabular-nums}"
		+ "figure{display:inline-block;margin:.5em}img{max-width:100%}";

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
		final Table srcc = Tables.across("SRCC, models x sets", overall, Agreement::srcc);
		final Table plcc = Tables.across("PLCC after the logistic mapping, models x sets", overall, Agreement::plccFit);
		final Table splits = Tables.splits(scored, plan.bootstrap().seed());
		final List<Table> tables = new ArrayList<>(List.of(Tables.overall(overall)));
		if (!byDistortion.isEmpty()) tables.add(Tables.byDistortion(byDistortion));
		if (!byLevel.isEmpty()) tables.add(Tables.byLevel(byLevel));
		if (plan.sets().size() > 1) tables.addAll(List.of(srcc, plcc));
		tables.add(splits);
		final Table monotone = plan.monotone() ? Tables.monotone(scored) : null;
		if (monotone != null) tables.add(monotone);
		final List<String> notes = notes(overall, byDistortion, byLevel);
		final List<Table> all = new ArrayList<>(List.of(Tables.sets(plan.sets())));
		all.addAll(tables);
		all.add(Tables.times(scored));
		final Path page = plan.out().resolve("report.html");
		try {
			final List<Figures> results = new ArrayList<>(overall);
			results.addAll(byDistortion);
			results.addAll(byLevel);
			Tables.results(results).writeCsv(plan.out().resolve("results.csv"));
			srcc.writeCsv(plan.out().resolve("srcc.csv"));
			plcc.writeCsv(plan.out().resolve("plcc.csv"));
			splits.writeCsv(plan.out().resolve("test-parts.csv"));
			if (monotone != null) monotone.writeCsv(plan.out().resolve("monotone.csv"));
			final Map<String, byte[]> plots = plots(overall, plan.out().resolve("plots"));
			Files.writeString(plan.out().resolve("report.md"), markdown(plan, all, notes, plots));
			Files.writeString(page, html(plan, all, notes, plots));
		}
		catch (final IOException e) {
			throw new DgiqaException("The results in " + plan.out() + " cannot be written: " + DgiqaException.sentence(e) + ".", e);
		}
		return new Report(tables, notes, scored.stream().mapToInt(one -> one.failed().size()).sum(), page);
	}

	private static List<String> notes(final List<Figures> overall, final List<Figures> byDistortion, final List<Figures> byLevel) {
		final List<String> notes = new ArrayList<>();
		for (final Figures figures : overall) {
			final String problem = figures.agreement().problem();
			if (problem != null) notes.add(figures.scored().model() + " on " + figures.scored().set().name() + ": some figures are nan, since " + of(problem) + ".");
		}
		final List<Figures> parts = new ArrayList<>(byDistortion);
		parts.addAll(byLevel);
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

	private static String markdown(final Evaluation.Plan plan, final List<Table> tables, final List<String> notes, final Map<String, byte[]> plots) {
		final StringBuilder text = new StringBuilder("# Evaluation\n\n" + about(plan) + "\n\n");
		tables.forEach(table -> text.append(table.markdown()).append('\n'));
		if (!notes.isEmpty()) text.append("## Notes\n\n");
		notes.forEach(note -> text.append("- ").append(note).append('\n'));
		text.append("\n## Plots\n\n");
		plots.keySet().forEach(name -> text.append("![").append(name).append("](plots/").append(name).append(")\n"));
		return text.toString();
	}

	private static String html(final Evaluation.Plan plan, final List<Table> tables, final List<String> notes, final Map<String, byte[]> plots) {
		final StringBuilder text = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Evaluation</title><style>" + STYLE + "</style></head>\n<body>\n<h1>Evaluation</h1>\n<p>" + Table.escaped(about(plan)) + "</p>\n");
		tables.forEach(table -> text.append(table.html()));
		if (!notes.isEmpty()) text.append("<h2>Notes</h2>\n<ul>\n");
		notes.forEach(note -> text.append("<li>").append(Table.escaped(note)).append("</li>\n"));
		if (!notes.isEmpty()) text.append("</ul>\n");
		text.append("<h2>Plots</h2>\n");
		plots.forEach((name, png) -> text.append("<figure><img alt=\"").append(Table.escaped(name)).append("\" src=\"data:image/png;base64,").append(Base64.getEncoder().encodeToString(png)).append("\"></figure>\n"));
		return text + "</body>\n</html>\n";
	}
}
