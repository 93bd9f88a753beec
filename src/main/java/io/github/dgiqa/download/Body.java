package io.github.dgiqa.download;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The bytes of an answer as they come. Other than the JDK's stream it can be cancelled while nothing comes, and nothing
 * may come for a limited time only, then reading ends in a {@link HttpTimeoutException}.
 */
final class Body extends InputStream implements HttpResponse.BodySubscriber<Body> {

	/** Bytes, an error, or with neither the end. */
	private record Arrival(List<ByteBuffer> bytes, Throwable error) {}

	private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
	private final Ticker ticker;
	private final Duration silence;
	private volatile Flow.Subscription subscription;
	private volatile boolean closed;
	private Iterator<ByteBuffer> buffers = List.<ByteBuffer>of().iterator();
	private ByteBuffer buffer = ByteBuffer.allocate(0);
	private boolean ended;

	Body(final Ticker ticker, final Duration silence) {
		this.ticker = ticker;
		this.silence = silence;
	}

	@Override
	public CompletionStage<Body> getBody() {
		return CompletableFuture.completedFuture(this);
	}

	@Override
	public void onSubscribe(final Flow.Subscription to) {
		subscription = to;
		if (closed) to.cancel();
		else to.request(1);
	}

	@Override
	public void onNext(final List<ByteBuffer> bytes) {
		arrivals.add(new Arrival(bytes, null));
	}

	@Override
	public void onError(final Throwable error) {
		arrivals.add(new Arrival(null, error));
	}

	@Override
	public void onComplete() {
		arrivals.add(new Arrival(null, null));
	}

	@Override
	public int read() throws IOException {
		return fill() ? buffer.get() & 0xFF : -1;
	}

	@Override
	public int read(final byte[] to, final int from, final int most) throws IOException {
		if (most == 0) return 0;
		if (!fill()) return -1;
		final int count = Math.min(most, buffer.remaining());
		buffer.get(to, from, count);
		return count;
	}

	/** Waits for bytes; false at the end. */
	private boolean fill() throws IOException {
		while (!buffer.hasRemaining()) {
			if (ended) return false;
			if (buffers.hasNext()) {
				buffer = buffers.next();
				continue;
			}
			final Arrival arrival = await();
			if (arrival.error != null) throw new IOException(arrival.error.getMessage(), arrival.error);
			ended = arrival.bytes == null;
			if (ended) continue;
			buffers = arrival.bytes.iterator();
			subscription.request(1);
		}
		return true;
	}

	private Arrival await() throws IOException {
		final long end = System.nanoTime() + silence.toNanos();
		try {
			while (System.nanoTime() < end) {
				final Arrival arrival = arrivals.poll(Ticker.MILLIS, TimeUnit.MILLISECONDS);
				if (arrival != null) return arrival;
				ticker.tick();
			}
		}
		catch (final InterruptedException e) {
			throw Ticker.interrupted();
		}
		throw new HttpTimeoutException("silence");
	}

	/** Cuts the connection unless all bytes came. */
	@Override
	public void close() {
		closed = true;
		if (!ended && subscription != null) subscription.cancel();
	}
}
