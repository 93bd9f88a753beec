package io.github.dgiqa.download;

import static io.github.dgiqa.download.MisbehavingServer.file;
import static io.github.dgiqa.download.MisbehavingServer.hold;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.download.Download.Fetched;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several threads and programs with the same file. */
class SeveralProgramsTest extends DownloadCase {

	private final CountDownLatch go = new CountDownLatch(1);
	private final CountDownLatch waits = new CountDownLatch(1);
	private Process other;

	/** Tells when the second download knows how far the first is. */
	private final class Second extends Told {

		@Override
		public void progress(final long done, final long all) {
			super.progress(done, all);
			if (done == 100_000) waits.countDown();
		}
	}

	@BeforeEach
	void listen() {
		told = new Second();
	}

	@AfterEach
	void end() throws InterruptedException {
		go.countDown();
		if (other != null) other.destroyForcibly().waitFor();
	}

	/** What comes of waiting for another program that gets no further. */
	private void assertBusy() throws IOException {
		final Limits impatient = limits(HURRY.connect(), HURRY.silence(), Duration.ofMillis(600));
		assertSays(refusal(download(impatient), known(), target), "Another program is downloading " + folder.toRealPath().resolve("weights.bin") + " and has not got further for 0.6 seconds; end it, or wait for it and start this download again.");
	}

	/** Starts a download in a process of its own; returns when the first bytes are there. */
	private void startOther(final Source source) throws IOException, InterruptedException {
		other = program(source, target).start();
		awaitPart();
	}

	private void awaitPart() throws IOException, InterruptedException {
		while (!Files.exists(part()) || Files.size(part()) < 100_000)
			TimeUnit.MILLISECONDS.sleep(20);
	}

	private CompletableFuture<Fetched> inThread(final Source source, final Told listener) {
		return CompletableFuture.supplyAsync(() -> download(HURRY).get(source, target, listener));
	}

	private void assertWaited() {
		assertEquals(1, told.notes.size());
		assertTrue(told.notes.get(0).matches("Waiting for another program that is downloading .*weights.bin\\."), told.notes.get(0));
		assertTrue(told.progress.contains(new Told.Progress(100_000, 300_000)), "the other's progress");
	}

	@Test
	void twoProgramsAndOneDownload() throws Exception {
		server.on("/file", hold(bytes, 100_000, go, V1));
		startOther(known());
		final CompletableFuture<Fetched> second = inThread(known(), told);
		MisbehavingServer.await(waits);
		go.countDown();
		assertEquals(new Fetched(target, 300_000, sha256(bytes), server.uri("/file"), true), second.get());
		assertEquals("300000 bytes\n", new String(other.getInputStream().readAllBytes()));
		assertWhole();
		assertEquals(1, server.requests().size());
		assertWaited();
	}

	@Test
	void twoThreadsAndOneDownload() throws Exception {
		server.on("/file", hold(bytes, 100_000, go, V1));
		final CompletableFuture<Fetched> first = inThread(known(), new Told());
		awaitPart();
		final CompletableFuture<Fetched> second = inThread(known(), told);
		MisbehavingServer.await(waits);
		go.countDown();
		assertEquals(first.get(), second.get());
		assertWhole();
		assertEquals(1, server.requests().size());
		assertWaited();
	}

	/** A system takes a lock from the whole process once any thread closes the locked file. */
	@Test
	void aThreadThatWaitsKeepsOtherProgramsOut() throws Exception {
		server.on("/file", hold(bytes, 100_000, go, V1));
		final CompletableFuture<Fetched> first = inThread(known(), new Told());
		awaitPart();
		final CompletableFuture<Fetched> second = inThread(known(), told);
		MisbehavingServer.await(waits);
		other = program(known(), target).start();
		final BufferedReader said = other.inputReader();
		assertTrue(said.readLine().startsWith("Waiting for another program "));
		go.countDown();
		assertEquals(first.get(), second.get());
		assertEquals("300000 bytes", said.readLine());
		assertWhole();
		assertEquals(1, server.requests().size());
	}

