package io.github.dgiqa.bench;

import java.util.List;

import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * How time grows with a size: seconds ~ size^exponent, by least squares of their logarithms.
 *
 * @param exponent 1 where twice the size takes twice the time
 * @param interval the exponent's 95% interval is so much to either side
 */
record PowerLaw(double exponent, double interval) {

	/** Fewer give no interval. */
	static final int LEAST_POINTS = 3;

	/** A measurement. */
	record Point(double size, double seconds) {}

	/** @param points at least {@link #LEAST_POINTS}, not all of one size */
	static PowerLaw of(final List<Point> points) {
		final SimpleRegression regression = new SimpleRegression();
		points.forEach(point -> regression.addData(Math.log(point.size), Math.log(point.seconds)));
		return new PowerLaw(regression.getSlope(), regression.getSlopeConfidenceInterval());
	}
}
