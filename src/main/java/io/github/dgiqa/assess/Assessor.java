package io.github.dgiqa.assess;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessment.Spread;
import io.github.dgiqa.depth.DepthEstimator;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.ImageException;
import io.github.dgiqa.image.Normaliser;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.image.Sampling.Position;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelDescription.Preprocessing;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;
import io.github.dgiqa.network.Layer;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * Assesses pictures with one pair of models. Loading takes a second or so; keep it and assess many. Calls from several
 * threads wait for each other.
 *
 * <pre>
 * try (Assessor assessor = Assessor.open(ModelStore.of(null), Assessor.Settings.defaults())) {
 * 	System.out.println(assessor.assess(picture).score());
 * }
 * </pre>
 */
public final class Assessor implements AutoCloseable {

	/**
	 * Crops that go through the network together. Two batches for the usual six crops are a tenth slower than one and
	 * take two thirds of the memory.
	 */
	private static final int BATCH = 3;
	/** In place of a depth model's name: depth is measured, and given with each picture. */
	public static final String MEASURED = "measured";

	/** Above this only the crops are resized, not the whole image. */
	private static final long WHOLE_AT_MOST = 100_000_000;

	/**
	 * What a user can choose.
	 *
	 * @param model NAME or folder of the quality model
	 * @param weights weight file in place of the quality model's own; null for the model's
	 * @param depth NAME or folder of the depth model; null for the one that goes with the quality model;
	 *          {@link #MEASURED} for none
	 * @param depthWeights weight file in place of the depth model's own; null for the model's
	 * @param sampling which crops; null for the model's own choice
	 * @param device where to compute
	 * @param threads threads on the CPU; 0 for PyTorch's choice; only before the engine has started
	 */
	public record Settings(String model, Path weights, String depth, Path depthWeights, Sampling sampling, TorchEngine.Choice device, int threads) {

		/** The model in the box on the best device. */
		public static Settings defaults() {
			return new Settings(ModelStore.DEFAULT_MODEL, null, null, null, null, TorchEngine.Choice.AUTO, 0);
		}
	}

	private final TorchEngine engine;
	private final NDManager manager;
	private final StoredModel model;
	private final Layer network;
	/** Null where depth is measured. */
	private final DepthEstimator depthEstimator;
	private final Sampling sampling;
	private final Normaliser normaliser;
	private final int shortSide;
	private final int side;
	private final ByteBuffer rgbInput;
	private final ByteBuffer depthInput;

	private Assessor(final ModelStore store, final Settings settings) {
		model = store.find(settings.model, ModelDescription.Kind.QUALITY).with(settings.weights);
		final boolean measured = MEASURED.equals(settings.depth);
		final StoredModel depthModel = measured ? null : store.find(settings.depth == null ? model.description().depth() : settings.depth, ModelDescription.Kind.DEPTH).with(settings.depthWeights);
		engine = TorchEngine.start(settings.device, settings.threads);
		manager = engine.newManager();
		try {
			network = model.load(manager);
			depthEstimator = measured ? null : new DepthEstimator(depthModel, manager);
		}
		catch (RuntimeException | Error e) {
			manager.close();
			throw e;
		}
		final Preprocessing preprocessing = model.description().preprocessing();
		normaliser = new Normaliser(preprocessing.mean(), preprocessing.std());
		shortSide = preprocessing.shortSide();
		side = preprocessing.crop();
		sampling = settings.sampling == null ? sampling(model.description().sampling()) : settings.sampling;
		rgbInput = manager.allocateDirect(BATCH * 3 * side * side * Float.BYTES);
		depthInput = manager.allocateDirect(BATCH * 3 * side * side * Float.BYTES);
	}

	/**
	 * Starts the engine and loads the models.
	 *
	 * @throws io.github.dgiqa.DgiqaException where that is not possible
	 */
	public static Assessor open(final ModelStore store, final Settings settings) {
		return new Assessor(store, settings);
	}

	private static Sampling sampling(final ModelDescription.Sampling described) {
		return described.mode() == ModelDescription.SamplingMode.GRID ? new Sampling.Grid() : new Sampling.Random(described.crops(), described.seed());
	}

	/** NAME of the quality model. */
	public String modelName() {
		return model.name();
	}

	/** NAME of the depth model, or {@link #MEASURED}. */
	public String depthModelName() {
		return depthEstimator == null ? MEASURED : depthEstimator.name();
	}

	public Sampling sampling() {
		return sampling;
	}

	/** cpu, gpu ... */
	public String deviceName() {
		return engine.deviceName();
	}

	/** For people: the engine's version and the device. */
	public String engineDescription() {
		return engine.description();
	}

	/**
	 * Assesses a picture.
	 *
	 * @throws ImageException where its shape is too extreme
	 * @throws DgiqaException where the weights give no finite number
	 */
	public Assessment assess(final Picture picture) {
		return assess(picture, sampling, null, () -> {});
	}

