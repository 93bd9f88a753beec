package io.github.dgiqa.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The words for devices. */
class DeviceChoiceTest {

	@ParameterizedTest
	@ValueSource(strings = {"auto", "cpu", "gpu", "gpu:3", "mps"})
	void aWordIsWhatItsChoiceIsCalled(final String word) {
		assertEquals(word, DeviceChoice.parse(word).orElseThrow().toString());
	}

	@Test
	void theFirstGpuIsTheGpu() {
		assertEquals(DeviceChoice.GPU, DeviceChoice.parse("gpu:0").orElseThrow());
		assertEquals(new DeviceChoice(DeviceChoice.Kind.GPU, 12), DeviceChoice.parse("gpu:12").orElseThrow());
	}

	@ParameterizedTest
	@ValueSource(strings = {"", "GPU", "gpu1", "gpu:", "gpu:-1", "gpu:1000", "cuda", "cpu:0", "mps:0"})
	void otherWordsAreNone(final String word) {
		assertEquals(Optional.empty(), DeviceChoice.parse(word));
	}

	@Test
	void aDialogOffersAtLeastTheseTwo() {
		assertEquals(List.of("auto", "cpu"), DeviceChoice.offered().subList(0, 2));
		assertTrue(DeviceChoice.offered().stream().allMatch(word -> DeviceChoice.parse(word).isPresent()));
	}
}
