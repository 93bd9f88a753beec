package io.github.dgiqa.evaluate.sets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Cell;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;

/** Variables of MATLAB's .mat files. */
final class MatValues {

	private MatValues() {}

	/** The texts of a cell array, in MATLAB's order. @throws SetException where there are none */
	static List<String> texts(final Path file, final String variable) {
		return read(file, variable, "a cell array of texts", contents -> {
			final Cell cell = contents.getCell(variable);
			final List<String> texts = new ArrayList<>();
			for (int i = 0; i < cell.getNumElements(); i++)
				texts.add(cell.getChar(i).getString());
			return texts;
		});
	}

	/** The numbers of a matrix, in MATLAB's order. @throws SetException where there are none */
	static double[] numbers(final Path file, final String variable) {
		return read(file, variable, "a matrix of numbers", contents -> {
			final Matrix matrix = contents.getMatrix(variable);
			final double[] numbers = new double[matrix.getNumElements()];
			for (int i = 0; i < numbers.length; i++)
				numbers[i] = matrix.getDouble(i);
			return numbers;
		});
	}

	private static <T> T read(final Path file, final String variable, final String kind, final Function<MatFile, T> values) {
		try (MatFile contents = Mat5.readFromFile(file.toFile())) {
			return values.apply(contents);
		}
		catch (IOException | RuntimeException e) { // a damaged file fails in many ways
			throw new SetException(file + " cannot be used: a .mat file with the variable " + variable + ", " + kind + ", is needed (" + e.getMessage() + ").", e);
		}
	}
}
