//! Bar charts in SVG, with horizontal bars.

// Each example uses a part of this module.
#![allow(dead_code)]

use anyhow::{Result, anyhow};
use plotters::prelude::{
    BLACK, Color, DrawingArea, DrawingAreaErrorKind, IntoDrawingArea, IntoTextStyle, Rectangle,
    SVGBackend, WHITE,
};
pub use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::path::Path;

/// A chart with a title above its bars.
pub struct Chart {
    title: String,
    /// The colors and their meaning.
    pub legend: Vec<(&'static str, RGBColor)>,
    bars: Vec<Bar>,
    limit: Option<f64>,
}

struct Bar {
    name: String,
    pieces: Vec<(f64, RGBColor)>,
    note: String,
}

pub const BLUE: RGBColor = RGBColor(0x4c, 0x8d, 0xd6);
pub const AMBER: RGBColor = RGBColor(0xe8, 0xa3, 0x3d);
pub const RED: RGBColor = RGBColor(0xc9, 0x3c, 0x37);

impl Chart {
    /// Returns a chart without bars. The background is shaded up to the limit.
    pub fn new(title: &str, limit: Option<f64>) -> Self {
        Self {
            title: title.to_owned(),
            legend: Vec::new(),
            bars: Vec::new(),
            limit,
        }
    }

    /// Adds a bar below the others: a name, pieces with their lengths and colors, and a note.
    pub fn add(&mut self, name: &str, pieces: Vec<(f64, RGBColor)>, note: impl ToString) {
        self.bars.push(Bar {
            name: name.to_owned(),
            pieces,
            note: note.to_string(),
        });
    }
}

const WIDTH: i32 = 900;
const HEADER: i32 = 52;
const ROW: i32 = 28;
/// The space for names on the left, and for notes on the right.
const NAMES: i32 = 170;
const NOTES: i32 = 190;

/// Draws charts, one below the other. Charts without bars are omitted.
pub fn draw(path: &Path, charts: &[Chart]) -> Result<()> {
    let charts: Vec<&Chart> = charts.iter().filter(|it| !it.bars.is_empty()).collect();
    let height = |chart: &&Chart| HEADER + ROW * chart.bars.len() as i32;
    let all = charts.iter().map(height).sum::<i32>() + 16;
    let root = SVGBackend::new(path, (WIDTH as u32, all as u32)).into_drawing_area();
    let mut top = 0;
    let drawn = root.fill(&WHITE).and_then(|()| {
        for chart in &charts {
            draw_one(&root, chart, top)?;
            top += height(chart);
        }
        root.present()
    });
    drawn.map_err(|error| anyhow!("{} can't be written: {error}", path.display()))?;
    println!("chart written to {}", path.display());
    Ok(())
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

fn draw_one(area: &Area<'_>, chart: &Chart, top: i32) -> Drawn {
    let style = |size: i32| ("sans-serif", size).into_text_style(area);
    let left = style(13).pos(Pos::new(HPos::Left, VPos::Center));
    let right = style(14).pos(Pos::new(HPos::Right, VPos::Center));
    area.draw_text(&chart.title, &style(18), (16, top + 14))?;
    let mut x = WIDTH - 16;
    for (name, color) in chart.legend.iter().rev() {
        x -= area.estimate_text_size(name, &left)?.0 as i32;
        area.draw_text(name, &left, (x, top + 22))?;
        let sample = [(x - 18, top + 16), (x - 6, top + 28)];
        area.draw(&Rectangle::new(sample, color.filled()))?;
        x -= 36;
    }
    let length = |bar: &Bar| bar.pieces.iter().map(|piece| piece.0).sum::<f64>();
    let longest = chart.bars.iter().map(length).chain(chart.limit);
    let scale = f64::from(WIDTH - NAMES - NOTES) / longest.fold(f64::MIN_POSITIVE, f64::max);
    let x = |length: f64| NAMES + (length * scale).round() as i32;
    let (first, limit) = (top + HEADER, chart.limit.map_or(NAMES, x));
    let shade = [
        (NAMES, first),
        (limit, first + ROW * chart.bars.len() as i32),
    ];
    area.draw(&Rectangle::new(shade, BLACK.mix(0.06).filled()))?;
    for (bar, y) in chart.bars.iter().zip((first..).step_by(ROW as usize)) {
        area.draw_text(&bar.name, &right, (NAMES - 8, y + ROW / 2))?;
        let mut begin = 0.0;
        for (length, color) in &bar.pieces {
            let piece = [(x(begin), y + 5), (x(begin + length), y + ROW - 5)];
            area.draw(&Rectangle::new(piece, color.filled()))?;
            begin += length;
        }
        area.draw_text(&bar.note, &left, (x(begin).max(limit) + 8, y + ROW / 2))?;
    }
    Ok(())
}
