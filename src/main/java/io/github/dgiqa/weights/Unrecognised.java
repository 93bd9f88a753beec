package io.github.dgiqa.weights;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a file that holds no weights looks like. */
final class Unrecognised {

	private static final int NAMED_AT_MOST = 3;
	private static final int SHOWN_BYTES = 8;
	private static final int TAR_MARK = 257;
	private static final String FETCH = "fetch the weights (.pth, .pt, .bin or .safetensors) again";

	/** Files by what they begin with, as ISO 8859-1. */
	private static final Map<String, String> BEGINNINGS = new LinkedHashMap<>();

	static {
		BEGINNINGS.put("\u001f\u008b", "a file compressed with gzip; unpack it first");
		BEGINNINGS.put("BZh", "a file compressed with bzip2; unpack it first");
		BEGINNINGS.put("\u00fd7zXZ\0", "a file compressed with xz; unpack it first");
		BEGINNINGS.put("7z\u00bc\u00af", "a 7-Zip archive; unpack it first");
		BEGINNINGS.put("Rar!", "a RAR archive; unpack it first");
		BEGINNINGS.put("\u0089HDF\r\n", "an HDF5 file, perhaps weights of Keras; " + FETCH);
		BEGINNINGS.put("\u0093NUMPY", "an array of NumPy; " + FETCH);
		BEGINNINGS.put("GGUF", "a GGUF file; " + FETCH);
		BEGINNINGS.put("\u0089PNG", "an image (PNG); " + FETCH);
		BEGINNINGS.put("\u00ff\u00d8\u00ff", "an image (JPEG); " + FETCH);
		BEGINNINGS.put("GIF8", "an image (GIF); " + FETCH);
		BEGINNINGS.put("II*\0", "an image (TIFF); " + FETCH);
		BEGINNINGS.put("MM\0*", "an image (TIFF); " + FETCH);
		BEGINNINGS.put("%PDF", "a PDF; " + FETCH);
		BEGINNINGS.put("version https://git-lfs", "a pointer of Git LFS, which stands for the file; fetch the file itself (git lfs pull)");
	}

	private Unrecognised() {}

	/** @param start the file's first bytes */
	static WeightsException file(final Bytes file, final ByteBuffer start) {
		return refused(file, "looks like " + looks(StandardCharsets.ISO_8859_1.decode(start.duplicate()).toString(), start));
	}

	static WeightsException empty(final Bytes file) {
		return refused(file, "is empty; " + FETCH);
	}

	static WeightsException torchScript(final Bytes file) {
		return refused(file, "is a TorchScript program; open it in PyTorch and save its state_dict()");
	}

	/** @param names of the entries */
	static WeightsException zip(final Bytes file, final Collection<String> names) {
		if (names.stream().anyMatch(name -> name.endsWith(".npy"))) return refused(file, "is a zip of NumPy arrays (.npz); " + FETCH);
		final String some = String.join(", ", names.stream().limit(NAMED_AT_MOST).map(Source::shown).toList());
		return refused(file, "is a zip without PyTorch's data.pkl" + (names.isEmpty() ? ", without anything" : ", with " + some + (names.size() > NAMED_AT_MOST ? " and more" : "")) + "; " + FETCH);
	}

	private static String looks(final String text, final ByteBuffer start) {
		for (final Map.Entry<String, String> beginning : BEGINNINGS.entrySet())
			if (text.startsWith(beginning.getKey())) return beginning.getValue();
		if (text.startsWith("ustar", TAR_MARK)) return "a tar archive; if it has weights of one of the first PyTorch versions, open it in PyTorch and save them again, else unpack it first";
		if (text.startsWith("\u0080") && text.length() > 1 && text.charAt(1) <= 5) return "a Python pickle that PyTorch did not write; open it in Python and save the tensors with torch.save";
		if (text.startsWith("\b") && text.startsWith("\u0012", 2)) return "an ONNX model; " + FETCH;
		if (text.chars().allMatch(c -> c == 0)) return "zeros, as a download leaves them that did not end; " + FETCH;
		if (!isText(start)) return "nothing that is known here (it begins with the bytes " + HexFormat.ofDelimiter(" ").formatHex(bytes(start)) + "); " + FETCH;
		final String lower = text.strip().toLowerCase(Locale.ROOT);
		if (lower.startsWith("<!doctype html") || lower.contains("<html") || lower.contains("<head")) return "a web page, perhaps a sign-in page; " + FETCH + ", after signing in if its site asks for that";
		return "a text (it begins with \"" + Source.shown(text.strip().substring(0, Math.min(40, text.strip().length()))) + "\"); " + FETCH;
	}

	private static byte[] bytes(final ByteBuffer start) {
		final byte[] bytes = new byte[Math.min(SHOWN_BYTES, start.remaining())];
		start.get(start.position(), bytes);
		return bytes;
	}

	/** Whether bytes are UTF-8, perhaps cut in a character, without control characters. */
	static boolean isText(final ByteBuffer bytes) {
		final CharBuffer text = CharBuffer.allocate(bytes.remaining());
		if (StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate(), text, false).isError()) return false;
		return text.flip().chars().noneMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c));
	}

	private static WeightsException refused(final Bytes file, final String what) {
		return new WeightsException(file.name() + " is not a weight file that can be used: it " + what + ".");
	}
}
