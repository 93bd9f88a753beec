package io.github.dgiqa.weights;

import static net.razorvine.pickle.Opcodes.*;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Walks over a pickle without making anything of it: finds its end, every name it would look up in Python, and whether
 * each length fits. Only the instructions that weight files need are let through.
 */
final class PickleScan {

	/**
	 * About 45 make a tensor. What an instruction makes is small, or as long as its own bytes or what is put into it: the
	 * readers of pickles copy nothing twice. So this and the number of bytes bound time and memory.
	 */
	private static final int MOST_INSTRUCTIONS = 2_000_000;

	private final Source source;
	private final ByteBuffer pickle;
	/** The texts on top of the stack, as far as they are certain; else null. */
	private String top;
	private String second;
	private final Map<Integer, String> memo = new HashMap<>();
	/** Whether the pickle is of one of the protocols that do not say which they are. */
	private boolean old;

	private PickleScan(final Source source, final ByteBuffer pickle) {
		this.source = source;
		this.pickle = pickle;
	}

	/**
	 * Moves the buffer's position behind the pickle that begins there.
	 *
	 * @throws WeightsException where the pickle is damaged, or would do more than make tensors and containers
	 */
	static void skip(final Source source, final ByteBuffer pickle) {
		new PickleScan(source, pickle).run();
	}

	private void run() {
		old = pickle.hasRemaining() && Byte.toUnsignedInt(pickle.get(pickle.position())) != PROTO;
		for (int count = 0; count < MOST_INSTRUCTIONS; count++) {
			final short instruction = next();
			if (instruction == STOP) return;
			step(instruction);
		}
		throw source.unsupported("its list of tensors has more than " + MOST_INSTRUCTIONS + " parts");
	}

	private void step(final short instruction) {
		switch (instruction) {
			case SHORT_BINUNICODE, SHORT_BINSTRING -> push(text(next()));
			case BINUNICODE, BINSTRING -> push(text(number(Integer.BYTES)));
			case BINUNICODE8 -> push(text(number(Long.BYTES)));
			case BINGET -> push(memo.get((int) next()));
			case LONG_BINGET -> push(memo.get((int) number(Integer.BYTES)));
			case BINPUT -> memo.put((int) next(), top);
			case LONG_BINPUT -> memo.put((int) number(Integer.BYTES), top);
			case MEMOIZE -> memo.put(memo.size(), top);
			case PROTO -> skip(1);
			case FRAME -> skip(Long.BYTES);
			case GLOBAL -> global(line(), line());
			case STACK_GLOBAL -> global(second, top);
			case INST -> throw refused(line() + "." + line());
			case EXT1, EXT2, EXT4 -> throw refused("an extension of Python");
			default -> {
				skip(argument(instruction));
				push(null);
				push(null);
			}
		}
	}

	/** The length of an instruction's argument. */
	private long argument(final short instruction) {
		return switch (instruction) {
			case MARK, NONE, NEWTRUE, NEWFALSE, EMPTY_TUPLE, TUPLE, TUPLE1, TUPLE2, TUPLE3, EMPTY_LIST, APPEND, APPENDS, EMPTY_DICT, SETITEM, SETITEMS, REDUCE, BUILD, BINPERSID -> 0;
			case BININT1 -> 1;
			case BININT2 -> Short.BYTES;
			case BININT -> Integer.BYTES;
			case BINFLOAT -> Double.BYTES;
			case LONG1, SHORT_BINBYTES -> next();
			case LONG4, BINBYTES -> number(Integer.BYTES);
			case BINBYTES8 -> number(Long.BYTES);
			default -> throw unknown(instruction);
		};
	}

	/** Other instructions of Python's, as files in order have them, are told from bytes that are none. */
	private WeightsException unknown(final short instruction) {
		return switch (instruction) {
			case EMPTY_SET, ADDITEMS, FROZENSET -> beyond("a set");
			case NEWOBJ, NEWOBJ_EX, OBJ -> beyond("an object of a class");
			case BYTEARRAY8, NEXT_BUFFER, READONLY_BUFFER -> beyond("an array of bytes");
			case POP, POP_MARK, DUP -> beyond("a tuple that contains itself");
			case PUT, GET, INT, LONG, FLOAT, STRING, UNICODE, PERSID, LIST, DICT ->
				old ? source.unsupported("its list of tensors is in an old form of pickles (protocol 0 or 1), which is not supported") : damaged(instruction);
			default -> damaged(instruction);
		};
	}

	private WeightsException beyond(final String what) {
		return source.unsupported("its list of tensors has " + what + ", which is not supported");
	}

	private WeightsException damaged(final short instruction) {
		return source.bad("its list of tensors is damaged: 0x" + Integer.toHexString(instruction) + " is no instruction that can be in it");
	}

	private void push(final String text) {
		second = top;
		top = text;
	}

	private void global(final String module, final String name) {
		if (module == null || name == null) throw refused("a name that is put together on the way");
		if (!Pickle.knows(module + "." + name)) throw refused(module + "." + name);
		push(null);
		push(null);
	}

	private WeightsException refused(final String name) {
		if (isTensor(name))
			return new WeightsException(source.bytes().name() + " was refused, for it asks for " + Source.shown(name)
				+ ", which makes a kind of tensor that is not supported; nothing in it was run; if you trust its origin, open it in PyTorch, convert its tensors to dense ones of float32 and save its state_dict() alone.");
		return new WeightsException(source.bytes().name() + " was refused, for it asks for " + Source.shown(name)
			+ ", and a weight file may hold tensors and plain containers only; nothing in it was run; if you trust its origin, open it in PyTorch and save its state_dict() alone.");
	}

	/** Whether this is PyTorch's name for quantized, sparse or other tensors, or for storages of complex or other numbers. */
	private static boolean isTensor(final String name) {
		return name.startsWith("torch._utils._rebuild_") || name.startsWith("torch._tensor.") || name.startsWith("torch.") && name.endsWith("Storage");
	}

	private short next() {
		need(1);
		return (short) Byte.toUnsignedInt(pickle.get());
	}

	/** A little-endian number; one that is too large for this program is so for any use of it here. */
	private long number(final int bytes) {
		need(bytes);
		return bytes == Long.BYTES ? pickle.getLong() : Integer.toUnsignedLong(pickle.getInt());
	}

	private void skip(final long bytes) {
		need(bytes);
		pickle.position(pickle.position() + (int) bytes);
	}

	private String text(final long length) {
		need(length);
		final byte[] bytes = new byte[(int) length];
		pickle.get(bytes);
		return new String(bytes, StandardCharsets.UTF_8);
	}

	private String line() {
		final int start = pickle.position();
		while (next() != '\n');
		return StandardCharsets.ISO_8859_1.decode(pickle.slice(start, pickle.position() - 1 - start)).toString();
	}

	private void need(final long bytes) {
		if (bytes < 0 || bytes > pickle.remaining()) throw source.bad("its list of tensors is cut off");
	}
}
