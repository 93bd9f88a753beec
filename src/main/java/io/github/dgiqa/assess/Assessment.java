package io.github.dgiqa.assess;

import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.image.Sampling;

import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

/**
 * What is known about one image after it was assessed: plain values, no native memory.
 *
 * @param score mean of the crops' scores, 0 to 1, higher is better
 * @param spread how much the crops differ
 * @param crops the crops in the order in which they were taken
 * @param width width of the image, pixels
 * @param height height of the image, pixels
 * @param mapWidth width of the resized image that the crops were taken from, and of the maps
 * @param mapHeight height of the resized image
 * @param depth inverse depth as the network saw it, at the resized image's size; null where the resized image was too
 *          large to be made whole, and then there are no maps
 * @param model NAME of the quality model
 * @param depthModel NAME of the depth model
 * @param sampling which crops were taken
 * @param device where it was computed: cpu, gpu ...
 * @param seconds time it took, without loading the models
 * @param notes what a reader of the score should know
 */
public record Assessment(double score, Spread spread, List<Crop> crops, int width, int height, int mapWidth, int mapHeight, Plane depth, String model, String depthModel, Sampling sampling,
	String device, double seconds, List<String> notes)
{

	/**
	 * How much the crops' scores differ. Crops overlap, so this is no confidence interval.
	 *
	 * @param deviation sample standard deviation; NaN with one crop
	 * @param min lowest score
	 * @param max highest score
	 */
	public record Spread(double deviation, double min, double max) {}

	public Assessment {
		crops = List.copyOf(crops);
		notes = List.copyOf(notes);
		depth = depth == null ? null : depth.copy();
	}

	@Override
	public Plane depth() {
		return depth == null ? null : depth.copy();
	}

	/** Whether {@link #depthMap()}, {@link #attentionMap()} and {@link #qualityMap()} can be made. */
	public boolean hasMaps() {
		return depth != null;
	}

	/** Inverse depth, 0 to 1, near is 1. */
	public CoveredMap depthMap() {
		requireMaps();
		final float[] values = new float[depth.values().length];
		for (int i = 0; i < values.length; i++)
			values[i] = (depth.values()[i] & 0xff) / 255f;
		final BitSet all = new BitSet();
		all.set(0, values.length);
		return new CoveredMap(new FloatMap(mapWidth, mapHeight, values), all);
	}

	/** Where the network looked: 1 is even attention. */
	public CoveredMap attentionMap() {
		return join(Crop::attention);
	}

	/** Local quality, 0 to 1. */
	public CoveredMap qualityMap() {
		return join(Crop::quality);
	}

	/** Each crop's cells, enlarged bilinearly to the crop; where crops overlap, their average. */
	private CoveredMap join(final Function<Crop, float[]> cells) {
		requireMaps();
		final float[] sums = new float[mapWidth * mapHeight];
		final int[] counts = new int[sums.length];
		for (final Crop crop : crops) {
			final float[] values = new FloatMap(crop.cells(), crop.cells(), cells.apply(crop)).resize(crop.side(), crop.side()).values();
			for (int y = 0; y < crop.side(); y++) {
				final int row = (crop.y() + y) * mapWidth + crop.x();
				for (int x = 0; x < crop.side(); x++) {
					sums[row + x] += values[y * crop.side() + x];
					counts[row + x]++;
				}
			}
		}
		final BitSet covered = new BitSet();
		for (int i = 0; i < sums.length; i++) {
			if (counts[i] == 0) continue;
			covered.set(i);
			sums[i] /= counts[i];
		}
		return new CoveredMap(new FloatMap(mapWidth, mapHeight, sums), covered);
	}

	private void requireMaps() {
		if (!hasMaps()) throw new IllegalStateException("the resized image was too large for maps");
	}
}
