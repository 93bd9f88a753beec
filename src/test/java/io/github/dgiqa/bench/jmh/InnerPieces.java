package io.github.dgiqa.bench.jmh;

import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Normaliser;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import javax.imageio.ImageIO;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What is done to a photograph outside of the networks, in the sizes that the compact pair has. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class InnerPieces {

	private static final Path FILE = Path.of("samples", "coffee.png");
	private static final int WIDTH = 576;
	private static final int HEIGHT = 384;
	private static final int CROP = 224;
	private static final int CELLS = 112;

	private final Normaliser normaliser = new Normaliser(new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f});
	private final FloatBuffer input = ByteBuffer.allocateDirect(3 * CROP * CROP * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
	private Picture picture;
	private Plane plane;
	private FloatMap inverseDepth;

	/** Opens the photograph, 600x400. */
	@Setup(Level.Trial)
	public void open() {
		ImageIO.setUseCache(false); // as the program does
		picture = readPng();
		plane = picture.red();
		final Random random = new Random(42);
		final float[] values = new float[CELLS * CELLS];
		for (int i = 0; i < values.length; i++)
			values[i] = random.nextFloat();
		inverseDepth = new FloatMap(CELLS, CELLS, values);
	}

	/** One plane to the size that crops are taken from. */
	@Benchmark
	public Plane resize() {
		return plane.resize(WIDTH, HEIGHT);
	}

	/** One plane to the depth model's input. */
	@Benchmark
	public float[] resizeAntialiased() {
		return plane.resizeAntialiased(CROP, CROP);
	}

	/** The depth model's result to a plane of the picture's size. */
	@Benchmark
	public Plane toEightBits() {
		return inverseDepth.toEightBits(picture.width(), picture.height());
	}

	/** A crop to the network's input. */
	@Benchmark
	public FloatBuffer putSquare() {
		normaliser.putSquare(picture.planes(), 7, 11, CROP, input.clear());
		return input;
	}

	/** A PNG file to a picture. */
	@Benchmark
	public Picture readPng() {
		try (ImageFile file = ImageFile.open(FILE)) {
			return file.picture(0);
		}
	}
}