	/** Where only the length is known, it must fit. */
	@Test
	void theOthersResultByItsLength() throws Exception {
		for (final long length : new long[] {300_000, -1}) {
			final CountDownLatch gone = new CountDownLatch(1);
			server.requests().clear();
			server.on("/file", hold(bytes, 100_000, gone, V1), file(bytes, V1));
			final Source source = new Source(server.uri("/file"), length, null);
			final CompletableFuture<Fetched> first = inThread(source, new Told());
			awaitPart();
			final CountDownLatch waiting = new CountDownLatch(1);
			final CompletableFuture<Fetched> second = inThread(source, new Told() {

				@Override
				public void note(final String sentence) {
					waiting.countDown();
				}
			});
			MisbehavingServer.await(waiting);
			gone.countDown();
			assertEquals(300_000, first.get().bytes());
			assertEquals(300_000, second.get().bytes());
			assertWhole();
			assertEquals(length < 0 ? 2 : 1, server.requests().size());
		}
	}

	/** The second goes on where the first was killed. */
	@Test
	void theOtherIsKilled() throws Exception {
		server.on("/file", hold(bytes, 100_000, go, V1), file(bytes, V1));
		startOther(known());
		final CompletableFuture<Fetched> second = inThread(known(), told);
		MisbehavingServer.await(waits);
		other.destroyForcibly().waitFor();
		assertEquals(300_000, second.get().bytes());
		assertWhole();
		assertEquals("bytes=100000- \"v1\"", ranges().get(1));
	}

	@Test
	void theOtherFails() throws Exception {
		server.on("/file", hold(bytes(300_000, 9), 100_000, go, V1), file(bytes, V1));
		final CompletableFuture<Fetched> first = inThread(known(), new Told());
		awaitPart();
		final CompletableFuture<Fetched> second = inThread(known(), told);
		MisbehavingServer.await(waits);
		go.countDown();
		assertTrue(assertThrows(ExecutionException.class, first::get).getCause() instanceof DownloadException);
		assertEquals(sha256(bytes), second.get().sha256());
		assertWhole();
	}

	@Test
	void theOtherGetsNoFurther() throws Exception {
		server.on("/file", hold(bytes, 100_000, go, V1));
		startOther(known());
		assertBusy();
		assertKept(100_000);
		go.countDown();
		assertEquals(0, other.waitFor());
		assertWhole();
	}

	@Test
	void waitingCanBeCancelled() throws Exception {
		server.on("/file", hold(bytes, 100_000, go, V1));
		startOther(known());
		assertThrows(CancellationException.class, () -> download(HURRY).get(known(), target, (done, all) -> {
			if (done == 100_000) throw new CancellationException();
		}));
		assertKept(100_000);
		go.countDown();
		assertEquals(0, other.waitFor());
		assertWhole();
	}

	/** What a program that was killed before the first byte leaves. */
	@Test
	void anOldLockBlocksNobody() throws IOException {
		Files.createFile(folder.resolve("weights.bin.part.info"));
		server.on("/file", file(bytes, V1));
		fetch(known());
		assertWhole();
	}

	/** A lock that another class loader in this process holds is known to the system only. */
	@Test
	void aLockOfTheSameProcess() throws IOException {
		server.on("/file", file(bytes, V1));
		try (FileChannel file = FileChannel.open(folder.resolve("weights.bin.part.info"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			file.lock();
			assertBusy();
		}
		fetch(known());
		assertWhole();
	}

	/** Many at once, all for the same file. */
	@Test
	void manyThreads() throws Exception {
		server.on("/file", file(bytes, V1));
		final List<CompletableFuture<Fetched>> all = new ArrayList<>();
		final ExecutorService threads = Executors.newFixedThreadPool(12);
		for (int i = 0; i < 12; i++)
			all.add(CompletableFuture.supplyAsync(() -> download(HURRY).get(known(), target, new Told()), threads));
		for (final CompletableFuture<Fetched> one : all)
			assertEquals(sha256(bytes), one.get().sha256());
		threads.shutdown();
		assertWhole();
		assertEquals(1, server.requests().size());
	}
}
