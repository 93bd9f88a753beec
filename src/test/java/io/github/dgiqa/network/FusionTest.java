package io.github.dgiqa.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;

import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.TinyModel;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the four scales come to the coarsest grid: {@code bridge_average} of a model's description. */
class FusionTest extends NativeMemory {

	/** Of each scale of the tiny model. */
	private static final int CHANNELS = 4;
	private static final int SCALES = 4;
	private static final int GRID = 7;

	@TempDir
	private Path folder;

	/** Sampled, only the middle counts. */
	@Test
	void anAverageLeavesNothingOut() {
		final float[] corner = new float[16];
		corner[0] = 16;
		corner[6] = 1;
		final NDArray x = manager.create(corner, new Shape(1, 1, 4, 4));
		assertArrayEquals(new float[] {17 / 16f}, Layers.average(x, 1, 1).toFloatArray());
		assertArrayEquals(new float[] {4, 0.25f, 0, 0}, Layers.average(x, 2, 2).toFloatArray());
		assertArrayEquals(new float[] {0.25f}, Layers.bilinear(x, 1, 1).toFloatArray());
	}

	/** The tiny model, whose bridges' maps are averaged, or sampled as published: then the description says nothing of it. */
	private StoredModel model(final boolean averages) throws IOException {
		if (averages) return TinyModel.find();
		final String average = "\"bridge_average\": true,";
		final String text = Files.readString(TinyModel.FOLDER.resolve("model.json"));
		Files.writeString(folder.resolve("model.json"), text.replace(average, ""));
		return ModelStore.of(null).find(folder.toString());
	}

	@ParameterizedTest
	@ValueSource(booleans = {true, false})
	void bridgesComeToTheGrid(final boolean averages) throws IOException {
		final QualityChecks checks = new QualityChecks(TinyModel.filled(model(averages), manager), Map.of(), manager);
		final NDList maps = checks.stages("backbone", checks.rgb());
		final float[] fused = checks.fuse(checks.rgb(), "backbone", "").toFloatArray(); // [2,16,7,7]
		assertEquals(2 * SCALES * CHANNELS * GRID * GRID, fused.length);
		for (int scale = 0; scale < SCALES; scale++) {
			final NDArray map = checks.pass().run(checks.bridge(scale + 1, ""), maps.get(scale)); // [2,4,7f,7f]
			final int f = (int) map.getShape().get(2) / GRID;
			assertEquals(8 >> scale, f);
			// a cell's pixels, or the four about its middle
			final int from = averages || f == 1 ? 0 : f / 2 - 1;
			final int to = f - from;
			for (int i = 0; i < 2 * CHANNELS * GRID * GRID; i++) {
				final int cell = i % (GRID * GRID);
				final int channel = i / (GRID * GRID) % CHANNELS;
				final int image = i / (GRID * GRID) / CHANNELS;
				final int at = ((image * SCALES + scale) * CHANNELS + channel) * GRID * GRID + cell;
				assertEquals(mean(map.get(image, channel), cell / GRID * f, cell % GRID * f, from, to), fused[at], 1e-5, "scale " + scale + ", value " + i);
			}
		}
	}

	private static double mean(final NDArray map, final int y, final int x, final int from, final int to) {
		return map.get(y + from + ":" + (y + to) + ", " + (x + from) + ":" + (x + to)).mean().getFloat();
	}
}
