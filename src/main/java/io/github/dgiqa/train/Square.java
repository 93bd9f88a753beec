package io.github.dgiqa.train;

import io.github.dgiqa.image.Plane;

import java.util.List;

/**
 * A crop of an image and of its depth, as the network is to see it.
 *
 * @param rgb three planes
 * @param depth its inverse depth in 8 bits
 */
public record Square(List<Plane> rgb, Plane depth) {

	Square region(final int x, final int y, final int width, final int height) {
		return new Square(Plane.each(rgb, plane -> plane.region(x, y, width, height)), depth.region(x, y, width, height));
	}

	Square mirrored() {
		return new Square(Plane.each(rgb, Plane::mirrored), depth.mirrored());
	}
}
