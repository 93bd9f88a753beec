package io.github.dgiqa.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.google.gson.JsonElement;

import io.github.dgiqa.NativeMemory;
import io.github.dgiqa.Photographs;
import io.github.dgiqa.Reference;
import io.github.dgiqa.bench.ClosedForm.Elements;
import io.github.dgiqa.depth.DepthEstimator;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.model.ModelDescription;
import io.github.dgiqa.model.ModelException;
import io.github.dgiqa.model.ModelImport;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.Watch;
import io.github.dgiqa.weights.WeightWriter.Form;

import net.razorvine.pickle.Opcodes;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceKeysTest extends NativeMemory {

	private static final String BLOCK = "backbone.encoder.layer.$1.";
	private static final String[] THREE = {"query", "key", "value"};

	/** The published keys as transformers 4 writes them; of query, key and value the query. */
	private static final String[][] NAMES = {
		{"pretrained\\.(cls_token|mask_token)", "backbone.embeddings.$1"},
		{"pretrained\\.pos_embed", "backbone.embeddings.position_embeddings"},
		{"pretrained\\.patch_embed\\.proj\\.(\\w+)", "backbone.embeddings.patch_embeddings.projection.$1"},
		{"pretrained\\.norm\\.(\\w+)", "backbone.layernorm.$1"},
		{"pretrained\\.blocks\\.(\\d+)\\.attn\\.qkv\\.(\\w+)", BLOCK + "attention.attention.query.$2"},
		{"pretrained\\.blocks\\.(\\d+)\\.attn\\.proj\\.(\\w+)", BLOCK + "attention.output.dense.$2"},
		{"pretrained\\.blocks\\.(\\d+)\\.ls([12])\\.gamma", BLOCK + "layer_scale$2.lambda1"},
		{"pretrained\\.blocks\\.(\\d+)\\.(norm[12]|mlp\\.fc[12])\\.(\\w+)", BLOCK + "$2.$3"},
		{"depth_head\\.projects\\.(\\d)\\.(\\w+)", "neck.reassemble_stage.layers.$1.projection.$2"},
		{"depth_head\\.resize_layers\\.(\\d)\\.(\\w+)", "neck.reassemble_stage.layers.$1.resize.$2"},
		{"depth_head\\.scratch\\.layer1_rn\\.weight", "neck.convs.0.weight"},
		{"depth_head\\.scratch\\.layer2_rn\\.weight", "neck.convs.1.weight"},
		{"depth_head\\.scratch\\.layer3_rn\\.weight", "neck.convs.2.weight"},
		{"depth_head\\.scratch\\.layer4_rn\\.weight", "neck.convs.3.weight"},
		{"depth_head\\.scratch\\.refinenet1\\.(.+)", "neck.fusion_stage.layers.3.$1"},
		{"depth_head\\.scratch\\.refinenet2\\.(.+)", "neck.fusion_stage.layers.2.$1"},
		{"depth_head\\.scratch\\.refinenet3\\.(.+)", "neck.fusion_stage.layers.1.$1"},
		{"depth_head\\.scratch\\.refinenet4\\.(.+)", "neck.fusion_stage.layers.0.$1"},
		{"(neck.+)\\.out_conv\\.(\\w+)", "$1.projection.$2"},
		{"(neck.+)\\.resConfUnit([12])\\.conv([12])\\.(\\w+)", "$1.residual_layer$2.convolution$3.$4"},
		{"depth_head\\.scratch\\.output_conv1\\.(\\w+)", "head.conv1.$1"},
		{"depth_head\\.scratch\\.output_conv2\\.0\\.(\\w+)", "head.conv2.$1"},
		{"depth_head\\.scratch\\.output_conv2\\.2\\.(\\w+)", "head.conv3.$1"}};

	/** What version 5 has in memory, and in files of torch.save. */
	private static final String[][] NEW_NAMES = {{"attention.attention.query", "attention.q_proj"}, {"attention.attention.key", "attention.k_proj"}, {"attention.attention.value", "attention.v_proj"}, {"attention.output.dense", "attention.o_proj"}};

	@TempDir
	private Path folder;

	/**
	 * A tensor in Hugging Face's form.
	 *
	 * @param published the key of the published tensor that it is, or is a part of
	 * @param offset where in that it begins
	 */
	private record Part(String published, long offset, Shape shape) {}

	private static String huggingFace(final String published) {
		String key = published;
		for (final String[] name : NAMES)
			key = key.replaceAll("^" + name[0] + "$", name[1]);
		return key;
	}

	private static Map<String, Part> parts(final String network) {
		final Map<String, Part> parts = new LinkedHashMap<>();
		Fill.published(network).forEach((published, shape) -> {
			final String key = huggingFace(published);
			final int count = published.contains("qkv") ? 3 : 1;
			final long[] sides = shape.getShape().clone();
			if (count == 3) sides[0] /= 3;
			for (int i = 0; i < count; i++) {
				final Shape part = new Shape(sides);
				parts.put(key.replace("query", THREE[i]), new Part(published, i * part.size(), part));
			}
		});
		return parts;
	}

	/** transformers 4.57.1 and 5.23.0 wrote a file with these keys. */
	@Test
	void theKeysHereAreThoseOfTransformers() {
		final Map<String, Part> parts = parts("depth_anything_vits");
		final Map<String, JsonElement> written = Reference.json("huggingface_shapes.json").asMap();
		assertEquals(written.keySet(), parts.keySet());
		written.forEach((key, shape) -> assertArrayEquals(shape.getAsJsonArray().asList().stream().mapToLong(JsonElement::getAsLong).toArray(), parts.get(key).shape().getShape(), key));
	}

	/** ViT-S under the fill. */
	private Path filled(final Form form) throws IOException {
		final Map<String, Shape> published = Fill.published("depth_anything_vits");
		final Map<String, Part> parts = parts("depth_anything_vits");
		final Map<String, Shape> shapes = new LinkedHashMap<>();
		parts.forEach((key, part) -> shapes.put(key, part.shape()));
		final Path file = folder.resolve(form.name());
		WeightWriter.write(shapes, key -> {
			final Part part = parts.get(key);
			final Elements elements = Fill.elements(part.published(), published.get(part.published()));
			return index -> elements.at(part.offset() + index);
		}, file, form);
		return file;
	}

	@ParameterizedTest
	@EnumSource(Form.class)
	void allTensorsAreThePublishedOnes(final Form form) throws IOException {
		final Map<String, Shape> published = Fill.published("depth_anything_vits");
		try (Bytes file = Bytes.of(filled(form))) {
			final Map<String, StoredTensor> tensors = WeightFile.tensors(file);
			assertEquals(published.keySet(), tensors.keySet());
			for (final Map.Entry<String, Shape> entry : published.entrySet()) {
				final Elements elements = Fill.elements(entry.getKey(), entry.getValue());
				final float[] expected = new float[(int) entry.getValue().size()];
				for (int i = 0; i < expected.length; i++)
					expected[i] = elements.at(i);
				try (NDManager ofTensor = manager.newSubManager()) {
					final NDArray loaded = tensors.get(entry.getKey()).load(ofTensor);
					assertEquals(entry.getValue(), loaded.getShape(), entry.getKey());
					assertArrayEquals(expected, loaded.toFloatArray(), entry.getKey());
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource(value = Form.class, names = {"SAFETENSORS", "ZIP"})
	void theNetworkIsThePublishedOne(final Form form) throws IOException {
		final DepthEstimator estimator = new DepthEstimator(ModelStore.of(null).find("depth-anything-vits").with(filled(form)), TorchEngine.start(DeviceChoice.CPU, 0), Precision.FLOAT32, manager);
		final FloatMap map = estimator.estimate(Photographs.open("coffee"));
		final NDArray expected = Reference.arrays(manager, "published.npz").get("coffee.depth.net");
		Reference.assertClose("coffee.depth.net", expected, manager.create(map.values(), new Shape(map.height(), map.width())).get("::4, ::4"), 2e-5);
	}

	/** What the store keeps is the published network's file, to the last byte. */
	@Test
	void importedItIsThePublishedOne() throws IOException {
		final Path published = folder.resolve("published.pth");
		Fill.write(Fill.published("depth_anything_vits"), published, Form.ZIP);
		final ModelStore store = ModelStore.of(folder.resolve("store"), null);
		assertEquals("depth-anything-vits", ModelImport.run(store, filled(Form.SAFETENSORS), new ModelImport.Wishes(null, false), Watch.NOBODY).get(0).name());
		ModelImport.run(store, published, new ModelImport.Wishes("published", false), Watch.NOBODY);
		final ModelDescription imported = store.find("depth-anything-vits").description();
		assertEquals("SAFETENSORS", imported.origin().file());
		assertEquals(store.find("published").description().files(), imported.files());
	}

	/** A file in which each tensor repeats one element, which is 0. */
	private static byte[] repeating(final Map<String, Shape> shapes) throws IOException {
		final PickleBytes pickle = new PickleBytes().op(Opcodes.EMPTY_DICT, Opcodes.MARK);
		shapes.forEach((key, shape) -> pickle.text(key).tensor("FloatStorage", "0", 1, false, 0, shape.getShape(), new long[shape.dimension()]));
		return WeightFileTest.zip(ZipArchiveEntry.STORED, pickle.op(Opcodes.SETITEMS).stop(), new byte[Float.BYTES]);
	}

	private static Map<String, Shape> shapes(final String network) {
		final Map<String, Shape> shapes = new LinkedHashMap<>();
		parts(network).forEach((key, part) -> shapes.put(key, part.shape()));
		return shapes;
	}

	private static String refusal(final Map<String, Shape> shapes) {
		return assertThrows(WeightsException.class, () -> WeightFileTest.inMemory(repeating(shapes))).getMessage();
	}

	@ParameterizedTest
	@CsvSource({"depth_anything_vits,", "depth_anything_vitb,", "depth_anything_vitl,", "depth_anything_vits,module.", "depth_anything_vits,5", "depth_anything_vitl,5"})
	void allSizesAndFormsHaveThePublishedShapes(final String network, final String form) throws IOException {
		final Map<String, Shape> shapes = new LinkedHashMap<>();
		shapes(network).forEach((key, shape) -> {
			String name = "module.".equals(form) ? form + key : key;
			for (final String[] names : "5".equals(form) ? NEW_NAMES : new String[0][])
				name = name.replace(names[0], names[1]);
			shapes.put(name, shape);
		});
		final Map<String, Shape> found = new LinkedHashMap<>();
		WeightFileTest.inMemory(repeating(shapes)).forEach((key, tensor) -> found.put(key, tensor.shape()));
		assertEquals(Fill.published(network), found);
	}

	@Test
	void aMaskTokenThatIsMissingIsZero() throws IOException {
		final Map<String, Shape> shapes = shapes("depth_anything_vitb");
		shapes.remove("backbone.embeddings.mask_token");
		final Map<String, StoredTensor> tensors = WeightFileTest.inMemory(repeating(shapes));
		assertEquals(Fill.published("depth_anything_vitb").keySet(), tensors.keySet());
		final NDArray mask = tensors.get("pretrained.mask_token").load(manager);
		assertEquals(new Shape(1, 768), mask.getShape());
		assertArrayEquals(new float[768], mask.toFloatArray());
		final byte[] half = WeightFileTest.zip(ZipArchiveEntry.STORED, new PickleBytes().op(Opcodes.EMPTY_DICT)
			.text("backbone.embeddings.cls_token").tensor("HalfStorage", "0", 3, false, 0, new long[] {1, 1, 3}, new long[] {3, 3, 1}).op(Opcodes.SETITEM).stop(), new byte[6]);
		final StoredTensor halfMask = WeightFileTest.inMemory(half).get("pretrained.mask_token");
		assertEquals(ElementType.F16, halfMask.type());
		assertArrayEquals(new float[3], halfMask.load(manager).toFloatArray());
	}

	@ParameterizedTest
	@ValueSource(strings = {"query", "key", "value"})
	void oneOfThreeThatIsMissingIsNamed(final String one) {
		final Map<String, Shape> shapes = shapes("depth_anything_vits");
		shapes.remove("backbone.encoder.layer.7.attention.attention." + one + ".bias");
		assertEquals("weights.pth lacks the tensor backbone.encoder.layer.7.attention.attention." + one + ".bias: query, key and value of each of the encoder's blocks are needed; fetch the file again.", refusal(shapes));
	}

	@Test
	void whatElseIsMissingOrUnknownIsNamed() throws IOException {
		final Map<String, Shape> shapes = shapes("depth_anything_vits");
		shapes.remove("backbone.embeddings.cls_token");
		shapes.remove("neck.convs.2.weight");
		shapes.put("backbone.encoder.layer.3.mlp.gate_proj.weight", new Shape(2));
		shapes.put("neck.convs.4.weight", new Shape(3));
		shapes.put("head", new Shape(4));
		final Path file = Files.write(folder.resolve("weights.bin"), repeating(shapes));
		final ModelException e = assertThrows(ModelException.class, () -> ModelStore.of(null).find("depth-anything-vits").with(file).load(manager));
		assertTrue(e.getMessage().contains("2 tensors are missing (pretrained.cls_token (1, 1, 384); depth_head.scratch.layer3_rn.weight (64, 192, 3, 3)), 3 are unexpected (backbone.encoder.layer.3.mlp.gate_proj.weight (2); neck.convs.4.weight (3); head (4))"), e.getMessage());
	}

	@Test
	void whatDoesNotFitTogetherIsRefused() throws IOException {
		final Map<String, Shape> shapes = shapes("depth_anything_vits");
		final String start = "backbone.encoder.layer.0.attention.attention.";
		shapes.put(start + "key.weight", new Shape(384, 383));
		assertEquals("weights.pth has tensors that cannot be joined, for their types or shapes are not the same: " + start + "query.weight F32 (384, 384), " + start + "key.weight F32 (384, 383), " + start
			+ "value.weight F32 (384, 384); convert all to float32 and save them again, or take other weights.", refusal(shapes));
		shapes.put(start + "key.weight", new Shape());
		assertTrue(refusal(shapes).contains("cannot be joined"));
		shapes.put(start + "query.weight", new Shape());
		shapes.put(start + "value.weight", new Shape());
		assertTrue(refusal(shapes).contains("cannot be joined"));
		final PickleBytes types = new PickleBytes().op(Opcodes.EMPTY_DICT);
		for (final String one : THREE)
			types.text(start + one + ".bias").tensor(one.equals("value") ? "HalfStorage" : "FloatStorage", one.equals("value") ? "1" : "0", 1, false, 0, new long[] {1}, new long[] {1}).op(Opcodes.SETITEM);
		final Map<String, byte[]> entries = new LinkedHashMap<>();
		entries.put("archive/data.pkl", types.stop());
		entries.put("archive/data/0", new byte[4]);
		entries.put("archive/data/1", new byte[2]);
		final byte[] file = WeightFileTest.zip(ZipArchiveEntry.STORED, entries);
		final String sentence = assertThrows(WeightsException.class, () -> WeightFileTest.inMemory(file)).getMessage();
		assertTrue(sentence.contains("query.bias F32 (1), " + start + "key.bias F32 (1), " + start + "value.bias F16 (1)"), sentence);
	}

	@Test
	void tensorsThatBecomeTheSameAreRefused() {
		final Map<String, Shape> shapes = shapes("depth_anything_vits");
		shapes.put("pretrained.blocks.0.attn.qkv.bias", new Shape(1152));
		assertEquals("weights.pth has two tensors for pretrained.blocks.0.attn.qkv.bias: backbone.encoder.layer.0.attention.attention.query.bias and pretrained.blocks.0.attn.qkv.bias; save the weights again with one of them.", refusal(shapes));
	}

	/**
	 * Three of 1001 by 300, of a storage that counts from 0: the query transposed, the key every second column of its part,
	 * the value in order, in another place. Written, they are more than one piece.
	 */
	@ParameterizedTest
	@CsvSource({
		ZipArchiveEntry.STORED + ",attention.attention.query,attention.attention.key,attention.attention.value",
		ZipArchiveEntry.DEFLATED + ",attention.attention.query,attention.attention.key,attention.attention.value",
		ZipArchiveEntry.STORED + ",attention.q_proj,attention.k_proj,attention.v_proj"})
	void threeThatLieInOtherOrdersAreJoined(final int method, final String query, final String key, final String value) throws IOException {
		final int rows = 1001;
		final int columns = 300;
		final int elements = 3 * rows * columns + 7;
		final String start = "backbone.encoder.layer.0.";
		final byte[] pickle = new PickleBytes().op(Opcodes.EMPTY_DICT)
			.text(start + value + ".weight").tensor("FloatStorage", "0", elements, false, 7, new long[] {rows, columns}, new long[] {columns, 1}).op(Opcodes.SETITEM)
			.text(start + key + ".weight").tensor("FloatStorage", "0", elements, false, 1, new long[] {rows, columns}, new long[] {2 * columns, 2}).op(Opcodes.SETITEM)
			.text(start + query + ".weight").tensor("FloatStorage", "0", elements, false, 0, new long[] {rows, columns}, new long[] {1, rows}).op(Opcodes.SETITEM).stop();
		final ByteBuffer storage = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
		for (int i = 0; i < elements; i++)
			storage.putFloat(i);
		final float[] expected = new float[3 * rows * columns];
		for (int row = 0; row < rows; row++)
			for (int column = 0; column < columns; column++) {
				final int place = row * columns + column;
				expected[place] = row + column * rows;
				expected[rows * columns + place] = 1 + 2 * place;
				expected[2 * rows * columns + place] = 7 + place;
			}
		final Map<String, StoredTensor> tensors = WeightFileTest.inMemory(WeightFileTest.zip(method, pickle, storage.array()));
		final StoredTensor joined = tensors.get("pretrained.blocks.0.attn.qkv.weight");
		assertEquals(new Shape(3 * rows, columns), joined.shape());
		assertArrayEquals(expected, joined.load(manager).toFloatArray());
		final Path file = folder.resolve("written");
		SafeTensorsWriter.write(file, tensors, Map.of(), () -> {});
		try (Bytes bytes = Bytes.of(file)) {
			assertArrayEquals(expected, WeightFile.tensors(bytes).get("pretrained.blocks.0.attn.qkv.weight").load(manager).toFloatArray());
		}
	}
}
