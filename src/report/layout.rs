//! Where does each node of a drawing go? A force layout without chance: the same graph gives the same picture.
//!
//! Jacomy, Venturini, Heymann & Bastian, *PLoS ONE* 9(6), 2014 (ForceAtlas2): nodes push each other away by their number of
//! ties, so hubs stand apart and their people gather around them. A last pass moves symbols off each other.
//! Cost: steps × (nodes² + edges); 150 nodes take about 20 ms.

const STEPS: usize = 160;
const UNTANGLING: usize = 40;
const STRETCH: f64 = 1.6;

/// A place in the drawing.
pub(super) type Point = (f64, f64);

/// Positions inside a `width` × `height` box. `edges` are pairs of indexes below the number of `radii`, the sizes of the
/// symbols. Nodes should come hubs first, since the first start in the middle. Nodes without an edge stand in rows at the
/// bottom.
pub(super) fn positions(radii: &[f64], edges: &[(usize, usize)], width: f64, height: f64) -> Vec<Point> {
    let mut mass = vec![1.0; radii.len()];
    for &(a, b) in edges {
        mass[a] += 1.0;
        mass[b] += 1.0;
    }
    let (tied, alone): (Vec<usize>, Vec<usize>) = (0..radii.len()).partition(|node| mass[*node] > 1.5);
    let gap = if alone.iter().any(|node| radii[*node] > 8.0) { 32.0 } else { 15.0 };
    let columns = (width / gap).max(1.0);
    let rows = (float(alone.len()) / columns).ceil();
    let strip = if alone.is_empty() { 0.0 } else { rows * gap + 12.0 };
    let mut number = vec![usize::MAX; radii.len()];
    tied.iter().enumerate().for_each(|(at, node)| number[*node] = at);
    let edges: Vec<(usize, usize)> = edges.iter().map(|&(a, b)| (number[a], number[b])).collect();
    let masses: Vec<f64> = tied.iter().map(|node| mass[*node]).collect();
    let sizes: Vec<f64> = tied.iter().map(|node| radii[*node]).collect();
    let drawn = settle(&masses, &edges);
    let drawn = untangle(fit(&drawn, width, height - strip), &sizes, width, height - strip);
    let mut all = vec![(0.0, 0.0); radii.len()];
    tied.iter().zip(drawn).for_each(|(node, point)| all[*node] = point);
    let (mut x, mut y) = (7.0, height - strip + 18.0);
    for node in alone {
        all[node] = (x, y);
        x += gap;
        if x > width {
            (x, y) = (7.0, y + gap);
        }
    }
    all
}

fn settle(mass: &[f64], edges: &[(usize, usize)]) -> Vec<Point> {
    let mut at: Vec<Point> = (0..mass.len()).map(sunflower).collect();
    let mut reach = 4.0;
    for _ in 0..STEPS {
        let mut push: Vec<Point> = at.iter().zip(mass).map(|(point, mass)| toward_middle(*point, *mass)).collect();
        for a in 0..at.len() {
            for b in a + 1..at.len() {
                let (dx, dy) = (at[a].0 - at[b].0, at[a].1 - at[b].1);
                let force = mass[a] * mass[b] / (dx * dx + dy * dy).max(0.05);
                shift(&mut push, a, b, (dx * force, dy * force));
            }
        }
        for &(a, b) in edges {
            let (dx, dy) = (at[a].0 - at[b].0, at[a].1 - at[b].1);
            shift(&mut push, a, b, (-dx, -dy));
        }
        for (point, push) in at.iter_mut().zip(&push) {
            let length = (push.0 * push.0 + push.1 * push.1).sqrt().max(1e-9);
            let step = (0.1 * length).min(reach) / length;
            *point = (point.0 + push.0 * step, point.1 + push.1 * step);
        }
        reach *= 0.975;
    }
    at
}

/// A pull of constant strength, so that separate parts stay in sight.
fn toward_middle((x, y): Point, mass: f64) -> Point {
    let length = (x * x + y * y).sqrt().max(1e-9);
    (-1.5 * mass * x / length, -1.5 * mass * y / length)
}

/// Seeds of a sunflower: evenly spread, no two alike. The sine comes from `libm`, which is the same on every machine.
fn sunflower(index: usize) -> Point {
    let radius = float(index + 1).sqrt() * 2.0;
    let angle = float(index) * 2.399_963_229_728_653;
    (radius * libm::cos(angle), radius * libm::sin(angle))
}

fn shift(push: &mut [Point], a: usize, b: usize, (dx, dy): Point) {
    push[a] = (push[a].0 + dx, push[a].1 + dy);
    push[b] = (push[b].0 - dx, push[b].1 - dy);
}

/// Moves and stretches the points into the box; the two directions are stretched by at most [`STRETCH`] against each
/// other.
fn fit(at: &[Point], width: f64, height: f64) -> Vec<Point> {
    let range = |pick: fn(&Point) -> f64| {
        let low = at.iter().map(pick).fold(f64::INFINITY, f64::min);
        let high = at.iter().map(pick).fold(f64::NEG_INFINITY, f64::max);
        (low, (high - low).max(1e-6))
    };
    let ((left, wide), (top, tall)) = (range(|point| point.0), range(|point| point.1));
    let (x_scale, y_scale) = (width / wide, height / tall);
    let (x_scale, y_scale) = (x_scale.min(STRETCH * y_scale), y_scale.min(STRETCH * x_scale));
    let (x_gap, y_gap) = ((width - wide * x_scale) / 2.0, (height - tall * y_scale) / 2.0);
    at.iter().map(|point| (x_gap + (point.0 - left) * x_scale, y_gap + (point.1 - top) * y_scale)).collect()
}

/// Moves symbols that cover each other apart, and keeps them inside the box.
fn untangle(mut at: Vec<Point>, radii: &[f64], width: f64, height: f64) -> Vec<Point> {
    for _ in 0..UNTANGLING {
        for a in 0..at.len() {
            for b in a + 1..at.len() {
                let (dx, dy) = (at[a].0 - at[b].0, at[a].1 - at[b].1);
                let distance = (dx * dx + dy * dy).sqrt();
                let wanted = radii[a] + radii[b] + 3.0;
                if distance < wanted {
                    let (dx, dy) = if distance < 1e-6 { (1.0, 0.0) } else { (dx / distance, dy / distance) };
                    let half = (wanted - distance) / 2.0;
                    shift(&mut at, a, b, (dx * half, dy * half));
                }
            }
        }
        for point in &mut at {
            *point = (point.0.clamp(0.0, width), point.1.clamp(0.0, height));
        }
    }
    at
}

/// A count as a float, exact below 2³².
pub(super) fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
