package io.github.dgiqa.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which folder holds the user's models. */
class StorePlaceTest {

	private static final Path CHOSEN = Path.of("chosen");
	private static final Path IMAGEJ = Path.of("Fiji.app");
	private static final Path HOME = Path.of("home").toAbsolutePath();

	private final Map<String, String> environment = new HashMap<>();
	private final Map<String, String> properties = new HashMap<>(Map.of("user.home", HOME.toString(), "os.name", "Linux"));

	private Path folder(final Path chosen, final Path imagej) {
		return new StorePlace(environment::get, properties::get).folder(chosen, imagej);
	}

	@Test
	void theFirstThatIsNamed() {
		environment.put("DGIQA_MODELS", "of-environment");
		properties.put("dgiqa.models", "of-property");
		assertEquals(CHOSEN, folder(CHOSEN, IMAGEJ));
		assertEquals(Path.of("of-environment"), folder(null, IMAGEJ));
		environment.remove("DGIQA_MODELS");
		assertEquals(Path.of("of-property"), folder(null, IMAGEJ));
		properties.remove("dgiqa.models");
		assertEquals(Path.of("Fiji.app", "models", "dgiqa"), folder(null, IMAGEJ));
		assertEquals(HOME.resolve(Path.of(".local", "share", "dgiqa", "models")), folder(null, null));
	}

	@Test
	void anEmptyNameIsNone() {
		environment.put("DGIQA_MODELS", " ");
		properties.put("dgiqa.models", "");
		assertEquals(IMAGEJ.resolve("models").resolve("dgiqa"), folder(Path.of(""), IMAGEJ));
	}

	@ParameterizedTest
	@CsvSource({"Linux, .local/share/dgiqa/models", "FreeBSD, .local/share/dgiqa/models", "Mac OS X, Library/Application Support/DGIQA/models", "Windows 11, AppData/Local/DGIQA/models"})
	void eachSystemHasItsPlace(final String system, final String place) {
		properties.put("os.name", system);
		assertEquals(HOME.resolve(Path.of(".", place.split("/"))).normalize(), folder(null, null));
	}

	@ParameterizedTest
	@CsvSource({"Linux, XDG_DATA_HOME, dgiqa/models", "Windows 10, LOCALAPPDATA, DGIQA/models"})
	void theSystemsOwnVariableCounts(final String system, final String variable, final String place) {
		properties.put("os.name", system);
		final Path named = Path.of("elsewhere").toAbsolutePath();
		environment.put(variable, named.toString());
		assertEquals(named.resolve(Path.of(".", place.split("/"))).normalize(), folder(null, null));
		environment.put(variable, "elsewhere"); // must be absolute
		assertEquals(HOME, HOME.getRoot().resolve(folder(null, null).subpath(0, HOME.getNameCount())));
	}

	@Test
	void withoutAHomeThereIsNone() {
		for (final String home : Arrays.asList(null, "", "?")) {
			properties.put("user.home", home);
			assertNull(folder(null, null));
		}
	}
}
