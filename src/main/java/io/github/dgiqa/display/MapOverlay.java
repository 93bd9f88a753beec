package io.github.dgiqa.display;

import ij.ImagePlus;
import ij.gui.ImageRoi;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.gui.TextRoi;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;

import io.github.dgiqa.assess.Assessment;
import io.github.dgiqa.assess.CoveredMap;
import io.github.dgiqa.assess.Crop;

import java.awt.Color;
import java.awt.Font;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Maps and crops of assessments as elements of an image's overlay. Each element has the property {@value #PROPERTY} with
 * its kind, a name, and a place in the stack; elements of others are not touched.
 */
public final class MapOverlay {

	/** What can be shown, in the order in which it is drawn. */
	public static final List<String> KINDS = List.of("depth", "attention", "quality", "crops");

	/** The property of our elements. */
	public static final String PROPERTY = "dgiqa";

	private static final String CROPS = "crops";
	/** Colours that are not quite black: ImageJ takes black for transparent. */
	private static final int NOT_BLACK = 0x040404;
	/** Most of a place that a scale takes along an axis. */
	private static final double SCALE_SHARE = 0.4;
	private static final int LEAST_FONT = 9;
	private static final int MOST_FONT = 40;

	private final ImagePlus image;
	private final List<String> kinds;
	private final double opacity;

	/**
	 * @param kinds some of {@link #KINDS}
	 * @param opacity of the maps, 0 to 1
	 */
	public MapOverlay(final ImagePlus image, final List<String> kinds, final double opacity) {
		this.image = image;
		this.kinds = KINDS.stream().filter(kinds::contains).toList();
		this.opacity = opacity;
	}

	/**
	 * Shows what was found at a place, in place of what an earlier run showed there.
	 *
	 * @param part the part of the image that was assessed
	 * @param assessment null where it failed: then there is nothing to show
	 */
	public void put(final Place place, final Rectangle part, final Assessment assessment) {
		final Overlay old = image.getOverlay();
		final Overlay overlay = old == null ? new Overlay() : old;
		for (int i = overlay.size() - 1; i >= 0; i--)
			if (overlay.get(i).getProperty(PROPERTY) != null && place.has(overlay.get(i), image)) overlay.remove(i);
		if (assessment != null) for (final Element element : elements(part, assessment)) {
			element.roi.setProperty(PROPERTY, element.kind);
			element.roi.setName(element.name);
			place.bind(element.roi, image);
			overlay.add(element.roi);
		}
		image.setOverlay(overlay.size() == 0 ? null : overlay);
	}

	private record Element(String kind, String name, Roi roi) {}

	private List<Element> elements(final Rectangle part, final Assessment assessment) {
		final List<Element> elements = new ArrayList<>();
		final int font = Math.max(LEAST_FONT, Math.min(MOST_FONT, Math.min(part.width, part.height) / 28));
		final List<Element> scales = new ArrayList<>();
		final Rectangle all = new Rectangle(image.getWidth(), image.getHeight());
		int right = 0; // of what the scales so far take of their place
		for (final String kind : kinds) {
			if (kind.equals(CROPS)) elements.addAll(crops(part, assessment, font));
			else if (assessment.hasMaps()) {
				final MapKind map = MapKind.valueOf(kind.toUpperCase(Locale.ROOT));
				elements.add(new Element(kind, "DGIQA " + kind, map(map, part, assessment)));
				final BufferedImage scale = ColourBar.of(map, font);
				// where it would hide a small part, in the corner of the image
				final Rectangle place = fits(scale, part) ? part : all;
				right += scale.getWidth() + font / 2;
				if (fits(scale, place) && right <= place.width)
					scales.add(new Element(kind, "DGIQA " + kind + " scale", new ImageRoi(place.x + place.width - right, place.y + place.height - font - scale.getHeight(), scale)));
			}
		}
		elements.addAll(scales);
		return elements;
	}

	private static boolean fits(final BufferedImage scale, final Rectangle place) {
		return scale.getWidth() <= SCALE_SHARE * place.width && scale.getHeight() <= SCALE_SHARE * place.height;
	}

	private Roi map(final MapKind kind, final Rectangle part, final Assessment assessment) {
		final CoveredMap map = kind.of(assessment).resize(part.width, part.height);
		final float[] values = map.map().values();
		final boolean everywhere = map.covered().cardinality() == values.length;
		final ImageRoi roi = new ImageRoi(part.x, part.y, everywhere ? indexed(kind, part, values) : coloured(kind, part, map));
		roi.setZeroTransparent(!everywhere);
		roi.setOpacity(opacity);
		return roi;
	}

	/** A byte a pixel. */
	private static ImageProcessor indexed(final MapKind kind, final Rectangle part, final float[] values) {
		final byte[] levels = new byte[values.length];
		for (int i = 0; i < values.length; i++)
			levels[i] = (byte) kind.level(values[i]);
		return new ByteProcessor(part.width, part.height, levels, kind.lut());
	}

	private static ImageProcessor coloured(final MapKind kind, final Rectangle part, final CoveredMap map) {
		final int[] rgb = new int[map.map().values().length];
		map.covered().stream().forEach(i -> rgb[i] = kind.colour(map.map().values()[i]) | NOT_BLACK);
		return new ColorProcessor(part.width, part.height, rgb);
	}

	/** A box in the colour of its score and the score in it, for each crop. */
	private static List<Element> crops(final Rectangle part, final Assessment assessment, final int font) {
		final List<Element> elements = new ArrayList<>();
		final double scaleX = (double) part.width / assessment.mapWidth();
		final double scaleY = (double) part.height / assessment.mapHeight();
		int number = 0;
		for (final Crop crop : assessment.crops()) {
			number++;
			final Color colour = new Color(MapKind.QUALITY.colour(crop.score()));
			final double x = part.x + crop.x() * scaleX;
			final double y = part.y + crop.y() * scaleY;
			final Roi box = new Roi(x, y, crop.side() * scaleX, crop.side() * scaleY);
			box.setStrokeColor(colour);
			box.setStrokeWidth(Math.max(1, font / 6f));
			elements.add(new Element(CROPS, "DGIQA crop " + number, box));
			final TextRoi score = new TextRoi(x + font / 2.0, y + font / 2.0, String.format(Locale.ROOT, "%.3f", crop.score()), new Font(Font.SANS_SERIF, Font.PLAIN, font));
			score.setStrokeColor(Color.WHITE); // the colour of a bad score is dark, and so is the ground
			score.setFillColor(Color.BLACK);
			score.setAntiAlias(true);
			elements.add(new Element(CROPS, "DGIQA crop " + number + " score", score));
		}
		return elements;
	}
}
