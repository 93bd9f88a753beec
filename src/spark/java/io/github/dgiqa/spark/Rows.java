package io.github.dgiqa.spark;

import io.github.dgiqa.display.CsvTable;
import io.github.dgiqa.display.ResultRow;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns of the command line's CSV as Spark knows them: numbers as numbers, null where there is none. */
final class Rows {

	static final String PATH = "path";
	static final String SLICE = "slice";
	static final String ERROR = "error";

	private static final Map<Class<?>, DataType> TYPES = Map.of(String.class, DataTypes.StringType, Integer.class, DataTypes.IntegerType, Long.class, DataTypes.LongType, Double.class, DataTypes.DoubleType);

	static final StructType SCHEMA = schema(column -> TYPES.get(column.type()));
	private static final StructType TEXT = schema(column -> DataTypes.StringType);

	private Rows() {}

	private static StructType schema(final Function<CsvTable.Column, DataType> type) {
		StructType schema = new StructType();
		for (final CsvTable.Column column : CsvTable.COLUMNS)
			schema = schema.add(column.name(), type.apply(column));
		return schema;
	}

	static Row of(final ResultRow row) {
		return RowFactory.create(CsvTable.values(row).toArray());
	}

	/** The same rows as the command line writes them. */
	static Dataset<Row> text(final Dataset<Row> rows) {
		return rows.map((MapFunction<Row, Row>) Rows::text, Encoders.row(TEXT));
	}

	private static Row text(final Row row) {
		final List<Object> values = IntStream.range(0, row.size()).mapToObj(row::get).toList();
		return RowFactory.create(CsvTable.cells(values).toArray());
	}
}
