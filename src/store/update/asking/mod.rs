//! What does not fit one machine is asked where it is: queries of Logs Insights, patterns, anomalies.

mod anomalies;
mod answer;
mod estimate;
mod figures;
mod form;
mod patterns;
mod range;
mod sheet;
mod template;

pub use anomalies::{open as open_anomalies, receive as receive_anomalies};
pub use answer::{close, forget, in_front, receive, stop};
pub use estimate::{Estimate, Scans, estimate};
pub use form::{begin, begin_with, edit, next_field, of as form, open_list, step_history, submit};
pub use patterns::{open as open_patterns, receive as receive_patterns};
pub use sheet::{
    close as close_sheet, copy as copy_sheet, covers, move_by as move_in_sheet, open as open_row,
    refuse as refuse_under_sheet, select as select_row,
};
