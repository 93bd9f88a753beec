package io.github.dgiqa.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which elements are finite numbers, by their bits. */
class ElementTypeTest {

	@ParameterizedTest
	@CsvSource({
		"F32, 7F7FFFFF, true", "F32, 7F800000, false", "F32, FF800000, false", "F32, 7FC00000, false", "F32, 00000001, true",
		"F16, 7BFF, true", "F16, 7C00, false", "F16, FC00, false", "F16, 7E00, false", "F16, FBFF, true",
		"BF16, 7F7F, true", "BF16, 7F80, false", "BF16, FF80, false", "BF16, 7FC0, false",
		"F64, 3FF0000000000000, true", "F64, 7FF0000000000000, false", "F64, 7FF8000000000000, false",
		"F64, 47EFFFFFE0000000, true", // the largest float32
		"F64, 47F0000000000000, false", // twice that
		"I64, FFFFFFFFFFFFFFFF, true", "U8, FF, true", "I16, 7FC0, true"})
	void finite(final ElementType type, final String bits, final boolean finite) {
		final ByteBuffer two = ByteBuffer.allocate(2 * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
		for (int i = 0; i < type.bytes(); i++) // after a zero
			two.put(2 * type.bytes() - 1 - i, (byte) Integer.parseInt(bits.substring(2 * i, 2 * i + 2), 16));
		assertEquals(finite, type.isFinite(two));
	}
}
