package io.github.dgiqa.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

import ij.ImagePlus;

import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.network.Layer;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchPiecesTest extends NativeMemory {

	@TempDir
	private Path folder;

	/** Under FNV-1a of the key and SplitMix64, as in the file of PyTorch's values; the other keys are in FillTest. */
	@Test
	void aNetworkIsFilledInMemoryByTheFormula() {
		final Layer network = ModelStore.ofProgram().find("depth-compact").filled(ClosedForm::array).load(manager);
		for (final Layer.Named named : network.namedParameters()) {
			final ClosedForm.Elements elements = ClosedForm.elements(named.path(), named.shape());
			final float[] expected = new float[(int) named.shape().size()];
			for (int i = 0; i < expected.length; i++)
				expected[i] = elements.at(i);
			assertArrayEquals(expected, named.parameter().getArray().toFloatArray(), named.path());
		}
	}

	@Test
	void aFilledTensorHasItsShape() {
		final NDArray array = ClosedForm.array("norm.running_var", new Shape(2, 3), manager);
		assertEquals(new Shape(2, 3), array.getShape());
		for (final float value : array.toFloatArray())
			assertTrue(value >= 0.5 && value < 1.5);
	}

	@Test
	void theImageIsAlwaysTheSameAndColoured() throws IOException {
		final Path file = folder.resolve("a.png");
		SeededImage.write(file);
		try (ImageFile opened = ImageFile.open(file)) {
			final Picture read = opened.picture(0);
			assertEquals(576, read.width());
			assertEquals(384, read.height());
			final Picture made = SeededImage.picture();
			assertArrayEquals(made.rgb(), read.rgb());
			assertFalse(Arrays.equals(made.red().values(), made.green().values()));
		}
		final ImagePlus other = SeededImage.of(100, 50);
		assertEquals(100, other.getWidth());
		assertEquals(50, other.getHeight());
	}

	@Test
	void theProgramIsItsJarOrAClassPath() {
		assertEquals(List.of("-jar", "target/dgiqa.jar"), FirstScore.program("target/dgiqa.jar", "a.Main"));
		final String two = "classes" + File.pathSeparator + "b.jar";
		assertEquals(List.of("-cp", two, "a.Main"), FirstScore.program(two, "a.Main"));
		assertEquals(List.of("-cp", "classes", "a.Main"), FirstScore.program("classes", "a.Main"));
	}

	@Test
	void partsHaveTheirWords() {
		assertEquals(Optional.of(Part.GROWTH_PUBLISHED), Part.named("growth-published"));
		assertEquals(Optional.of(Part.FIRST_SCORE), Part.named("first_score"));
		assertEquals(Optional.empty(), Part.named("GEMM"));
	}

	@Test
	void nothingIsLeftBehind() throws IOException {
		final Path file;
		try (Scratch scratch = new Scratch()) {
			file = scratch.place("a.txt");
			Files.writeString(file, "a");
			Files.writeString(scratch.folder("inner").resolve("b.txt"), "b");
			scratch.close();
			assertFalse(Files.exists(file.getParent()));
			assertThrows(IllegalStateException.class, () -> scratch.place("b.txt"));
			assertThrows(IOException.class, () -> scratch.start(new ProcessBuilder("never")));
		}
	}
}
