package io.github.dgiqa.spark;

import io.github.dgiqa.model.StoredModel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.commons.io.FileUtils;
import org.apache.spark.SparkConf;

/**
 * Both models, on their way to the executors. Spark must know of them before it starts: executors ask for archives when
 * they start themselves, and not for those that are added later. To be closed after Spark.
 */
public final class Shipment implements Closeable {

	private static final String ARCHIVES = "spark.archives";

	private final Path folder;
	private final ShippedModel quality;
	private final ShippedModel depth;

	private Shipment(final Path folder, final StoredModel quality, final StoredModel depth) {
		this.folder = folder;
		this.quality = ShippedModel.of(quality, folder);
		this.depth = ShippedModel.of(depth, folder);
	}

	/** Packs what the program does not have itself. @param quality with weights, as the other */
	public static Shipment of(final StoredModel quality, final StoredModel depth) throws IOException {
		return new Shipment(Files.createTempDirectory("dgiqa-spark"), quality, depth);
	}

	/** Tells Spark, before it starts. */
	public void into(final SparkConf conf) {
		final String archives = Stream.of(conf.get(ARCHIVES, null), quality.toBring(folder), depth.toBring(folder)).filter(Objects::nonNull).collect(Collectors.joining(","));
		if (!archives.isEmpty()) conf.set(ARCHIVES, archives);
	}

	ShippedModel quality() {
		return quality;
	}

	ShippedModel depth() {
		return depth;
	}

	@Override
	public void close() {
		FileUtils.deleteQuietly(folder.toFile());
	}
}
