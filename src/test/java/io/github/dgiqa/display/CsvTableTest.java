package io.github.dgiqa.display;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.dgiqa.assess.Assessment;
import io.github.dgiqa.assess.Crop;
import io.github.dgiqa.image.Sampling;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

class CsvTableTest {

	private static final String HEADER = "path,slice,score,crop_sd,crop_min,crop_max,crops,sampling,seed,model,depth_model,device,width,height,seconds,notes,error\n";

	@Test
	void rowsWithAndWithoutAScore() throws IOException {
		final StringWriter text = new StringWriter();
		final ResultRow.Run run = new ResultRow.Run("m", "d", "random", "42");
		final Crop crop = new Crop(1, 2, 224, 0.25, new float[49], new float[49], 7);
		final Assessment assessment = new Assessment(0.25, new Assessment.Spread(Double.NaN, 0.25, 0.25), List.of(crop), 300, 200, 576, 384, null, "m", "d", new Sampling.Random(1, 42), "cpu", 1.5, List.of("one", "two"));
		try (CsvTable table = new CsvTable(text)) {
			table.write(new ResultRow("a, \"b\".png", 3, run, "cpu", Optional.of(new ResultRow.Size(300, 200)), Optional.of(assessment), ""));
			table.write(new ResultRow("c.png", 1, run, "cpu", Optional.empty(), Optional.empty(), "It is empty."));
		}
		assertEquals(HEADER + "\"a, \"\"b\"\".png\",3,0.25000000,,0.25000000,0.25000000,1,random,42,m,d,cpu,300,200,1.500,one; two,\n" + "c.png,1,,,,,,random,42,m,d,cpu,,,,,It is empty.\n", text.toString());
	}
}
