package io.github.dgiqa.train;

import java.util.ArrayList;
import java.util.List;

/** Keeps what a training tells. */
final class Silent implements Trainer.Listener {

	final List<Integer> resumed = new ArrayList<>();
	final List<Double> losses = new ArrayList<>();

	@Override
	public void resumes(final int step) {
		resumed.add(step);
	}

	@Override
	public void step(final int step, final int steps, final double loss, final double secondsLeft) {
		losses.add(loss);
	}

	@Override
	public void looked(final int step, final Figures figures, final boolean best) {}

	@Override
	public void note(final String sentence) {}
}
