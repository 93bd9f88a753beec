package io.github.dgiqa.distort;

import static io.github.dgiqa.distort.Checks.apply;
import static io.github.dgiqa.distort.Checks.assertSame;
import static io.github.dgiqa.distort.Checks.firstDifference;
import static io.github.dgiqa.distort.Checks.squareError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.Photographs;
import io.github.dgiqa.image.Picture;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

/** What all distortions have in common. */
class DistortionsTest {

	private static final Picture PHOTOGRAPH = Photographs.open("coffee");

	private static final Set<String> RANDOM = Set.of("motion_blur", "white_noise", "white_noise_color_component", "impulse_noise", "multiplicative_noise", "denoise", "jitter", "non_eccentricity_patch", "color_block", "low_light", "lens_flare");

	/** Whose levels go up and down, or whose damage depends on where it falls. */
	private static final Set<String> NOT_IN_ORDER = Set.of("mean_shift", "contrast_change", "color_block", "non_eccentricity_patch");

	@Test
	void theListIsThePublishedOne() {
		assertEquals(List.of("gaussian_blur", "lens_blur", "motion_blur", "color_diffusion", "color_shift", "color_quantization", "color_saturation_1", "color_saturation_2", "jpeg2000", "jpeg", "white_noise", "white_noise_color_component", "impulse_noise", "multiplicative_noise", "denoise", "brighten", "darken", "mean_shift", "jitter", "non_eccentricity_patch", "pixelate", "quantization", "color_block", "high_sharpen", "contrast_change", "low_light", "haze", "lens_flare"), Distortions.names());
		final String sentence = assertThrows(DgiqaException.class, () -> Distortions.find("blur")).getMessage();
		assertTrue(sentence.startsWith("There is no distortion 'blur'; there are gaussian_blur, lens_blur, ") && sentence.endsWith(", haze, lens_flare."), sentence);
	}

	/** KADID-10k's means of 4.612, 1.303 and 3.324 from 1 to 5. */
	@Test
	void scoresArePublishedOnes() {
		assertEquals(0.903, Published.score("gaussian_blur", 1).getAsDouble(), 1e-9);
		assertEquals(0.07575, Published.score("gaussian_blur", 5).getAsDouble(), 1e-9);
		assertEquals(0.581, Published.score("contrast_change", 5).getAsDouble(), 1e-9);
		for (final String natural : List.of("low_light", "haze", "lens_flare"))
			assertTrue(Published.score(natural, 3).isEmpty());
	}

	@Test
	void theSeedDecides() {
		final Picture part = part(96, 64);
		for (final String name : Distortions.names()) {
			final Picture first = apply(name, part, 3, 7);
			assertSame(first, apply(name, part, 3, 7), name + " once more");
			assertEquals(RANDOM.contains(name), firstDifference(first, apply(name, part, 3, 8)) >= 0, name + " with another seed");
		}
	}

	private static Picture part(final int width, final int height) {
		return Checks.picture(width, height, (x, y) -> PHOTOGRAPH.rgb((100 + y) * PHOTOGRAPH.width() + 200 + x));
	}

	/** Else the noise of one level, or of one picture, would be that of another. */
	@Test
	void eachPictureAndLevelHasNoiseOfItsOwn() {
		final Picture one = apply("white_noise", Checks.flat(128), 1);
		final double[] a = Checks.channel(one, 0);
		for (final Picture other : List.of(apply("white_noise", Checks.flat(128), 2), apply("white_noise", Checks.flat(129), 1))) {
			final double[] b = Checks.channel(other, 0);
			assertEquals(0, Checks.covariance(a, b) / Math.sqrt(Checks.variance(a) * Checks.variance(b)), Checks.SURE / 256);
		}
	}

	@Test
	void damageGrowsWithTheLevel() {
		final Picture part = part(300, 200);
		for (final String name : Distortions.names()) {
			if (NOT_IN_ORDER.contains(name)) continue;
			double before = -1;
			for (int level = 1; level <= Distortion.LEVELS; level++) {
				final double error = squareError(part, apply(name, part, level));
				assertTrue(error > before, name + " at level " + level + ": " + error + ", before " + before);
				before = error;
			}
		}
	}

	/** The picture that is given stays as it is. */
	@Test
	void theOriginalStays() {
		final Picture part = Checks.weakColours();
		final int[] before = part.rgb();
		for (final String name : Distortions.names())
			apply(name, part, 3);
		assertSame(Picture.rgb(part.width(), part.height(), before, List.of()), part, "after all");
	}
}
