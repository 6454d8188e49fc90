//! HN16: one code sold many times without wrong: packs sold in parts, goods brought back, a box that changed shops.

use super::common;
use crate::synth::catalogue::DRUGS;
use crate::synth::claim::{Care, NONE, Traced};
use crate::synth::scene::{Move, Pack, Scene};

/// Plants one shop with such sales.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let shops = scene.world.places_of(county, |kind| kind == crate::synth::world::places::PlaceKind::Pharmacy);
    let shop = scene.draw.pick(&shops);
    let owner = scene.world.place(shop).owner;
    let sisters: Vec<u32> =
        shops.iter().copied().filter(|at| *at != shop && scene.world.place(*at).owner == owner).collect();
    let buyers = scene.people(county, 2);
    let packs = scene.draw.int(15, 90);
    let drugs = DRUGS.len();
    for _ in 0..packs {
        let code = scene.draw.key();
        let drug = u16::try_from(scene.draw.below(drugs)).unwrap_or(0);
        let day = scene.world.window.any(&mut scene.draw);
        let kind = scene.draw.weighted(&[0.5, 0.25, 0.25]);
        let sales = if kind == 0 { scene.draw.day(2, 6) } else { 2 };
        for sale in 0..sales {
            let moved = kind == 2 && sale == 1 && !sisters.is_empty();
            let place = if moved { scene.draw.pick(&sisters) } else { shop };
            let buyer = scene.draw.pick(&buyers);
            let at = day + sale * scene.draw.day(1, 9);
            let mut claim = scene.visit(buyer, place, Care::Drugstore, at);
            claim.drug = drug;
            claim.traced = Traced::No;
            if claim.place != place || !scene.add(claim) {
                continue;
            }
            let sold = Pack {
                code,
                at: claim.settled,
                place,
                person: buyer,
                visit: claim.visit,
                settlement: claim.key,
                drug,
                what: Move::Sold,
                split: kind == 0,
            };
            let bought = Pack { person: NONE, visit: 0, settlement: 0, what: Move::Bought, ..sold };
            if sale == 0 || moved {
                scene.planted.packs.push(Pack { at: claim.settled - 86_400 * 3, ..bought });
            }
            scene.planted.packs.push(sold);
            if kind > 0 && sale == 0 {
                let back = scene.draw.int(600, 80_000);
                scene.planted.packs.push(Pack { what: Move::Returned, at: claim.settled + back, ..sold });
            }
        }
    }
    scene.note("packs", packs);
    common::place(scene, shop);
}
