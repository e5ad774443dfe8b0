//! Which columns fit, and how wide each one is: decided by the room alone, so that nothing moves while values change.

use crate::store::table::Column;

/// A column that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its place among all columns.
    pub index: usize,
    /// From the left edge of the table.
    pub x: u16,
    pub width: u16,
}

/// Drops the most expendable columns until the rest fits, and shares what is left over among those that want it.
pub fn place(columns: &[Column], room: u16) -> Vec<Placed> {
    let mut kept: Vec<usize> = (0..columns.len()).collect();
    let need = |kept: &[usize]| -> u16 {
        let widths: u16 = kept.iter().map(|&i| columns[i].min).sum();
        widths + kept.len().saturating_sub(1) as u16
    };
    while need(&kept) > room {
        let Some(worst) = kept
            .iter()
            .copied()
            .filter(|&i| columns[i].expendable > 0)
            .max_by_key(|&i| columns[i].expendable)
        else {
            break;
        };
        kept.retain(|&i| i != worst);
    }
    let mut widths: Vec<u16> = kept.iter().map(|&i| columns[i].min).collect();
    let mut needed = need(&kept);
    // Not even the indispensable ones fit: the widest gives way, the others stay readable.
    while needed > room {
        let Some(widest) = (0..widths.len()).max_by_key(|&i| widths[i]) else {
            break;
        };
        if widths[widest] <= 4 {
            break;
        }
        widths[widest] -= 1;
        needed -= 1;
    }
    let mut spare = room.saturating_sub(needed);
    // Two cells between columns read better than one.
    let gaps = kept.len().saturating_sub(1) as u16;
    let gap = if gaps > 0 && spare >= gaps {
        spare -= gaps;
        2
    } else {
        1
    };
    let wanted: u32 = kept
        .iter()
        .map(|&i| u32::from(columns[i].max.saturating_sub(columns[i].min)))
        .sum();
    if wanted > 0 {
        let shared = u32::from(spare).min(wanted);
        for (&i, width) in kept.iter().zip(&mut widths) {
            let wish = u32::from(columns[i].max.saturating_sub(columns[i].min));
            *width += (shared * wish / wanted) as u16;
        }
    }
    let mut x = 0;
    kept.into_iter()
        .zip(widths)
        .map(|(index, width)| {
            let placed = Placed { index, x, width };
            x += width + gap;
            placed
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::table::Align;

    const fn column(min: u16, max: u16, expendable: u8) -> Column {
        Column {
            key: "k",
            title: "t",
            align: Align::Left,
            min,
            max,
            expendable,
        }
    }

    fn shown(columns: &[Column], room: u16) -> Vec<(usize, u16)> {
        place(columns, room)
            .iter()
            .map(|p| (p.index, p.width))
            .collect()
    }

    #[test]
    fn the_expendable_go_first_and_the_rest_share_the_room() {
        let columns = [column(10, 30, 0), column(5, 5, 2), column(8, 28, 1)];
        assert_eq!(shown(&columns, 25), [(0, 10), (1, 5), (2, 8)]);
        assert_eq!(shown(&columns, 24), [(0, 12), (2, 10)]);
        assert_eq!(shown(&columns, 12), [(0, 12)]);
        assert_eq!(shown(&columns, 200), [(0, 30), (1, 5), (2, 28)]);
    }

    #[test]
    fn too_narrow_for_the_indispensable_shrinks_the_widest() {
        let columns = [column(10, 30, 0), column(5, 5, 0)];
        assert_eq!(shown(&columns, 12), [(0, 6), (1, 5)]);
        assert_eq!(shown(&columns, 0), [(0, 4), (1, 4)]);
        assert!(shown(&[], 10).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn columns_never_overlap(room in 0u16..300) {
            for columns in [
                crate::store::tables::runs::COLUMNS,
                crate::store::tables::endpoints::COLUMNS,
                crate::store::tables::versions::COMMIT_COLUMNS,
            ] {
                let placed = place(columns, room);
                for pair in placed.windows(2) {
                    proptest::prop_assert!(pair[0].x + pair[0].width < pair[1].x);
                }
                if let Some(last) = placed.last() && room > 80 {
                    proptest::prop_assert!(last.x + last.width <= room);
                }
            }
        }
    }
}
