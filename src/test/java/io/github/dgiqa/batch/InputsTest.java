package io.github.dgiqa.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputsTest {

	@TempDir
	Path folder;

	private void make(final String... names) throws IOException {
		for (final String name : names)
			Files.writeString(folder.resolve(name), "");
	}

	private static List<String> labels(final List<Inputs.Input> inputs) {
		return inputs.stream().map(Inputs.Input::label).toList();
	}

	@Test
	void ofAFolderTheVisibleImagesByName() throws IOException {
		make("b.PNG", "a.tiff", "c.jpeg", ".hidden.png", "notes.txt", "png");
		Files.createDirectories(folder.resolve("d.png").resolve("deeper"));
		final String written = folder.toString();
		assertEquals(List.of(written + "/a.tiff", written + "/b.PNG", written + "/c.jpeg"), labels(Inputs.expand(List.of(written))));
		assertEquals(List.of(written + "/a.tiff", written + "/b.PNG", written + "/c.jpeg"), labels(Inputs.expand(List.of(written + "/"))));
	}

	@Test
	void whatIsNamedIsTakenWhateverItsExtension() throws IOException {
		make("photo.dat", ".hidden.png");
		final List<Inputs.Input> inputs = Inputs.expand(Arrays.asList(folder + "/photo.dat", folder + "/.hidden.png", folder + "/none.png", ""));
		assertEquals(4, inputs.size());
		assertEquals(Arrays.asList(null, null, "There is no such file or folder.", "There is no such file or folder."), inputs.stream().map(Inputs.Input::problem).toList());
	}

	@Test
	void namesForMapsAreUnique() throws IOException {
		make("a.png", "a.jpg", "A.gif", "a-2.png", "b", "c.d.tif", "a-2.tif");
		final List<String> names = Inputs.expand(List.of("a.png", "a.jpg", "A.gif", "a-2.png", "b", "c.d.tif", "a-2.tif").stream().map(name -> folder + "/" + name).toList()).stream().map(Inputs.Input::name).toList();
		assertEquals(List.of("a", "a-2", "A-3", "a-2-2", "b", "c.d", "a-2-3"), names);
	}
}
