package io.github.dgiqa.image;

import ij.io.FileInfo;

import io.github.dgiqa.DgiqaException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The slices of a TIFF that stay in the file until they are needed. */
final class TiffSlices {

	private static final List<Integer> PLAIN = List.of(FileInfo.GRAY8, FileInfo.COLOR8, FileInfo.GRAY16_UNSIGNED, FileInfo.GRAY16_SIGNED, FileInfo.GRAY32_FLOAT, FileInfo.GRAY32_INT, FileInfo.GRAY32_UNSIGNED, FileInfo.RGB, FileInfo.BGR);
	private static final int RGB_BYTES = 3;
	private static final int CHUNK = 1 << 20;

	private final FileInfo[] infos;
	/** Slices in one directory, one behind the other, as ImageJ writes them; 1 where each slice has its own. */
	private final int together;

	/** @param infos one for each slice, or one for all */
	TiffSlices(final FileInfo[] infos) {
		this.infos = infos;
		together = infos.length == 1 ? infos[0].nImages : 1;
	}

	/**
	 * Whether ImageJ shows the slices alike, whether they are in memory or not, and finds each without reading those before
	 * it.
	 */
	boolean arePlain() {
		for (final FileInfo info : infos)
			if (info.compression > FileInfo.COMPRESSION_NONE || !PLAIN.contains(info.fileType) || info.samplesPerPixel > 1 && !isRgb(info)) return false;
		// ImageJ counts the bytes of a slice that stays in the file in 31 bits
		if (together > 1 && bytes(infos[0]) > Integer.MAX_VALUE) return false;
		final String description = infos[0].description;
		return description == null || !description.contains("order=") && areChannelsPlain(description);
	}

	/** Whether the channels, where there are several, can only be meant in one way. */
	private boolean areChannelsPlain(final String description) {
		final long channels = number(description, "channels");
		if (channels == 1) return true;
		final boolean isAll = channels * number(description, "slices") * number(description, "frames") == together;
		return isAll && description.contains("mode=") && !isRgb(infos[0]);
	}

	private static long number(final String description, final String key) {
		final Matcher found = Pattern.compile("^" + key + "=(\\d{1,6})\\s*$", Pattern.MULTILINE).matcher(description);
		return found.find() ? Long.parseLong(found.group(1)) : description.contains(key + "=") ? 0 : 1;
	}

	private static boolean isRgb(final FileInfo info) {
		return info.getBytesPerPixel() == RGB_BYTES;
	}

	private static long bytes(final FileInfo info) {
		return (long) info.width * info.height * info.getBytesPerPixel();
	}

	/**
	 * Reads a slice, where ImageJ's reader would show what cannot be read as black.
	 *
	 * @param slice from 1
	 * @throws ImageException where it cannot be read
	 */
	void require(final int slice) {
		final FileInfo info = infos[together > 1 ? 0 : slice - 1];
		try (RandomAccessFile file = new RandomAccessFile(info.getFilePath(), "r")) {
			if (together > 1 || info.stripOffsets == null || info.stripLengths == null || info.stripLengths.length < info.stripOffsets.length) {
				require(file, info.getOffset() + (together > 1 ? (slice - 1) * (bytes(info) + info.getGap()) : 0), bytes(info));
				return;
			}
			for (int i = 0; i < info.stripOffsets.length; i++)
				require(file, Integer.toUnsignedLong(info.stripOffsets[i]), Integer.toUnsignedLong(info.stripLengths[i]));
		}
		catch (final IOException e) {
			throw new ImageException("Slice " + slice + " cannot be read any more: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	private static void require(final RandomAccessFile file, final long from, final long bytes) throws IOException {
		if (from + bytes > file.length()) throw new IOException("the file has become shorter");
		file.seek(from);
		final byte[] chunk = new byte[(int) Math.min(CHUNK, bytes)];
		for (long left = bytes; left > 0; left -= chunk.length)
			file.readFully(chunk, 0, (int) Math.min(chunk.length, left));
	}
}