	/**
	 * Assesses a picture.
	 *
	 * @param crops which crops, in place of {@link #sampling()}
	 * @param measured its inverse depth, near is large; null where the depth model estimates it
	 * @param between called before each of the networks' steps; what it throws ends the work
	 * @throws ImageException where its shape is too extreme
	 * @throws DgiqaException where the weights give no finite number
	 */
	public synchronized Assessment assess(final Picture picture, final Sampling crops, final FloatMap measured, final Runnable between) {
		between.run();
		final long start = System.nanoTime();
		final List<String> notes = new ArrayList<>(picture.notes());
		final Size size = resized(picture);
		final List<Position> positions = crops.positions(size.width, size.height, side);
		final String note = crops.note(size.width, size.height, side);
		if (note != null) notes.add(note);

		final String depthNote = measured == null ? depthEstimator.note(picture.width(), picture.height()) : null;
		if (depthNote != null) notes.add(depthNote);

		final FloatMap inverseDepth = measured == null ? depthEstimator.estimate(picture) : measured;
		final Plane depth = inverseDepth.toEightBits(picture.width(), picture.height());
		final boolean whole = (long) size.width * size.height <= WHOLE_AT_MOST;
		final Source rgbSource = new Source(picture.planes(), size, whole);
		final Source depthSource = new Source(List.of(depth, depth, depth), size, whole);
		if (!whole) notes.add("no maps: the resized image would have " + (long) size.width * size.height / 1_000_000 + " megapixels");

		final List<Crop> scored = new ArrayList<>();
		for (int from = 0; from < positions.size(); from += BATCH) {
			between.run();
			scored.addAll(score(positions.subList(from, Math.min(from + BATCH, positions.size())), rgbSource, depthSource));
		}

		final SummaryStatistics scores = new SummaryStatistics();
		scored.forEach(crop -> scores.addValue(crop.score()));
		if (!Double.isFinite(scores.getMean())) throw new DgiqaException("The score is no finite number: the weights of " + model.name() + " are damaged, or not trained; use others.");
		final Spread spread = new Spread(scored.size() == 1 ? Double.NaN : scores.getStandardDeviation(), scores.getMin(), scores.getMax());
		return new Assessment(scores.getMean(), spread, scored, picture.width(), picture.height(), size.width, size.height, whole ? depthSource.planes.get(0) : null, model.name(),
			depthModelName(), crops, engine.deviceName(), (System.nanoTime() - start) / 1e9, notes);
	}

	/**
	 * The depth model's inverse depth at the picture's size: near is large. These are the network's own numbers, enlarged
	 * or reduced bilinearly.
	 */
	public synchronized FloatMap inverseDepth(final Picture picture) {
		return depthEstimator.estimate(picture).resize(picture.width(), picture.height());
	}

	private record Size(int width, int height) {}

	/** The size whose shorter side is the model's: the longer one rounded half to even. */
	private Size resized(final Picture picture) {
		final int shorter = Math.min(picture.width(), picture.height());
		final int longer = Math.max(picture.width(), picture.height());
		final double exact = (double) longer * shortSide / shorter;
		if (exact > Integer.MAX_VALUE / 2)
			throw new ImageException("The image is too narrow: with " + picture.width() + " x " + picture.height() + " pixels it would be " + Math.round(exact) + " pixels long once its shorter side has " + shortSide + ".");
		final int resized = Math.max(shortSide, (int) Math.rint(exact));
		return picture.width() <= picture.height() ? new Size(shortSide, resized) : new Size(resized, shortSide);
	}

	/** Planes at the resized size: made whole once, or crop by crop. */
	private static final class Source {

		private final List<Plane> planes;
		private final Size size;
		private final boolean whole;

		Source(final List<Plane> original, final Size size, final boolean whole) {
			this.size = size;
			this.whole = whole;
			planes = whole ? Plane.each(original, plane -> plane.resize(size.width, size.height)) : original;
		}

		void put(final Position at, final int side, final Normaliser normaliser, final FloatBuffer to) {
			if (whole) normaliser.putSquare(planes, at.x(), at.y(), side, to);
			else normaliser.putSquare(Plane.each(planes, plane -> plane.resizedRegion(size.width, size.height, at.x(), at.y(), side, side)), 0, 0, side, to);
		}
	}

	private List<Crop> score(final List<Position> positions, final Source rgb, final Source depth) {
		try (NDManager scratch = manager.newSubManager()) {
			final NDList inputs = new NDList(input(positions, rgb, rgbInput, scratch), input(positions, depth, depthInput, scratch));
			final NDList results = network.forward(new ParameterStore(scratch, false), inputs, false);
			return crops(positions, results);
		}
	}

	/** The normalised crops [N,3,side,side]; the array lies in the buffer. */
	private NDArray input(final List<Position> positions, final Source source, final ByteBuffer buffer, final NDManager scratch) {
		final FloatBuffer floats = buffer.clear().asFloatBuffer();
		for (final Position at : positions)
			source.put(at, side, normaliser, floats);
		buffer.limit(floats.position() * Float.BYTES);
		return scratch.create(buffer, new Shape(positions.size(), 3, side, side), DataType.FLOAT32);
	}

	/** From the network's results, logits [N], cells [N,h,w] and attention [N,T,T], to crops. */
	private List<Crop> crops(final List<Position> positions, final NDList results) {
		final float[] logits = results.get(0).toFloatArray();
		final float[] cells = results.get(1).toFloatArray();
		final NDArray attention = results.get(2);
		final float[] looked = attention.mean(new int[] {1}).toFloatArray(); // [N,T]
		final int perSide = (int) results.get(1).getShape().get(1);
		final int perCrop = perSide * perSide;
		final List<Crop> crops = new ArrayList<>();
		for (int i = 0; i < logits.length; i++) {
			final float[] quality = new float[perCrop];
			final float[] share = new float[perCrop];
			for (int k = 0; k < perCrop; k++) {
				quality[k] = (float) sigmoid(cells[i * perCrop + k]);
				share[k] = looked[i * perCrop + k] * perCrop;
			}
			crops.add(new Crop(positions.get(i).x(), positions.get(i).y(), side, sigmoid(logits[i]), quality, share, perSide));
		}
		return crops;
	}

	private static double sigmoid(final double logit) {
		return 1 / (1 + Math.exp(-logit));
	}

	/** Frees the models' memory. */
	@Override
	public synchronized void close() {
		manager.close();
	}
}
