package io.github.dgiqa.train;

import io.github.dgiqa.depth.DepthEstimator;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.ImageException;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.image.ShortSide;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Pictures as examples are made of them. */
final class Pictures {

	private Pictures() {}

	/**
	 * A file's first image, resized as it is for the network.
	 *
	 * @param smallest pixels that its shorter side must have
	 * @throws ImageException where it cannot be read, or is smaller
	 */
	static Picture read(final Path file, final ShortSide shortSide, final int smallest) {
		return read(file, picture -> {
			if (Math.min(picture.width(), picture.height()) < smallest)
				throw new ImageException("The image has " + picture.width() + " x " + picture.height() + " pixels; at least " + smallest + " on each side are needed: leave it out.");
			final ShortSide.Size size = shortSide.of(picture.width(), picture.height());
			return each(picture, plane -> plane.resize(size.width(), size.height()));
		});
	}

	/**
	 * What is made of a file's first image.
	 *
	 * @throws ImageException with the file's name, where it cannot be read, or {@code made} throws one
	 */
	static <T> T read(final Path file, final Function<Picture, T> made) {
		try (ImageFile image = ImageFile.open(file)) {
			return made.apply(image.picture(0));
		}
		catch (final ImageException e) {
			throw new ImageException(file + ": " + e.getMessage(), e);
		}
	}

	/** Inverse depth of a picture, of its size. Only one thread at a time asks the estimator. */
	static Plane depth(final Picture picture, final DepthEstimator estimator) {
		final FloatMap map;
		synchronized (estimator) {
			map = estimator.estimate(picture);
		}
		return map.toEightBits(picture.width(), picture.height());
	}

	/** Smaller, each pixel a mean of those that it stands for. */
	static Picture reduced(final Picture picture, final ShortSide.Size size) {
		return each(picture, plane -> {
			final float[] values = plane.resizeAntialiased(size.width(), size.height());
			final byte[] rounded = new byte[values.length];
			for (int i = 0; i < rounded.length; i++)
				rounded[i] = (byte) Math.max(0, Math.min(255, Math.round(values[i])));
			return new Plane(size.width(), size.height(), rounded);
		});
	}

	/** The mean of red, green and blue. */
	static Picture grey(final Picture picture) {
		final byte[] grey = new byte[picture.red().values().length];
		for (int i = 0; i < grey.length; i++)
			grey[i] = (byte) (((picture.red().values()[i] & 0xff) + (picture.green().values()[i] & 0xff) + (picture.blue().values()[i] & 0xff) + 1) / 3);
		return Picture.grey(new Plane(picture.width(), picture.height(), grey), List.of());
	}

	/** White for black. */
	static Picture inverted(final Picture picture) {
		return each(picture, plane -> {
			final byte[] values = new byte[plane.values().length];
			for (int i = 0; i < values.length; i++)
				values[i] = (byte) ~plane.values()[i];
			return new Plane(plane.width(), plane.height(), values);
		});
	}

	/** Of its pixels, in memory. */
	static long bytes(final Picture picture) {
		return 3L * picture.width() * picture.height();
	}

	private static Picture each(final Picture picture, final UnaryOperator<Plane> work) {
		final List<Plane> planes = Plane.each(picture.planes(), work::apply);
		return new Picture(planes.get(0), planes.get(1), planes.get(2), List.of());
	}
}
