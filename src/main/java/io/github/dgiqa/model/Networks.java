package io.github.dgiqa.model;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonDeserializer;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;

import io.github.dgiqa.network.Backbone;
import io.github.dgiqa.network.DepthAnything;
import io.github.dgiqa.network.DepthPyramid;
import io.github.dgiqa.network.DgiqaNetwork;
import io.github.dgiqa.network.Layer;

import java.util.Map;
import java.util.function.Function;

/** From the {@code network} part of a model's description to the network, without weights. */
final class Networks {

	private static final JsonDeserializer<Backbone.Sizes> BACKBONE = (json, type, context) -> {
		final JsonElement kind = json.getAsJsonObject().get("type");
		final Class<? extends Backbone.Sizes> sizes = kind == null ? null : Backbone.KINDS.get(kind.getAsString());
		if (sizes == null) throw new JsonParseException("the backbone's type is " + kind + "; known are " + Backbone.KINDS.keySet().stream().sorted().toList());
		return context.deserialize(json, sizes);
	};

	private static final Gson GSON = new GsonBuilder().setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
		.registerTypeAdapter(Backbone.Sizes.class, BACKBONE).create();

	private static final Map<String, Function<JsonObject, Layer>> KINDS = Map.of(
		"dgiqa", json -> new DgiqaNetwork(GSON.fromJson(json, DgiqaNetwork.Sizes.class)),
		"depth-anything", json -> new DepthAnything(GSON.fromJson(json, DepthAnything.Sizes.class)),
		"depth-pyramid", json -> new DepthPyramid(GSON.fromJson(json, DepthPyramid.Sizes.class)));

	private Networks() {}

	/** @throws RuntimeException of any kind where the sizes are not those of a network */
	static Layer build(final JsonObject network) {
		final JsonElement type = network.get("type");
		final Function<JsonObject, Layer> kind = type == null ? null : KINDS.get(type.getAsString());
		if (kind == null) throw new JsonParseException("the network's type is " + type + "; known are " + KINDS.keySet().stream().sorted().toList());
		return kind.apply(network);
	}
}
