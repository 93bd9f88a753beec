package io.github.dgiqa.assess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.Photographs;
import io.github.dgiqa.assess.Stages.Stage;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.model.ModelStore;

import org.junit.jupiter.api.Test;

class StagesTest {

	private static final int NAP = 20;

	private static int nap() {
		try {
			Thread.sleep(NAP);
		}
		catch (final InterruptedException e) {
			throw new IllegalStateException(e);
		}
		return NAP;
	}

	@Test
	void timeIsAddedToItsStageAlsoWhereTheWorkFails() {
		final Stages stages = Stages.begin();
		assertEquals(NAP, stages.in(Stage.READ, StagesTest::nap));
		final double once = stages.seconds(Stage.READ);
		assertTrue(once >= NAP / 1000.0, "" + once);
		assertThrows(IllegalStateException.class, () -> stages.in(Stage.READ, () -> {
			nap();
			throw new IllegalStateException();
		}));
		assertTrue(stages.seconds(Stage.READ) >= 2 * NAP / 1000.0);
		assertEquals(0, stages.seconds(Stage.MAPS));
	}

	@Test
	void withoutAClockNothingIsNoted() {
		assertEquals(NAP, Stages.NOT_TAKEN.in(Stage.READ, StagesTest::nap));
		assertEquals(0, Stages.NOT_TAKEN.seconds(Stage.READ));
	}

	@Test
	void anAssessorNotesDepthCropsAndNetwork() {
		final Picture picture = Photographs.open("coffee");
		final Assessor.Settings settings = new Assessor.Settings(ModelStore.DEFAULT_MODEL, null, null, null, null, DeviceChoice.CPU, Precision.FLOAT32, 0);
		try (Assessor assessor = Assessor.open(ModelStore.of(null), settings)) {
			assertEquals(0, assessor.stages().seconds(Stage.NETWORK));
			final double expected = assessor.assess(picture).score();
			final Stages stages = Stages.begin();
			assessor.time(stages);
			final Assessment found = assessor.assess(picture);
			assertEquals(expected, found.score());
			double sum = 0;
			for (final Stage stage : new Stage[] {Stage.DEPTH, Stage.CROPS, Stage.NETWORK}) {
				assertTrue(stages.seconds(stage) > 0, stage.name());
				sum += stages.seconds(stage);
			}
			// they are parts of what the row tells
			assertTrue(sum <= found.seconds(), sum + " of " + found.seconds());
			assertEquals(0, stages.seconds(Stage.READ));

			final Stages measured = Stages.begin();
			assessor.time(measured);
			assessor.assess(picture, assessor.sampling(), new FloatMap(2, 1, new float[] {0, 1}), () -> {});
			assertEquals(0, measured.seconds(Stage.DEPTH));
		}
	}
}
