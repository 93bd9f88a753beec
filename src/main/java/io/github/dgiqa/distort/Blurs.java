package io.github.dgiqa.distort;

import io.github.dgiqa.distort.Filters.Kernel;

/** gaussian_blur, lens_blur, motion_blur. */
final class Blurs {

	/** Across a pixel, for the part of it that a disk covers. */
	private static final int LINES = 256;

	private Blurs() {}

	/** @param sigma in pixels */
	static Channels gaussian(final Channels picture, final double sigma, final Chance chance) {
		return picture.each(plane -> Filters.gaussian(plane, picture.width(), picture.height(), sigma));
	}

	/** Out of focus: the mean over a disk. @param radius in pixels */
	static Channels lens(final Channels picture, final double radius, final Chance chance) {
		return convolved(picture, disk(radius));
	}

	/**
	 * Moved while exposed: the mean along a line, at an angle by chance.
	 *
	 * @param length in pixels from the middle of the first to the middle of the last, plus 1. The list calls it radius; it
	 *          is what MATLAB's {@code fspecial('motion')} takes, where 1 changes nothing, as level 1's score says
	 */
	static Channels motion(final Channels picture, final double length, final Chance chance) {
		return convolved(picture, line(length, Math.PI * chance.uniform()));
	}

	private static Channels convolved(final Channels picture, final Kernel kernel) {
		return picture.each(plane -> Filters.convolve(plane, picture.width(), picture.height(), kernel));
	}

	/** Each value is the part of its pixel that lies in the disk. */
	static Kernel disk(final double radius) {
		final int reach = (int) Math.ceil(radius - 0.5);
		final int side = 2 * reach + 1;
		final double[] weights = new double[side * side];
		for (int i = 0; i < weights.length; i++)
			weights[i] = covered(i % side - reach, i / side - reach, radius);
		return Kernel.of(side, weights);
	}

	/** The area of a pixel in the disk, by lines whose lengths in it are exact. */
	private static double covered(final int x, final int y, final double radius) {
		double area = 0;
		for (int i = 0; i < LINES; i++) {
			final double dy = y - 0.5 + (i + 0.5) / LINES;
			final double half = Math.sqrt(Math.max(0, radius * radius - dy * dy));
			area += Math.max(0, Math.min(x + 0.5, half) - Math.max(x - 0.5, -half)) / LINES;
		}
		return area;
	}

	/** Each value falls from 1 on the line to 0 at a distance of one pixel. @param angle in radians, anticlockwise from the right */
	static Kernel line(final double length, final double angle) {
		final double half = (length - 1) / 2;
		final int reach = (int) Math.ceil(half);
		final int side = 2 * reach + 1;
		final double cos = StrictMath.cos(angle);
		final double sin = StrictMath.sin(angle);
		final double[] weights = new double[side * side];
		for (int i = 0; i < weights.length; i++) {
			final double x = i % side - reach;
			final double y = reach - i / side;
			final double along = Math.max(-half, Math.min(half, x * cos + y * sin));
			final double dx = x - along * cos;
			final double dy = y - along * sin;
			weights[i] = Math.max(0, 1 - Math.sqrt(dx * dx + dy * dy));
		}
		return Kernel.of(side, weights);
	}
}
