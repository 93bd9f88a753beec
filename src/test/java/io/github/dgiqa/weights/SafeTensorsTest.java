package io.github.dgiqa.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import io.github.dgiqa.NativeMemory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTensorsTest extends NativeMemory {

	private static Map<String, StoredTensor> read(final String header, final ByteBuffer data) throws IOException {
		final byte[] json = header.getBytes(StandardCharsets.UTF_8);
		final ByteBuffer file = ByteBuffer.allocate(8 + json.length + data.capacity()).order(ByteOrder.LITTLE_ENDIAN);
		file.putLong(json.length).put(json).put(data.array());
		return SafeTensors.read(Bytes.of("test.safetensors", file.array()));
	}

	@Test
	void halfSingleAndDoubleBecomeFloat32() throws IOException {
		final ByteBuffer data = ByteBuffer.allocate(4 + 8 + 8).order(ByteOrder.LITTLE_ENDIAN);
		data.putShort((short) 0x3c00).putShort((short) 0xc000); // 1 and -2 in float16
		data.putFloat(0.5f).putFloat(3f).putDouble(0.1);
		final Map<String, StoredTensor> tensors = read("{\"__metadata__\":{\"format\":\"pt\"},\"half\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},"
			+ "\"single\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[4,12]},\"double\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[12,20]}}", data);
		assertEquals(3, tensors.size());
		assertArrayEquals(new float[] {1, -2}, tensors.get("half").load(manager).toFloatArray());
		assertArrayEquals(new float[] {0.5f, 3}, tensors.get("single").load(manager).toFloatArray());
		assertEquals(new Shape(1, 2), tensors.get("single").shape());
		assertEquals(0.1f, tensors.get("double").load(manager).getFloat());
		for (final StoredTensor tensor : tensors.values())
			assertEquals(DataType.FLOAT32, tensor.load(manager).getDataType());
	}

	@ParameterizedTest
	@ValueSource(strings = {
		"not json",
		"[]",
		"{\"a\":1}",
		"{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}",
		"{\"__metadata__\":{\"a\":[[1]]}}",
		"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
		"{\"a\":{\"dtype\":\"F8\",\"shape\":[1],\"data_offsets\":[0,4]}}",
		"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", // smaller than its shape
		"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", // behind the end
		"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}",
		"{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,-4]}}",
		"{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}",
		"{\"a\":{\"dtype\":\"F32\",\"shape\":[0,4294967296,4294967296],\"data_offsets\":[0,0]}}"})
	void damagedHeadersAreRefusedInASentence(final String header) {
		final WeightsException e = assertThrows(WeightsException.class, () -> read(header, ByteBuffer.allocate(4)));
		assertTrue(e.getMessage().startsWith("test.safetensors is not a usable .safetensors file: "), e.getMessage());
	}

	@Test
	void aShapeOfMillionsOfSidesIsRefusedAtOnce() {
		final String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[" + "0,".repeat(4_000_000) + "0],\"data_offsets\":[0,0]}}";
		final WeightsException e = assertTimeoutPreemptively(Duration.ofMinutes(1), () -> assertThrows(WeightsException.class, () -> read(header, ByteBuffer.allocate(4))));
		assertTrue(e.getMessage().contains("tensor a (F32, shape [0, 0,") && e.getMessage().length() < 500, e.getMessage());
	}

	@Test
	void otherTypesAreNotCalledDamage() {
		final WeightsException e = assertThrows(WeightsException.class, () -> read("{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]}}", ByteBuffer.allocate(1)));
		assertEquals("test.safetensors is not a usable .safetensors file: tensor a has the type F8_E4M3, which is not supported; open it in PyTorch, convert its tensors to float32 and save its state_dict() alone.", e.getMessage());
	}

	@Test
	void damagedLengthsAreRefused() {
		for (final byte[] bytes : new byte[][] {{}, {1, 2, 3}, {-1, -1, -1, -1, -1, -1, -1, 127}, {-1, -1, -1, -1, -1, -1, -1, -1}, {100, 0, 0, 0, 0, 0, 0, 0, '{', '}'}})
			assertThrows(WeightsException.class, () -> SafeTensors.read(Bytes.of("test.safetensors", bytes)));
	}
}
