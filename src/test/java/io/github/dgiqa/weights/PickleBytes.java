package io.github.dgiqa.weights;

import net.razorvine.pickle.Opcodes;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles, instruction by instruction. */
final class PickleBytes {

	static final int LEGACY_VERSION = 1001;

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	/** A pickle of protocol 2. */
	PickleBytes() {
		this(2);
	}

	PickleBytes(final int protocol) {
		op(Opcodes.PROTO).bytes(protocol);
	}

	PickleBytes op(final int... instructions) {
		return bytes(instructions);
	}

	PickleBytes bytes(final int... bytes) {
		for (final int b : bytes)
			out.write(b);
		return this;
	}

	PickleBytes text(final String text) {
		final byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
		op(Opcodes.BINUNICODE).int32(utf8.length);
		out.writeBytes(utf8);
		return this;
	}

	PickleBytes number(final long number) {
		if (number == (int) number) return op(Opcodes.BININT).int32((int) number);
		op(Opcodes.LONG1).bytes(Long.BYTES);
		out.writeBytes(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
		return this;
	}

	PickleBytes int32(final int number) {
		out.writeBytes(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array());
		return this;
	}

	PickleBytes numbers(final long... numbers) {
		op(Opcodes.MARK);
		for (final long number : numbers)
			number(number);
		return op(Opcodes.TUPLE);
	}

	PickleBytes global(final String module, final String name) {
		op(Opcodes.GLOBAL);
		out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
		return this;
	}

	PickleBytes orderedDict() {
		return global("collections", "OrderedDict").op(Opcodes.EMPTY_TUPLE, Opcodes.REDUCE);
	}

	/** A tensor as PyTorch describes it. */
	PickleBytes tensor(final String storageType, final String storage, final long elements, final boolean legacy, final long offset, final long[] shape, final long[] strides) {
		global("torch._utils", "_rebuild_tensor_v2").op(Opcodes.MARK, Opcodes.MARK);
		text("storage").global("torch", storageType).text(storage).text("cpu").number(elements);
		if (legacy) op(Opcodes.NONE);
		return op(Opcodes.TUPLE, Opcodes.BINPERSID).number(offset).numbers(shape).numbers(strides).op(Opcodes.NEWFALSE).orderedDict().op(Opcodes.TUPLE, Opcodes.REDUCE);
	}

	/** The end of the pickle. */
	byte[] stop() {
		op(Opcodes.STOP);
		return out.toByteArray();
	}

	/** The three pickles at the begin of a legacy file. */
	static byte[] legacyStart(final boolean littleEndian) {
		final PickleBytes start = new PickleBytes();
		start.out.writeBytes(TorchLegacy.MAGIC);
		start.op(Opcodes.STOP, Opcodes.PROTO, 2).number(LEGACY_VERSION).op(Opcodes.STOP, Opcodes.PROTO, 2);
		start.op(Opcodes.EMPTY_DICT, Opcodes.MARK).text("protocol_version").number(LEGACY_VERSION).text("little_endian").op(littleEndian ? Opcodes.NEWTRUE : Opcodes.NEWFALSE);
		return start.op(Opcodes.SETITEMS).stop();
	}
}
