package io.github.dgiqa.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import io.github.dgiqa.bench.NetworkTimes.Figure;
import io.github.dgiqa.bench.PowerLaw.Point;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

import org.junit.jupiter.api.Test;

class ResultsTest {

	private static final ThisMachine MACHINE = new ThisMachine("cpu", "Some Processor", 4, 2, "PyTorch 2.7.1", "17.0.1", "Linux 6");

	private static Results results() {
		final Results results = new Results(MACHINE, 3);
		results.add(Results.IMPORT, 1.25);
		results.add(Part.GEMM, new Figure(0.1, 8_000_000_000L));
		results.add(Part.COMPACT6, new Figure(0.05, 1_000_000_000L));
		return results;
	}

	private static JsonObject json(final Results results) {
		assertFalse(results.json().contains("\n"));
		return JsonParser.parseString(results.json()).getAsJsonObject();
	}

	@Test
	void theObjectHasWhatWasMeasuredAndNothingElse() {
		final Results results = results();
		final JsonObject few = json(results);
		assertEquals(Set.of("import", "gemm", "compact6", "madds", "share", "reps", "machine"), few.keySet());
		assertEquals(1.25, few.get("import").getAsDouble());
		assertEquals(0.05, few.get("compact6").getAsDouble());
		assertEquals(3, few.get("reps").getAsInt());
		assertEquals("Some Processor", few.getAsJsonObject("machine").get("cpu").getAsString());
		assertEquals(2, few.getAsJsonObject("machine").get("threads").getAsInt());

		results.setPeak(OptionalDouble.of(321.5));
		for (final Part part : List.of(Part.DGIQA, Part.VITS, Part.VITB, Part.VITL))
			results.add(part, new Figure(2, 16_000_000_000L));
		results.add(Part.FIRST_SCORE.key(), 1.5);
		results.add(Results.FIRST_SCORE_UNPACKING, 4);
		final JsonObject all = json(results);
		assertTrue(all.keySet().containsAll(Set.of("import", "dgiqa", "vits", "vitb", "vitl", "gemm", "compact6", "first_score", "first_score_unpacking", "peak_rss_mb")), all.keySet().toString());
		assertEquals(321.5, all.get("peak_rss_mb").getAsDouble());
	}

	/** The product makes 80 billion in a second, the compact network 20, the published one 8. */
	@Test
	void sharesAreRatesOverThatOfTheProduct() {
		final Results results = results();
		results.add(Part.DGIQA, new Figure(2, 16_000_000_000L));
		final JsonObject json = json(results);
		assertEquals(1_000_000_000L, json.getAsJsonObject("madds").get("compact6").getAsLong());
		assertEquals(8_000_000_000L, json.getAsJsonObject("madds").get("gemm").getAsLong());
		assertEquals(Set.of("compact6", "dgiqa"), json.getAsJsonObject("share").keySet());
		assertEquals(0.25, json.getAsJsonObject("share").get("compact6").getAsDouble());
		assertEquals(0.1, json.getAsJsonObject("share").get("dgiqa").getAsDouble());
	}

	private static Results whole() {
		final Results results = results();
		final Map<String, Double> stages = new LinkedHashMap<>(Map.of("read", 0.0301234567));
		stages.put("image", 0.2);
		results.addStages("compact", stages);
		results.addGrowth(List.of(new Growth.Row("compact", "megapixels", "all", List.of(new Point(0.25, 1), new Point(1, 2), new Point(4, 4)))));
		return results;
	}

	@Test
	void stagesAndGrowthAreAsTheyWereMeasured() {
		final JsonObject json = json(whole());
		assertEquals(0.030123, json.getAsJsonObject("stages").getAsJsonObject("compact").get("read").getAsDouble());
		final JsonObject row = json.getAsJsonArray("growth").get(0).getAsJsonObject();
		assertEquals("megapixels", row.get("size").getAsString());
		assertEquals(0.5, row.get("exponent").getAsDouble());
		assertEquals(0, row.get("interval").getAsDouble());
		assertEquals("[[0.250000,1.000000],[1.000000,2.000000],[4.000000,4.000000]]", row.get("points").toString());
	}

	@Test
	void tablesHaveDecimalPointsInEveryLocale() {
		final Locale before = Locale.getDefault();
		Locale.setDefault(Locale.GERMANY);
		try {
			final String text = whole().text();
			assertTrue(text.startsWith("PyTorch 2.7.1 on cpu, 2 threads; Some Processor, 4 processors; Java 17.0.1, Linux 6; medians of 3\n"), text);
			assertTrue(text.lines().anyMatch(line -> line.matches("compact6\\s+0\\.0500\\s+0\\.500\\s+1\\.00\\s+0\\.250")), text);
			assertTrue(text.lines().anyMatch(line -> line.matches("import\\s+1\\.2500\\s+12\\.500")), text);
			assertTrue(text.lines().anyMatch(line -> line.matches("compact\\s+image\\s+0\\.20000\\s+2\\.000")), text);
			assertTrue(text.lines().anyMatch(line -> line.matches("compact\\s+megapixels\\s+0\\.25\\s+4\\s+all\\s+0\\.50\\s+0\\.00")), text);
		}
		finally {
			Locale.setDefault(before);
		}
	}
}
