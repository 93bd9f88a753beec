package io.github.dgiqa.weights;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Depth Anything as Hugging Face's transformers has it (DepthAnythingForDepthEstimation; in repositories called
 * NAME-hf): under other keys, and with query, key and value apart, which are one tensor in the network here. Version 5 of
 * transformers has new names for the parts of the attention and writes these or the older ones.
 */
final class HuggingFaceKeys {

	/** No other network here has keys that begin like these. */
	private static final List<String> BEGINNINGS = List.of("backbone.embeddings.", "backbone.encoder.layer.");
	/** A tensor in one of the encoder's blocks. */
	private static final Pattern IN_BLOCK = Pattern.compile("(backbone\\.encoder\\.layer\\.(\\d+)\\.)(.+)");
	private static final Pattern ATTENTION = Pattern.compile("(attention\\.attention\\.(?:query|key|value)|attention\\.[qkv]_proj)(\\..+)");
	/** Query, key and value, as they are joined: as they were called up to version 4, and as since. */
	private static final List<String> OLD = List.of("attention.attention.query", "attention.attention.key", "attention.attention.value");
	private static final List<String> NEW = List.of("attention.q_proj", "attention.k_proj", "attention.v_proj");

	private static final Map<String, String> PARTS_OF_BLOCK = Map.of(
		"norm1", "norm1",
		"attention.output.dense", "attn.proj",
		"attention.o_proj", "attn.proj",
		"layer_scale1.lambda1", "ls1.gamma",
		"norm2", "norm2",
		"mlp.fc1", "mlp.fc1",
		"mlp.fc2", "mlp.fc2",
		"layer_scale2.lambda1", "ls2.gamma");

	private static final String CLASS_TOKEN = "pretrained.cls_token";
	/** For training; in inference it has no effect, and a file may lack it. */
	private static final String MASK_TOKEN = "pretrained.mask_token";
	/** In which features of the encoder go through the head. */
	private static final int STAGES = 4;
	/** All parts that are in no block. */
	private static final Map<String, String> PARTS = parts();

	private final Bytes file;
	private final Map<String, StoredTensor> stored;
	private final Keys.Renamed tensors;

	private HuggingFaceKeys(final Bytes file, final Map<String, StoredTensor> stored) {
		this.file = file;
		this.stored = stored;
		tensors = new Keys.Renamed(file);
	}

	private static Map<String, String> parts() {
		final Map<String, String> parts = new HashMap<>(Map.of(
			"backbone.embeddings.cls_token", CLASS_TOKEN,
			"backbone.embeddings.mask_token", MASK_TOKEN,
			"backbone.embeddings.position_embeddings", "pretrained.pos_embed",
			"backbone.embeddings.patch_embeddings.projection", "pretrained.patch_embed.proj",
			"backbone.layernorm", "pretrained.norm",
			"head.conv1", "depth_head.scratch.output_conv1",
			"head.conv2", "depth_head.scratch.output_conv2.0",
			"head.conv3", "depth_head.scratch.output_conv2.2"));
		for (int stage = 0; stage < STAGES; stage++) {
			parts.put("neck.reassemble_stage.layers." + stage + ".projection", "depth_head.projects." + stage);
			parts.put("neck.reassemble_stage.layers." + stage + ".resize", "depth_head.resize_layers." + stage);
			parts.put("neck.convs." + stage, "depth_head.scratch.layer" + (stage + 1) + "_rn");
			final String fusion = "neck.fusion_stage.layers." + stage;
			final String refinenet = "depth_head.scratch.refinenet" + (STAGES - stage); // these are counted from the other end
			parts.put(fusion + ".projection", refinenet + ".out_conv");
			for (int unit = 1; unit <= 2; unit++)
				for (int conv = 1; conv <= 2; conv++)
					parts.put(fusion + ".residual_layer" + unit + ".convolution" + conv, refinenet + ".resConfUnit" + unit + ".conv" + conv);
		}
		return Map.copyOf(parts);
	}

	/** Whether tensors are, by their keys, Depth Anything in this form, or a part of it. */
	static boolean areIn(final Map<String, StoredTensor> tensors) {
		return tensors.keySet().stream().anyMatch(key -> BEGINNINGS.stream().anyMatch(key::startsWith));
	}

	/**
	 * The tensors as the network here has them; those that it does not have stay as they are. A mask token that is missing
	 * is made of zeros.
	 *
	 * @throws WeightsException where query, key or value is missing or does not fit the other two, or two tensors become the
	 *         same
	 */
	static Map<String, StoredTensor> current(final Bytes file, final Map<String, StoredTensor> stored) throws IOException {
		return new HuggingFaceKeys(file, stored).current();
	}

	private Map<String, StoredTensor> current() throws IOException {
		for (final String key : stored.keySet()) {
			final Matcher block = IN_BLOCK.matcher(key);
			if (block.matches()) putOfBlock(key, block);
			else tensors.put(renamed(key, PARTS).orElse(key), key, stored.get(key));
		}
		final StoredTensor classToken = tensors.map().get(CLASS_TOKEN);
		if (classToken != null && classToken.shape().dimension() > 0 && !tensors.map().containsKey(MASK_TOKEN))
			tensors.put(MASK_TOKEN, MASK_TOKEN, classToken.zeros(MASK_TOKEN, 1, classToken.shape().getLastDimension()));
		return tensors.map();
	}

	private void putOfBlock(final String key, final Matcher block) {
		final String current = "pretrained.blocks." + block.group(2) + ".";
		final Matcher attention = ATTENTION.matcher(block.group(3));
		if (!attention.matches()) {
			tensors.put(renamed(block.group(3), PARTS_OF_BLOCK).map(part -> current + part).orElse(key), key, stored.get(key));
			return;
		}
		final List<String> names = OLD.contains(attention.group(1)) ? OLD : NEW;
		final List<String> three = names.stream().map(name -> block.group(1) + name + attention.group(2)).toList();
		final String query = three.get(0);
		if (!key.equals(query) && stored.containsKey(query)) return; // that one is joined with it
		final String joined = current + "attn.qkv" + attention.group(2);
		tensors.put(joined, key, joined(joined, three));
	}

	private StoredTensor joined(final String key, final List<String> three) {
		for (final String one : three)
			if (!stored.containsKey(one))
				throw new WeightsException(file.name() + " lacks the tensor " + Source.shown(one) + ": query, key and value of each of the encoder's blocks are needed; fetch the file again.");
		return StoredTensor.joined(key, three.stream().map(stored::get).toList()).orElseThrow(() -> new WeightsException(file.name()
			+ " has tensors that cannot be joined, for their types or shapes are not the same: " + String.join(", ", three.stream().map(one -> Source.shown(one) + " " + stored.get(one).type() + " " + stored.get(one).shape()).toList())
			+ "; convert all to float32 and save them again, or take other weights."));
	}

	/** The key that a tensor has here, if its part is known: a tensor itself, or a module with weight and bias. */
	private static Optional<String> renamed(final String key, final Map<String, String> parts) {
		if (parts.containsKey(key)) return Optional.of(parts.get(key));
		final int dot = key.lastIndexOf('.');
		return dot < 0 ? Optional.empty() : Optional.ofNullable(parts.get(key.substring(0, dot))).map(part -> part + key.substring(dot));
	}
}
