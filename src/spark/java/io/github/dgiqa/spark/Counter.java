package io.github.dgiqa.spark;

import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.util.LongAccumulator;

import scala.jdk.javaapi.CollectionConverters;

/** Counts the images of tasks that have ended, by what each adds to an accumulator. */
final class Counter extends SparkListener {

	private final LongAccumulator scored;
	private final long images;
	private final ScoringJob.Progress progress;
	private long done;

	Counter(final LongAccumulator scored, final long images, final ScoringJob.Progress progress) {
		this.scored = scored;
		this.images = images;
		this.progress = progress;
	}

	@Override
	public void onTaskEnd(final SparkListenerTaskEnd end) {
		if (!end.taskInfo().successful()) return;
		for (final AccumulableInfo added : CollectionConverters.asJava(end.taskInfo().accumulables())) {
			if (added.id() != scored.id() || added.update().isEmpty()) continue;
			// a slow task may be done twice
			done = Math.min(images, done + ((Number) added.update().get()).longValue());
			progress.done(done, images);
		}
	}
}
