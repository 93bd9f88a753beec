package io.github.dgiqa.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * A file with a network's weights: {@code .safetensors}, or what {@code torch.save} writes (a zip) or wrote before (the
 * legacy form). What is in a file tells its form; its name does not matter.
 */
public final class WeightFile {

	private static final int START = 512;
	private static final int HEADER_LENGTH = 8;
	/** How far into a legacy file its magic number can begin: behind the protocol and the length of a frame. */
	private static final int MAGIC_AT_MOST = 16;

	private WeightFile() {}

	/**
	 * Lists the tensors in a file, under the keys that this program's networks have: without the wrappers, prefixes and
	 * older names of training programs, and without buffers that networks do not need. Nothing in the file is run.
	 *
	 * @throws WeightsException where the file is not one of weights, damaged, or would do more than hold tensors
	 */
	public static Map<String, StoredTensor> tensors(final Bytes file) throws IOException {
		if (file.size() == 0) throw Unrecognised.empty(file);
		final ByteBuffer start = ByteBuffer.allocate((int) Math.min(START, file.size())).order(ByteOrder.LITTLE_ENDIAN);
		file.read(0, start);
		try {
			return Keys.current(file, stored(file, start.flip()));
		}
		catch (OutOfMemoryError | StackOverflowError e) { // a little heap, or a file made for this
			throw new WeightsException(file.name() + " takes more memory to list than Java has here (" + (Runtime.getRuntime().maxMemory() >> 20) + " MB); give Java more (option -Xmx) if the file is in order.");
		}
	}

	private static Map<String, StoredTensor> stored(final Bytes file, final ByteBuffer start) throws IOException {
		if (start.get(0) == 'P' && at(start, 1) == 'K') return TorchZip.read(file);
		if (isLegacy(start)) return TorchLegacy.read(file);
		// The header's first character, also behind a damaged length; in JSON that is no header a text is before it
		if (at(start, HEADER_LENGTH) == '{' && !Unrecognised.isText(start.slice(0, HEADER_LENGTH))) return SafeTensors.read(file);
		throw Unrecognised.file(file, start);
	}

	private static byte at(final ByteBuffer start, final int index) {
		return index < start.limit() ? start.get(index) : 0;
	}

	private static boolean isLegacy(final ByteBuffer start) {
		final ByteBuffer magic = ByteBuffer.wrap(TorchLegacy.MAGIC);
		for (int at = 0; at <= MAGIC_AT_MOST && at + magic.limit() <= start.limit(); at++)
			if (start.slice(at, magic.limit()).equals(magic)) return true;
		return false;
	}
}
