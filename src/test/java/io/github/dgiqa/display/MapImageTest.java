package io.github.dgiqa.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.assess.Assessment;
import io.github.dgiqa.assess.Crop;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.image.Sampling;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

class MapImageTest {

	/** A grey picture of 576x384 with one crop in its upper left corner. */
	private static final Picture PICTURE = grey(576, 384);

	private static Picture grey(final int width, final int height) {
		final byte[] values = new byte[width * height];
		Arrays.fill(values, (byte) 100);
		return Picture.grey(new Plane(width, height, values), List.of());
	}

	private static Assessment assessment(final Picture picture, final float quality, final float attention) {
		final float[] cells = new float[49];
		Arrays.fill(cells, quality);
		final float[] looked = new float[49];
		Arrays.fill(looked, attention);
		final Crop crop = new Crop(0, 0, 224, quality, cells, looked, 7);
		return new Assessment(quality, new Assessment.Spread(Double.NaN, quality, quality), List.of(crop), picture.width(), picture.height(), 576, 384, new Plane(576, 384, new byte[576 * 384]), "m", "d",
			new Sampling.Random(1, 42), "cpu", 1, List.of());
	}

	@Test
	void coloursOnAFixedScaleWhereSomethingIsCovered() {
		final BufferedImage bad = MapImage.of(PICTURE, assessment(PICTURE, 0, 0), MapKind.QUALITY);
		final BufferedImage good = MapImage.of(PICTURE, assessment(PICTURE, 1, 3), MapKind.QUALITY);
		// 40% of the grey 100 and 60% of viridis' ends, 0x440154 and 0xfde725
		assertEquals(0x51295a, bad.getRGB(10, 10) & 0xffffff);
		assertEquals(0xc0b33e, good.getRGB(10, 10) & 0xffffff);
		assertEquals(0x646464, bad.getRGB(300, 300) & 0xffffff); // outside of the crop
		final BufferedImage beyond = MapImage.of(PICTURE, assessment(PICTURE, 1, 7), MapKind.ATTENTION);
		assertEquals(MapImage.of(PICTURE, assessment(PICTURE, 1, 3), MapKind.ATTENTION).getRGB(10, 10), beyond.getRGB(10, 10));
	}

	@Test
	void thePictureKeepsItsSizeAndHasABarBesideIt() {
		final BufferedImage image = MapImage.of(PICTURE, assessment(PICTURE, 1, 1), MapKind.DEPTH);
		assertEquals(384, image.getHeight());
		assertTrue(image.getWidth() > 576 + 60);
		final Picture tiny = grey(1, 1);
		final BufferedImage small = MapImage.of(tiny, assessment(tiny, 1, 1), MapKind.DEPTH);
		assertTrue(small.getHeight() >= 100 && small.getWidth() > 60);
		assertEquals(0xffffff, small.getRGB(1, 1) & 0xffffff);
		boolean ink = false;
		for (int x = 580; x < image.getWidth(); x++)
			for (int y = 0; y < 18; y++)
				ink |= (image.getRGB(x, y) & 0xff) < 100;
		assertTrue(ink, "the bar has a title");
	}
}
