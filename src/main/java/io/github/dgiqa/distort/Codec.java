package io.github.dgiqa.distort;

import io.github.dgiqa.image.ImageException;
import io.github.dgiqa.image.Picture;

/** A distortion that is what a lossy file format leaves of a picture. Nothing in it is random. */
public interface Codec extends Distortion {

	/** Of files, without a dot. */
	String extension();

	/**
	 * The file.
	 *
	 * @param level 1 to {@link #LEVELS}
	 * @throws ImageException where the format has no room for such a picture
	 */
	byte[] encode(Picture picture, int level);

	/** What {@link #encode} left of a picture. */
	Picture decode(byte[] file);

	@Override
	default Picture apply(final Scene scene, final int level, final long seed) {
		return decode(encode(scene.picture(), level));
	}
}
