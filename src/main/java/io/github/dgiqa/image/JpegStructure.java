package io.github.dgiqa.image;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JPEG's segments up to its first scan. */
final class JpegStructure {

	private static final int START_OF_SCAN = 0xda;
	private static final int CMYK_COMPONENTS = 4;
	private static final int APP0 = 0xe0;
	private static final int APP1 = 0xe1;
	private static final int APP2 = 0xe2;
	private static final int APP14 = 0xee;
	/** Where Adobe's segment says how colours are stored, behind its name. */
	private static final int ADOBE_TRANSFORM = 6;
	private static final int YCC = 1;
	private static final int ORIENTATION = 0x0112;
	/** Bytes of an entry of an EXIF directory, and from its tag's end to its value. */
	private static final int ENTRY = 12;
	private static final int VALUE = 6;
	/** Of the photograph, and of its thumbnail. */
	private static final int DIRECTORIES = 2;

	private final byte[] jpeg;
	private boolean cmyk;
	private boolean profiled;
	private boolean turned;
	private boolean first = true;
	/** Whether it says that its colours are stored as brightness and differences, as photographs' are; null where it says nothing. */
	private Boolean ycc;
	/** Where the first scan begins. */
	private int end;

	private JpegStructure(final byte[] jpeg) {
		this.jpeg = jpeg;
		int at = 2;
		while (at + 4 <= jpeg.length && (jpeg[at] & 0xff) == 0xff) {
			final int marker = jpeg[at + 1] & 0xff;
			if (marker == 0xff) { // fill byte
				at++;
				continue;
			}
			final int length = (jpeg[at + 2] & 0xff) << 8 | jpeg[at + 3] & 0xff;
			see(marker, at + 4, Math.min(at + 2 + length, jpeg.length));
			at += 2 + length;
			if (marker == START_OF_SCAN) break;
		}
		end = at;
	}

	static JpegStructure of(final Path path) throws IOException {
		return new JpegStructure(Files.readAllBytes(path));
	}

	private void see(final int marker, final int from, final int to) {
		if (isFrame(marker)) cmyk |= from + 5 < to && jpeg[from + 5] == CMYK_COMPONENTS;
		else if (marker == APP0 && begins(from, to, "JFIF")) ycc = !Boolean.FALSE.equals(ycc);
		else if (marker == APP1 && begins(from, to, "Exif\0\0")) {
			if (first && ycc == null) ycc = true;
			turned |= isTurned(ByteBuffer.wrap(jpeg, from + 6, to - from - 6).slice());
		}
		else if (marker == APP2 && begins(from, to, "ICC_PROFILE")) profiled = true;
		else if (marker == APP14 && begins(from, to, "Adobe")) ycc = from + 5 + ADOBE_TRANSFORM < to && jpeg[from + 5 + ADOBE_TRANSFORM] == YCC;
		first = false;
	}

	private boolean begins(final int from, final int to, final String name) {
		return to - from >= name.length() && new String(jpeg, from, name.length(), StandardCharsets.ISO_8859_1).equals(name);
	}

	/** Whether EXIF data say that the camera was turned, or cannot be understood. */
	private static boolean isTurned(final ByteBuffer exif) {
		try {
			exif.order(exif.getShort() == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
			exif.getShort();
			int directory = exif.getInt();
			for (int known = 0; known < DIRECTORIES && directory != 0; known++) {
				final int entries = exif.position(directory).getShort();
				for (int i = 0; i < entries; i++) {
					exif.position(directory + 2 + i * ENTRY);
					if (exif.getShort() == ORIENTATION && exif.getShort(exif.position() + VALUE) != 1) return true;
				}
				directory = exif.getInt(directory + 2 + entries * ENTRY);
			}
			return false;
		}
		catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
			return true;
		}
	}

	/** What is wrong with it, or null. ImageJ's reader fills up with grey what is missing. */
	String problem() {
		if (cmyk) return "it has four colour channels (CMYK), which ImageJ does not show; convert it to RGB";
		// an end-of-image marker before the first scan is that of a thumbnail
		for (int i = jpeg.length - 2; i >= end; i--)
			if ((jpeg[i] & 0xff) == 0xff && (jpeg[i + 1] & 0xff) == 0xd9) return null;
		return "it is cut off: its end is missing";
	}

	/**
	 * Whether all readers show it alike: its colours are stored as those of photographs are, without a profile, which
	 * Java's reader applies and ImageJ's does not, and it need not be turned, which ImageJ does with a plugin.
	 */
	boolean isPlain() {
		return Boolean.TRUE.equals(ycc) && !profiled && !turned;
	}

	/** Whether a marker is one of SOF0 to SOF15: all from C0 to CF but DHT, JPG and DAC. */
	private static boolean isFrame(final int marker) {
		return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
	}
}
