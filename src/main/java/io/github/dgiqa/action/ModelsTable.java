package io.github.dgiqa.action;

import io.github.dgiqa.model.ModelRow;
import io.github.dgiqa.model.ModelStore;

import java.awt.BorderLayout;
import java.awt.Component;
import java.awt.Dimension;
import java.util.List;

import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JTable;
import javax.swing.table.TableColumnModel;

/** The models of this ImageJ as a table to look at. */
public final class ModelsTable {

	private static final int LEAST_ROWS = 6;
	private static final int MOST_ROWS = 14;
	private static final int MARGIN = 16;
	private static final int WIDEST_COLUMN = 320;

	private ModelsTable() {}

	/** The table, and where models of the user's are. */
	public static Component panel() {
		final ModelStore store = Assessors.store();
		final List<ModelRow> rows = store.rows();
		final String[][] cells = rows.stream().map(row -> row.cells().toArray(new String[0])).toArray(String[][]::new);
		final JTable table = new JTable(cells, ModelRow.HEADINGS.toArray(new String[0])) {

			private static final long serialVersionUID = 1L;

			@Override
			public boolean isCellEditable(final int row, final int column) {
				return false;
			}
		};
		table.setAutoResizeMode(JTable.AUTO_RESIZE_OFF);
		final int width = fit(table, cells);
		table.setPreferredScrollableViewportSize(new Dimension(width, table.getRowHeight() * Math.max(LEAST_ROWS, Math.min(MOST_ROWS, cells.length))));
		final JPanel panel = new JPanel(new BorderLayout(0, 4));
		panel.add(new JScrollPane(table), BorderLayout.CENTER);
		panel.setOpaque(false);
		final JLabel place = new JLabel("Models of yours are in " + store.folder());
		place.setFont(table.getFont());
		panel.add(place, BorderLayout.SOUTH);
		return panel;
	}

	/** Makes each column as wide as its texts, and returns the width of all. */
	private static int fit(final JTable table, final String[][] cells) {
		final TableColumnModel columns = table.getColumnModel();
		int all = 0;
		for (int column = 0; column < columns.getColumnCount(); column++) {
			int width = table.getFontMetrics(table.getFont()).stringWidth(ModelRow.HEADINGS.get(column));
			for (final String[] row : cells)
				width = Math.max(width, table.getFontMetrics(table.getFont()).stringWidth(row[column]));
			width = Math.min(WIDEST_COLUMN, width + MARGIN);
			columns.getColumn(column).setPreferredWidth(width);
			all += width;
		}
		return all;
	}
}
