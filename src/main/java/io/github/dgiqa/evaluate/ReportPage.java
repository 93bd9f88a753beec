package io.github.dgiqa.evaluate;

import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Everything about an evaluation on one page.
 *
 * @param about a sentence or two under the title
 * @param notes sentences about what cannot be told
 * @param plots PNG by the names of their files in the folder {@code plots}
 */
record ReportPage(String about, List<Table> tables, List<String> notes, Map<String, byte[]> plots) {

	private static final String STYLE = "body{font:15px sans-serif;max-width:75em;margin:2em auto;padding:0 1em;color:#222}table{border-collapse:collapse;margin:1em 0}"
		+ "th,td{border-bottom:1px solid #ccc;padding:.2em .7em;text-align:left}th{border-bottom:2px solid #888}td.number{text-align:right;font-variant-numeric:tabular-nums}"
		+ "figure{display:inline-block;margin:.5em}img{max-width:100%}";

	/** Markdown; the plots are the files. */
	String markdown() {
		final StringBuilder text = new StringBuilder("# Evaluation\n\n" + about + "\n\n");
		tables.forEach(table -> text.append(table.markdown()).append('\n'));
		if (!notes.isEmpty()) text.append("## Notes\n\n");
		notes.forEach(note -> text.append("- ").append(note).append('\n'));
		text.append("\n## Plots\n\n");
		plots.keySet().forEach(name -> text.append("![").append(name).append("](plots/").append(name).append(")\n"));
		return text.toString();
	}

	/** HTML that needs nothing else: the plots are in it. */
	String html() {
		final StringBuilder text = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Evaluation</title><style>" + STYLE + "</style></head>\n<body>\n<h1>Evaluation</h1>\n");
		text.append("<p>").append(Table.escaped(about)).append("</p>\n");
		tables.forEach(table -> text.append(table.html()));
		if (!notes.isEmpty()) text.append("<h2>Notes</h2>\n<ul>\n");
		notes.forEach(note -> text.append("<li>").append(Table.escaped(note)).append("</li>\n"));
		if (!notes.isEmpty()) text.append("</ul>\n");
		text.append("<h2>Plots</h2>\n");
		plots.forEach((name, png) -> text.append("<figure><img alt=\"").append(Table.escaped(name)).append("\" src=\"data:image/png;base64,").append(Base64.getEncoder().encodeToString(png)).append("\"></figure>\n"));
		return text + "</body>\n</html>\n";
	}
}
