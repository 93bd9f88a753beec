package io.github.dgiqa.cli;

import ij.IJ;

import io.github.dgiqa.engine.TorchEngine;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import javax.imageio.ImageIO;
import javax.imageio.stream.ImageInputStream;

/**
 * Begins to start PyTorch before the options are known: loading its libraries takes a third of a second. As long as that
 * lasts, no thread gets at a native method that was not used before, and a thread that waits for one stops all others at
 * Java's next safe point. So what the options and the reader of images need of them is used first.
 */
final class HeadStart {

	private static final List<String> NO_WORK = List.of("-h", "--help", "-V", "--version");

	private HeadStart() {}

	/** @param imageIo after which images can be read */
	static void begin(final String[] args, final CompletableFuture<Void> imageIo) {
		if (Collections.disjoint(Arrays.asList(args), NO_WORK)) TorchEngine.startAhead(imageIo.thenRun(HeadStart::useNatives));
	}

	private static void useNatives() {
		final File any = new File(System.getProperty("java.class.path").split(File.pathSeparator, 2)[0]);
		try (ImageInputStream in = ImageIO.createImageInputStream(any); FileChannel channel = FileChannel.open(any.toPath())) {
			if (in != null) in.seek(1);
			channel.position(1);
		}
		catch (final IOException e) {
			// it is used where it is needed, then
		}
		new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR);
		new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
		Array.set(new Object[1], 0, null);
		IJ.isLinux();
	}
}
