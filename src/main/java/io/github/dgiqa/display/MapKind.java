package io.github.dgiqa.display;

import ij.process.LUT;

import io.github.dgiqa.assess.Assessment;
import io.github.dgiqa.assess.CoveredMap;

import java.util.Locale;
import java.util.function.Function;

/** The maps of an assessment and how each is shown: always on the same scale, so that images can be compared. */
public enum MapKind {

	/** Inverse depth. */
	DEPTH("inverse depth", "1 = near", 1, ColourMap.PLASMA, Assessment::depthMap),
	/** Where the network looked. */
	ATTENTION("attention", "1 = even", 3, ColourMap.INFERNO, Assessment::attentionMap),
	/** Local quality. */
	QUALITY("local quality", "1 = good", 1, ColourMap.VIRIDIS, Assessment::qualityMap);

	private final String title;
	private final String remark;
	private final double max;
	private final ColourMap colours;
	private final Function<Assessment, CoveredMap> map;

	MapKind(final String title, final String remark, final double max, final ColourMap colours, final Function<Assessment, CoveredMap> map) {
		this.title = title;
		this.remark = remark;
		this.max = max;
		this.colours = colours;
		this.map = map;
	}

	/** What the map shows. */
	public String title() {
		return title;
	}

	/** A word or two on how to read the scale. */
	public String remark() {
		return remark;
	}

	/** The value at the upper end of the scale; the lower end is 0. */
	public double max() {
		return max;
	}

	/** 0xRRGGBB of a value of this map. */
	public int colour(final double value) {
		return colours.colour(value / max);
	}

	/** The colour table of this map, and the {@link #level} of a value in it. */
	public LUT lut() {
		return colours.lut();
	}

	/** The place of a value in the colour table, 0 to 255. */
	int level(final double value) {
		return ColourMap.level(value / max);
	}

	/** This map of the given assessment. */
	public CoveredMap of(final Assessment assessment) {
		return map.apply(assessment);
	}

	/** The name in file names and macros. */
	public String key() {
		return name().toLowerCase(Locale.ROOT);
	}
}
