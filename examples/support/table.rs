//! Tables for a terminal with 80 columns.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets::NOTHING};
use std::ops::Range;

/// Returns a table with a header, such as `"Name|Size"`. The columns in `numbers` are aligned to
/// the right. Long cells are wrapped, so that the table has 80 columns at most.
pub fn table(header: &str, numbers: Range<usize>) -> Table {
    let mut table = Table::new();
    table
        .load_style(NOTHING.header_separator(LineStyle::none().fill('─').junction('─')))
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(80)
        .set_header(header.split('|'));
    for (i, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 1));
        if numbers.contains(&i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}
