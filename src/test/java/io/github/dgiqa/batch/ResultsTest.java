package io.github.dgiqa.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.display.ResultRow;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.report.Report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows and a report, of which the rows come first. */
class ResultsTest {

	private static final Picture PICTURE = Picture.rgb(1, 1, new int[1], List.of());

	@TempDir
	private Path temporary;

	private static ResultRow row(final String path) {
		return new ResultRow(path, 1, new ResultRow.Run("m", "d", "grid", ""), "cpu", Optional.empty(), Optional.empty(), "It failed.");
	}

	@Test
	void withoutItsReportARunGoesOn() throws IOException {
		final List<String> rows = new ArrayList<>();
		final List<String> said = new ArrayList<>();
		final Path folder = temporary.resolve("report");
		try (Results results = new Results(row -> rows.add(row.path()), Report.begin(folder, RowFiles.provenance("m", null), 3), said::add)) {
			assertEquals(512, results.small());
			results.row(row("a"), PICTURE);
			assertFalse(results.isReportLost());
			Files.delete(folder.resolve("thumbnail/000/000001.jpg"));
			Files.delete(folder.resolve("thumbnail/000"));
			Files.delete(folder.resolve("thumbnail"));
			Files.writeString(folder.resolve("thumbnail"), "a file in the way");
			results.row(row("b"), PICTURE);
			assertTrue(results.isReportLost());
			assertEquals(0, results.small());
			results.row(row("c"), null);
			results.finish();
		}
		assertEquals(List.of("a", "b", "c"), rows);
		assertEquals(1, said.size(), said.toString());
		assertTrue(said.get(0).startsWith("The report is given up, and the rows go on: it cannot be written: "), said.get(0));
		final List<String> lines = Files.readAllLines(folder.resolve("index.html"));
		assertTrue(lines.get(lines.size() - 1).startsWith("<script>row({\"path\":\"a\""), lines.get(lines.size() - 1));
	}
}
