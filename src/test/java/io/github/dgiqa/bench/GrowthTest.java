package io.github.dgiqa.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.bench.PowerLaw.Point;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.model.ModelStore;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

class GrowthTest {

	@Test
	void eachSizeIsMeasuredAndNoiseLeftOut() {
		final Growth.Sizes sizes = new Growth.Sizes(List.of(0.01, 0.02, 0.03), List.of(1., 2., 3.), List.of(1., 2.));
		final List<String> progress = new ArrayList<>();
		final Assessor.Settings settings = new Assessor.Settings(ModelStore.DEFAULT_MODEL, null, null, null, null, DeviceChoice.CPU, Precision.FLOAT32, 0);
		try (Assessor assessor = Pair.compact().open(settings)) {
			final List<Growth.Row> rows = Growth.of("compact", assessor, sizes, 1, progress::add);
			assertEquals(8, progress.size());
			assertTrue(progress.contains("compact, megapixels: 0.01") && progress.contains("compact, slices: 2"), progress.toString());
			// two numbers of slices are too few for an interval
			assertEquals(Set.of("megapixels", "crops"), rows.stream().map(Growth.Row::what).collect(Collectors.toSet()));
			for (final Growth.Row row : rows) {
				assertEquals(row.what().equals("crops") ? sizes.crops() : sizes.megapixels(), row.points().stream().map(Point::size).toList());
				assertTrue(row.points().stream().allMatch(point -> point.seconds() > 0), row.toString());
				assertTrue(Double.isFinite(row.law().exponent()) && row.law().interval() >= 0, row.toString());
			}
			final Set<String> parts = rows.stream().filter(row -> row.what().equals("crops")).map(Growth.Row::part).collect(Collectors.toSet());
			assertTrue(parts.containsAll(Set.of("all", "depth", "network")), parts.toString());
			assertTrue(!parts.contains("maps") && !parts.contains("read") && !parts.contains("convert"), parts.toString());
		}
	}
}
