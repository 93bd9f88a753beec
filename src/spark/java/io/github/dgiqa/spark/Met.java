package io.github.dgiqa.spark;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What the listing meets. It stays where it was met, as rows of Spark's: all of it together may be more than one machine
 * can hold.
 */
enum Met {
	/** To assess: an image by its name or first bytes, or named by the user. */
	FILE,
	/** To look into. */
	FOLDER,
	/** See {@link io.github.dgiqa.batch.LeftOut.Reason}. */
	NO_IMAGE, LOOP, UNREADABLE;

	static final String KIND = "kind";
	/** As the user would write it; of what is unreadable, a sentence without its full stop. */
	static final String PATH = "path";
	/** The same with its file system, for every machine. */
	static final String PLACE = "place";
	/** Why a FILE cannot be assessed; null where nothing is known yet. */
	static final String PROBLEM = "problem";

	static final StructType SCHEMA = new StructType().add(KIND, DataTypes.StringType).add(PATH, DataTypes.StringType).add(PLACE, DataTypes.StringType).add(PROBLEM, DataTypes.StringType);

	Row at(final String path, final String place) {
		return RowFactory.create(name(), path, place, null);
	}

	static Row problem(final String path, final String sentence) {
		return RowFactory.create(FILE.name(), path, null, sentence);
	}

	/** Whether a row is of this kind. */
	Column is() {
		return functions.col(KIND).equalTo(name());
	}
}
