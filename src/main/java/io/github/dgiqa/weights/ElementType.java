package io.github.dgiqa.weights;

import ai.djl.ndarray.types.DataType;

import java.util.Optional;

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

	/** Bytes of an element. */
	int bytes() {
		return carrier.getNumOfBytes();
	}
}
