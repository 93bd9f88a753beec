package io.github.dgiqa.train;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.ImageException;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Picture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** A photograph and the file with its inverse depth: near is large, the unit is free. */
record DepthPair(Path photo, Path map) {

	/**
	 * Finds the map of each photograph: the image in the folder whose name is the photograph's but for the extension.
	 *
	 * @throws DgiqaException where one has none, or several
	 */
	static List<DepthPair> of(final List<Path> photos, final Path folder) {
		final Map<String, Path> maps = new HashMap<>();
		for (final Path map : images(folder)) {
			final Path other = maps.put(baseName(map), map);
			if (other != null) throw new DgiqaException(folder + " has two depth maps of one name, " + other.getFileName() + " and " + map.getFileName() + ": remove one of them.");
		}
		final Map<String, Path> seen = new HashMap<>();
		final List<DepthPair> pairs = new ArrayList<>();
		final List<Path> without = new ArrayList<>();
		for (final Path photo : photos) {
			final String name = baseName(photo);
			final Path other = seen.put(name, photo);
			if (other != null) throw new DgiqaException("Two photographs have one name, " + other + " and " + photo + ", and so one depth map: rename one of them and its map.");
			if (maps.containsKey(name)) pairs.add(new DepthPair(photo, maps.get(name)));
			else without.add(photo);
		}
		if (!without.isEmpty()) {
			final int others = without.size() - 1;
			final String more = others == 0 ? "" : ", nor of " + others + (others == 1 ? " other" : " others");
			throw new DgiqaException(folder + " has no depth map of " + without.get(0) + more + ": a PNG or TIFF named " + baseName(without.get(0)) + " was expected; add it, or leave the photograph out.");
		}
		return pairs;
	}

	private static List<Path> images(final Path folder) {
		if (!Files.isDirectory(folder)) throw new DgiqaException("There is no folder " + folder + " with depth maps.");
		try (Stream<Path> files = Files.list(folder)) {
			return files.filter(ImageFile::hasImageExtension).filter(Files::isRegularFile).sorted().toList();
		}
		catch (IOException | UncheckedIOException e) {
			throw new DgiqaException("The folder " + folder + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	private static String baseName(final Path file) {
		final String name = file.getFileName().toString();
		final int dot = name.lastIndexOf('.');
		return dot > 0 ? name.substring(0, dot) : name;
	}

	/**
	 * A photograph with its map.
	 *
	 * @param map of the whole picture, 0 to 1
	 */
	record Opened(Picture picture, FloatMap map) {}

	/**
	 * Reads both.
	 *
	 * @param side maps may be squares of this side, into which the whole photograph was squeezed
	 * @throws DgiqaException where one cannot be used
	 */
	Opened open(final int side) {
		final Picture picture = read(photo, file -> file.picture(0));
		final FloatMap found = read(map, file -> {
			if (file.isStack()) throw new ImageException("It holds " + file.size() + " images; one was expected.");
			return file.map(0);
		});
		final boolean squeezed = found.width() == side && found.height() == side;
		if (!squeezed && !haveOneShape(picture, found))
			throw new DgiqaException("The depth map " + map + " has " + found.width() + " x " + found.height() + " pixels, its photograph " + photo.getFileName() + " " + picture.width() + " x " + picture.height() + ": a map of the same shape, or of " + side + " x " + side + " pixels for the whole photograph, was expected.");
		return new Opened(picture, inUnits(found));
	}

	private static <T> T read(final Path file, final Function<ImageFile, T> work) {
		try (ImageFile image = ImageFile.open(file)) {
			return work.apply(image);
		}
		catch (final ImageException e) {
			throw new DgiqaException(file + " cannot be used: " + e.getMessage(), e);
		}
	}

	/** Whether one is the other, resized: to the pixel, rounded up or down. */
	private static boolean haveOneShape(final Picture picture, final FloatMap map) {
		final double width = (double) picture.width() * map.height() / picture.height();
		final double height = (double) picture.height() * map.width() / picture.width();
		return Math.abs(map.width() - width) <= 1 || Math.abs(map.height() - height) <= 1;
	}

	private FloatMap inUnits(final FloatMap found) {
		double low = Double.POSITIVE_INFINITY;
		double high = Double.NEGATIVE_INFINITY;
		for (final float value : found.values()) {
			if (!Float.isFinite(value)) throw new DgiqaException("The depth map " + map + " has pixels that are no finite numbers: fill them, or leave the photograph out.");
			low = Math.min(low, value);
			high = Math.max(high, value);
		}
		if (low == high) throw new DgiqaException("The depth map " + map + " is the same everywhere, from which nothing can be learned: leave the photograph out.");
		final float[] units = new float[found.values().length];
		for (int i = 0; i < units.length; i++)
			units[i] = (float) ((found.values()[i] - low) / (high - low));
		return new FloatMap(found.width(), found.height(), units);
	}
}
