package io.github.dgiqa.train;

/**
 * How far a run is; with the weights all that it needs to go on.
 *
 * @param step steps done
 * @param seconds of work so far, all sessions together
 * @param losses sum of the losses since the log's last row
 * @param counted how many these are
 * @param gradient norm of the last step's gradient
 * @param best figures of the best look at the held-out part; null before the first
 * @param worse looks since the best
 */
record Progress(int step, double seconds, double losses, int counted, double gradient, Figures best, int worse) {

	static final Progress NONE = new Progress(0, 0, 0, 0, 0, null, 0);

	Progress after(final double loss, final double norm, final double moreSeconds) {
		return new Progress(step + 1, seconds + moreSeconds, losses + loss, counted + 1, norm, best, worse);
	}

	Progress logged() {
		return new Progress(step, seconds, 0, 0, gradient, best, worse);
	}

	Progress looked(final Figures figures, final double moreSeconds) {
		final boolean better = isBetter(figures);
		return new Progress(step, seconds + moreSeconds, losses, counted, gradient, better ? figures : best, better ? 0 : worse + 1);
	}

	/** Whether figures are better than the best so far. A correlation that is no number is worse than any. */
	boolean isBetter(final Figures figures) {
		if (best == null) return true;
		if (Double.isNaN(figures.srcc())) return Double.isNaN(best.srcc()) && figures.loss() < best.loss();
		return Double.isNaN(best.srcc()) || figures.srcc() > best.srcc();
	}
}
