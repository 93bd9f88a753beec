package io.github.dgiqa.distort;

import io.github.dgiqa.DgiqaException;

import java.util.List;
import java.util.stream.Collectors;

/** All distortions. */
public final class Distortions {

	/** The name of the one that needs depth. */
	public static final String HAZE = "haze";

	/** Variances; neither these nor the next are published: they look as bad as the published scores say. */
	private static final double[] DENOISE = {0.005, 0.01, 0.02, 0.04, 0.08};
	/** Strengths; level 3 has the best score, and those beside it fall to both sides. */
	private static final double[] CONTRAST = {0.3, 0.15, 0, -0.4, -0.6};

	private static final List<Distortion> ALL = List.of(
		Effect.published("gaussian_blur", Blurs::gaussian),
		Effect.published("lens_blur", Blurs::lens),
		Effect.published("motion_blur", Blurs::motion),
		Effect.published("color_diffusion", Colours::diffusion),
		Effect.published("color_shift", Colours::shift),
		Effect.published("color_quantization", Colours::quantization),
		Effect.published("color_saturation_1", Colours::saturationHsv),
		Effect.published("color_saturation_2", Colours::saturationLab),
		new Jpeg2000(),
		new Jpeg(),
		Effect.published("white_noise", Noises::white),
		Effect.published("white_noise_color_component", Noises::whiteYCbCr),
		Effect.published("impulse_noise", Noises::impulse),
		Effect.published("multiplicative_noise", Noises::multiplicative),
		new Effect("denoise", DENOISE, Noises::denoise),
		Effect.published("brighten", Tones::brighten),
		Effect.published("darken", Tones::darken),
		Effect.published("mean_shift", Tones::meanShift),
		Effect.published("jitter", Places::jitter),
		Effect.published("non_eccentricity_patch", Places::patches),
		Effect.published("pixelate", Places::pixelate),
		Effect.published("quantization", Tones::quantization),
		Effect.published("color_block", Places::blocks),
		Effect.published("high_sharpen", Tones::sharpen),
		new Effect("contrast_change", CONTRAST, Tones::contrast),
		new LowLight(),
		new Haze(),
		new LensFlare());

	private Distortions() {}

	/** KADID-10k's 25 in their order, then the natural three. */
	public static List<Distortion> all() {
		return ALL;
	}

	/** The names of all, in their order. */
	public static List<String> names() {
		return ALL.stream().map(Distortion::name).toList();
	}

	/** @throws DgiqaException where there is none of that name: a sentence with all names */
	public static Distortion find(final String name) {
		return ALL.stream().filter(distortion -> distortion.name().equals(name)).findFirst()
			.orElseThrow(() -> new DgiqaException("There is no distortion '" + name + "'; there are " + names().stream().collect(Collectors.joining(", ")) + "."));
	}
}
