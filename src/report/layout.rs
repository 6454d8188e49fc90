//! Where does each node of a drawing go? A force layout without chance: the same graph gives the same picture.
//!
//! Fruchterman & Reingold, *Software: Practice and Experience* 21(11), 1991, with a pull to the middle so that separate
//! parts stay in sight. Cost: steps × (nodes² + edges); 150 nodes take about 10 ms.

const STEPS: usize = 140;

/// A place in the drawing.
pub(super) type Point = (f64, f64);

/// Positions inside a `width` × `height` box. `edges` are pairs of indexes below `nodes`; nodes should come hubs first,
/// since the first start in the middle.
pub(super) fn positions(nodes: usize, edges: &[(usize, usize)], width: f64, height: f64) -> Vec<Point> {
    let mut at: Vec<Point> = (0..nodes).map(sunflower).collect();
    let spring = 1.0;
    let mut reach = 0.12 * float(nodes).sqrt();
    for _ in 0..STEPS {
        let mut push = vec![(0.0, 0.0); nodes];
        for a in 0..nodes {
            for b in a + 1..nodes {
                let (dx, dy) = (at[a].0 - at[b].0, at[a].1 - at[b].1);
                let force = spring * spring / (dx * dx + dy * dy).max(0.01);
                shift(&mut push, a, b, (dx * force, dy * force));
            }
        }
        for &(a, b) in edges {
            let (dx, dy) = (at[a].0 - at[b].0, at[a].1 - at[b].1);
            let force = -(dx * dx + dy * dy).sqrt() / spring;
            let ease = 1.0 / float(edges.len() / nodes.max(1) + 1).sqrt();
            shift(&mut push, a, b, (dx * force * ease, dy * force * ease));
        }
        for (point, push) in at.iter_mut().zip(&push) {
            let (dx, dy) = (push.0 - 0.6 * point.0, push.1 - 0.6 * point.1);
            let length = (dx * dx + dy * dy).sqrt().max(1e-9);
            let step = length.min(reach) / length;
            *point = (point.0 + dx * step, point.1 + dy * step);
        }
        reach *= 0.972;
    }
    fit(at, width, height)
}

/// Seeds of a sunflower: evenly spread, no two alike. The sine comes from `libm`, which is the same on every machine.
fn sunflower(index: usize) -> Point {
    let radius = float(index + 1).sqrt() * 0.7;
    let angle = float(index) * 2.399_963_229_728_653;
    (radius * libm::cos(angle), radius * libm::sin(angle))
}

fn shift(push: &mut [Point], a: usize, b: usize, (dx, dy): Point) {
    push[a] = (push[a].0 + dx, push[a].1 + dy);
    push[b] = (push[b].0 - dx, push[b].1 - dy);
}

/// Moves and stretches the points into the box; the two directions are stretched by at most 1.7 against each other.
fn fit(at: Vec<Point>, width: f64, height: f64) -> Vec<Point> {
    let range = |pick: fn(&Point) -> f64| {
        let low = at.iter().map(pick).fold(f64::INFINITY, f64::min);
        let high = at.iter().map(pick).fold(f64::NEG_INFINITY, f64::max);
        (low, (high - low).max(1e-6))
    };
    let ((left, wide), (top, tall)) = (range(|point| point.0), range(|point| point.1));
    let (x_scale, y_scale) = (width / wide, height / tall);
    let (x_scale, y_scale) = (x_scale.min(1.7 * y_scale), y_scale.min(1.7 * x_scale));
    let (x_gap, y_gap) = ((width - wide * x_scale) / 2.0, (height - tall * y_scale) / 2.0);
    at.iter().map(|point| (x_gap + (point.0 - left) * x_scale, y_gap + (point.1 - top) * y_scale)).collect()
}

/// A count as a float, exact below 2³².
pub(super) fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
