package io.github.dgiqa.weights;

import ai.djl.ndarray.types.DataType;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The types of stored elements, under the names that .safetensors gives them. All are little-endian. */
enum ElementType {

	F64("DoubleStorage", "float64", DataType.FLOAT64),
	F32("FloatStorage", "float32", DataType.FLOAT32),
	F16("HalfStorage", "float16", DataType.FLOAT16),
	BF16("BFloat16Storage", "bfloat16", DataType.FLOAT16),
	I64("LongStorage", "int64", DataType.INT64),
	I32("IntStorage", "int32", DataType.INT32),
	I16("ShortStorage", "int16", DataType.FLOAT16),
	I8("CharStorage", "int8", DataType.INT8),
	U8("ByteStorage", "uint8", DataType.UINT8),
	/** One byte, 0 or 1. */
	BOOL("BoolStorage", "bool", DataType.UINT8);

	/** All of its bits are set in infinities and in what is no number. */
	private static final int F16_EXPONENT = 0x7C00;

	private final String storageName;
	private final String torchName;
	private final DataType carrier;

	ElementType(final String storageName, final String torchName, final DataType carrier) {
		this.storageName = storageName;
		this.torchName = torchName;
		this.carrier = carrier;
	}

	/** The type with a name of .safetensors, if there is one. */
	static Optional<ElementType> named(final String name) {
		for (final ElementType type : values())
			if (type.name().equals(name)) return Optional.of(type);
		return Optional.empty();
	}

	/** PyTorch's class of storages with such elements: {@code FloatStorage}. */
	String storageName() {
		return storageName;
	}

	/** PyTorch's name: {@code float32}. */
	String torchName() {
		return torchName;
	}

	/** A type of DJL's whose elements have as many bytes. */
	DataType carrier() {
		return carrier;
	}

	/** Whether the carrier is only that: DJL would end the process when asked for this type itself. */
	boolean isForeign() {
		return this == BF16 || this == I16;
	}

	/** A foreign element's value. */
	float value(final short bits) {
		return this == BF16 ? Float.intBitsToFloat(bits << Short.SIZE) : bits; // the upper half of a float32
	}

	/** Whether all elements that lie one after the other in a little-endian buffer are finite numbers as float32. Moves to its end, or behind one that is not. */
	boolean isFinite(final ByteBuffer elements) {
		return switch (this) {
			case F64 -> all(elements, () -> Float.isFinite((float) elements.getDouble()));
			case F32 -> all(elements, () -> Float.isFinite(elements.getFloat()));
			case F16 -> all(elements, () -> (elements.getShort() & F16_EXPONENT) != F16_EXPONENT);
			case BF16 -> all(elements, () -> Float.isFinite(value(elements.getShort())));
			default -> true;
		};
	}

	private static boolean all(final ByteBuffer elements, final BooleanSupplier next) {
		while (elements.hasRemaining())
			if (!next.getAsBoolean()) return false;
		return true;
	}

	/** Bytes of an element. */
	int bytes() {
		return carrier.getNumOfBytes();
	}
}
