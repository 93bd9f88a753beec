package io.github.dgiqa.assess;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Stages.Stage;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.DeviceFailure;
import io.github.dgiqa.engine.Notices;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.ImageException;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.image.ShortSide;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelDescription.Preprocessing;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;
import io.github.dgiqa.network.Layer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

	/** In place of a depth model's name: depth is measured, and given with each picture. */
	public static final String MEASURED = "measured";

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
	 * @param precision numbers to compute with; float16 needs a GPU
	 * @param threads threads on the CPU; 0 for PyTorch's choice; only before the engine has started
	 */
	public record Settings(String model, Path weights, String depth, Path depthWeights, Sampling sampling, DeviceChoice device, Precision precision, int threads) {

		/** The model in the box on the best device. */
		public static Settings defaults() {
			return new Settings(ModelStore.DEFAULT_MODEL, null, null, null, null, DeviceChoice.AUTO, Precision.FLOAT32, 0);
		}

		/** The quality model, with the weights that it is to have. */
		public StoredModel qualityModel(final ModelStore store) {
			return store.find(model, ModelDescription.Kind.QUALITY).with(weights);
		}

		/** The depth model that goes with a quality model here, with the weights that it is to have; not where depth is {@link #MEASURED}. */
		public StoredModel depthModel(final ModelStore store, final StoredModel quality) {
			return store.find(depth == null ? quality.description().depth() : depth, ModelDescription.Kind.DEPTH).with(depthWeights);
		}

		/** Why these settings contradict each other, in one sentence; null where they do not. */
		public String problem() {
			if (precision != Precision.FLOAT16 || !device.equals(DeviceChoice.CPU)) return null;
			return "The precision float16 needs a GPU, and the device cpu was asked for: choose another device, or float32.";
		}
	}

	/** Each takes as much memory as one picture does. */
	private static final int MOST_LANES = 4;
	/** Bytes of Java's heap: several times what a picture of the largest that is not alone takes. */
	private static final long HEAP_PER_LANE = 256L << 20;

	private final StoredModel model;
	/** Null where depth is measured. */
	private final StoredModel depthModel;
	private final Sampling sampling;
	private final ShortSide shortSide;
	private final int side;
	private Computation computation;
	private boolean fellBack;
	private Stages stages = Stages.NOT_TAKEN;

	private Assessor(final StoredModel model, final StoredModel depthModel, final Settings settings) {
		this.model = model;
		this.depthModel = depthModel;
		final Preprocessing preprocessing = model.description().preprocessing();
		shortSide = new ShortSide(preprocessing.leastSide(), preprocessing.shortSide());
		side = preprocessing.crop();
		sampling = settings.sampling == null ? sampling(model.description().sampling()) : settings.sampling;
		final String problem = settings.problem();
		if (problem != null) throw new DgiqaException(problem);
		// the natives take as long to load
		model.prepareAhead();
		if (depthModel != null) depthModel.prepareAhead();
		try {
			final TorchEngine engine = TorchEngine.start(settings.device, settings.threads);
			Layer.prepareAhead();
			computation = load(engine, settings.precision);
		}
		finally {
			model.forgetAhead();
			if (depthModel != null) depthModel.forgetAhead();
		}
	}

	/** As {@link #beside()} says. */
	private Assessor(final Assessor other) {
		model = other.model;
		depthModel = other.depthModel;
		sampling = other.sampling;
		shortSide = other.shortSide;
		side = other.side;
		stages = other.stages();
		computation = other.computation.beside();
	}

	/**
	 * Another assessor on the CPU, with the same networks, for another thread. It need not be closed, and works as long as
	 * this one is open.
	 */
	Assessor beside() {
		return new Assessor(this);
	}

	/** As {@link Computation#rehearse}. */
	synchronized void rehearse() {
		computation.rehearse();
	}

	/** For several pictures at a time; whoever asks closes them. */
	synchronized Lanes openLanes() {
		return new Lanes(this, computation.engine(), lanes());
	}

	/** Loads the models on the device, or on the CPU where the device fails. */
	private Computation load(final TorchEngine engine, final Precision precision) {
		if (precision == Precision.FLOAT16 && !engine.isAccelerated()) Notices.once("The precision float16 needs a GPU, and there is none to use: computing in float32 on the CPU.");
		try {
			return new Computation(engine, engine.isAccelerated() ? precision : Precision.FLOAT32, model, depthModel);
		}
		catch (final DeviceFailure e) {
			fellBack = true;
			return onCpu(e);
		}
	}

	/** Loads the models on the CPU, and tells the user. */
	private Computation onCpu(final DeviceFailure why) {
		Notices.say(why.getMessage() + " Going on with the CPU.");
		return new Computation(TorchEngine.start(DeviceChoice.CPU, 0), Precision.FLOAT32, model, depthModel);
	}

	/**
	 * Starts the engine and loads the models.
	 *
	 * @throws io.github.dgiqa.DgiqaException where that is not possible
	 */
	public static Assessor open(final ModelStore store, final Settings settings) {
		final StoredModel model = settings.qualityModel(store);
		return new Assessor(model, MEASURED.equals(settings.depth) ? null : settings.depthModel(store, model), settings);
	}

	/**
	 * Starts the engine and loads models that were found already.
	 *
	 * @param depthModel null where depth is measured
	 * @param settings whose models and weights are not looked at
	 * @throws io.github.dgiqa.DgiqaException where that is not possible
	 */
	public static Assessor open(final StoredModel model, final StoredModel depthModel, final Settings settings) {
		return new Assessor(model, depthModel, settings);
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
		return depthModel == null ? MEASURED : depthModel.name();
	}

	public Sampling sampling() {
		return sampling;
	}

	/** cpu, gpu ...; it can change where a GPU fails. */
	public synchronized String deviceName() {
		return computation.engine().deviceName();
	}

	/** For people: the engine's version and the device. */
	public synchronized String engineDescription() {
		return computation.description();
	}

	/** From now on says where the time of its pictures goes. */
	public synchronized void time(final Stages chosen) {
		stages = chosen;
	}

	/** Where the time of its pictures goes; for those who open files and keep results. */
	public synchronized Stages stages() {
		return stages;
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
		final PictureAtWork work = prepare(picture, crops, measured, between);
		score(List.of(work), Integer.MAX_VALUE, between);
		return assessment(work);
	}

	/** Everything but the scores of the crops. */
	synchronized PictureAtWork prepare(final Picture picture, final Sampling crops, final FloatMap measured, final Runnable between) {
		between.run();
		final long start = System.nanoTime();
		final List<String> notes = new ArrayList<>(picture.notes());
		final String note = PictureAtWork.note(picture, crops, shortSide, side);
		if (note != null) notes.add(note);
		final String depthNote = measured == null ? computation.depthEstimator().note(picture.width(), picture.height()) : null;
		if (depthNote != null) notes.add(depthNote);
		final FloatMap inverseDepth = measured == null ? stages.in(Stage.DEPTH, () -> estimate(picture)) : measured;
		final PictureAtWork work = stages.in(Stage.CROPS, () -> new PictureAtWork(picture, crops, inverseDepth, measured == null ? computation : null, shortSide, side, notes));
		work.spent(System.nanoTime() - start);
		return work;
	}

	/**
	 * Scores crops of pictures, those of several together where there is room.
	 *
	 * @param most crops to score; a multiple of {@link #batch()} leaves no batch half empty
	 */
	synchronized void score(final List<PictureAtWork> pictures, final int most, final Runnable between) {
		List<Computation.Square> open = open(pictures);
		for (int done = 0; !open.isEmpty() && done < most;) {
			between.run();
			final List<Computation.Square> batch = open.subList(0, Math.min(computation.batch(), open.size()));
			final long start = System.nanoTime();
			try {
				final List<Crop> crops = computation.score(batch, stages);
				final long each = (System.nanoTime() - start) / batch.size();
				for (int i = 0; i < batch.size(); i++) {
					batch.get(i).picture().add(crops.get(i), computation);
					batch.get(i).picture().spent(each);
				}
				done += batch.size();
			}
			catch (final DeviceFailure e) {
				recover(e);
			}
			open = open(pictures);
		}
	}

	private List<Computation.Square> open(final List<PictureAtWork> pictures) {
		pictures.forEach(picture -> picture.goOnWith(computation));
		return pictures.stream().flatMap(picture -> picture.open().stream()).toList();
	}

	/** Takes smaller batches, or the CPU. */
	private void recover(final DeviceFailure failure) {
		if (failure.isLackOfMemory() && computation.halveBatch()) Notices.once("The GPU has too little memory for so many crops at a time; going on with smaller batches.");
		else leave(failure);
	}

	/** From now on it is the CPU. */
	private void leave(final DeviceFailure failure) {
		final Computation failed = computation;
		computation = onCpu(failure);
		fellBack = true;
		try {
			failed.close();
		}
		catch (final RuntimeException e) {
			// what a broken device still holds ends with the process
		}
	}

	private FloatMap estimate(final Picture picture) {
		try {
			return computation.inverseDepth(picture);
		}
		catch (final DeviceFailure e) {
			leave(e);
			return computation.inverseDepth(picture);
		}
	}

	/** Whether a device failed, and the CPU has taken its place. */
	public synchronized boolean fellBack() {
		return fellBack;
	}

	/** How many crops go through the network together; where it is more than a picture has, those of several pictures should. */
	synchronized int batch() {
		return computation.batch();
	}

	/** How many pictures are better assessed at a time than one: on the CPU, threads wait for each other within a network. */
	synchronized int lanes() {
		if (computation.engine().isAccelerated()) return 1;
		final long room = Math.max(1, Runtime.getRuntime().maxMemory() / HEAP_PER_LANE);
		return (int) Math.min(room, Math.min(MOST_LANES, computation.engine().threads()));
	}

	/** Whether crops of several pictures are better scored together. */
	synchronized boolean joinsPictures() {
		return computation.engine().isAccelerated();
	}

	/** What was found. @throws DgiqaException where the score is no finite number */
	Assessment assessment(final PictureAtWork work) {
		return work.assessment(model.name(), depthModelName());
	}

	/**
	 * The depth model's inverse depth at the picture's size: near is large. These are the network's own numbers, enlarged
	 * or reduced bilinearly.
	 */
	public synchronized FloatMap inverseDepth(final Picture picture) {
		return estimate(picture).resize(picture.width(), picture.height());
	}

	/** Frees the models' memory. */
	@Override
	public synchronized void close() {
		computation.close();
	}
}
