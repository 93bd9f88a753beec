package io.github.dgiqa.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.io.FileSaver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of values that ImageJ's reader would believe, one after the other behind the file's end. */
@Timeout(60)
class TiffCountTest {

	private static final int ENTRY_BYTES = 12;
	private static final int STRIP_OFFSETS = 273;

	@TempDir
	private Path folder;

	/** @param type of the entry with the places of the strips: long, none, and none that TIFF knows */
	@ParameterizedTest
	@ValueSource(ints = {4, 0, 0x42})
	void stripsThatAreNotThere(final int type) throws IOException {
		final Path file = folder.resolve("a.tif");
		assertTrue(new FileSaver(IJ.createImage("", "8-bit ramp", 20, 10, 1)).saveAsTiff(file.toString()));
		final byte[] bytes = Files.readAllBytes(file);
		final ByteBuffer tiff = ByteBuffer.wrap(bytes).order(bytes[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
		int at = tiff.getInt(4) + 2;
		while (Short.toUnsignedInt(tiff.getShort(at)) != STRIP_OFFSETS)
			at += ENTRY_BYTES;
		tiff.putShort(at + 2, (short) type);
		tiff.putInt(at + 4, 0x4d360300);
		Files.write(file, bytes);
		assertEquals("The TIFF cannot be read: it is cut off, or damaged: values lie behind its end.", assertThrows(ImageException.class, () -> ImageFile.open(file)).getMessage());
	}
}
