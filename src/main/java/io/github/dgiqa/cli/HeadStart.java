package io.github.dgiqa.cli;

import ij.IJ;

import io.github.dgiqa.Futures;
import io.github.dgiqa.engine.TorchEngine;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import javax.imageio.ImageIO;
import javax.imageio.stream.ImageInputStream;

import picocli.CommandLine.Command;

/**
 * Begins to start PyTorch before anything else: loading its libraries takes a third of a second. As long as that lasts, no
 * thread gets at a native method that was not used before, and a thread that waits for one stops all others at Java's next
 * safe point. So what the options, the reader of images and Java's own collection of garbage need of them is used first.
 */
final class HeadStart {

	private static final List<String> NO_WORK = List.of("-h", "--help", "-V", "--version");

	/** Bytes. */
	private static final int GARBAGE = 16 << 20;
	private static final int PIECE = 1 << 16;

	private static byte[] garbage;

	private HeadStart() {}

	/** Returns when the libraries may be loaded. @param imageIo after which images can be read */
	static void begin(final String[] args, final CompletableFuture<Void> imageIo) {
		if (!Collections.disjoint(Arrays.asList(args), NO_WORK)) return;
		final CompletableFuture<Void> reflection = new CompletableFuture<>();
		final CompletableFuture<Void> used = imageIo.thenRun(HeadStart::useImages).thenRun(HeadStart::collect);
		TorchEngine.startAhead(CompletableFuture.allOf(used, reflection));
		try {
			useReflection();
		}
		finally {
			reflection.complete(null);
		}
		Futures.await(used); // all else can be done while the libraries are loaded, and would only delay that
	}

	private static void useImages() {
		final File any = new File(System.getProperty("java.class.path").split(File.pathSeparator, 2)[0]);
		try (ImageInputStream in = ImageIO.createImageInputStream(any);
			FileChannel channel = FileChannel.open(any.toPath());
			RandomAccessFile file = new RandomAccessFile(any, "r");
			InputStream stream = new FileInputStream(any);
			InputStream ofChannel = Files.newInputStream(any.toPath())) {
			if (in != null) in.seek(1);
			channel.position(1);
			file.read();
			stream.skip(1);
			ofChannel.available();
			ofChannel.read();
		}
		catch (final IOException e) {
			// it is used where it is needed, then
		}
		for (final int type : new int[] {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_INDEXED})
			new BufferedImage(1, 1, type);
		IJ.isLinux();
		Runtime.getRuntime().totalMemory();
		Runtime.getRuntime().freeMemory();
	}

	/** What looks at annotations needs. */
	private static void useReflection() {
		Cli.class.getAnnotation(Command.class);
		final Object array = new Object[1];
		Array.set(array, 0, null);
		Array.getLength(array);
	}

	/** Lets Java collect garbage a first time: what it does afterwards needs a native method, too. */
	private static void collect() {
		// some garbage is collected faster than all of Java's memory is looked through
		final WeakReference<Object> mark = new WeakReference<>(new Object());
		for (int made = 0; made < GARBAGE && mark.get() != null; made += PIECE)
			garbage = new byte[PIECE];
		garbage = null;
		if (mark.get() != null) System.gc();
		mark.clear(); // needs another one, which newer Javas use later
	}
}
