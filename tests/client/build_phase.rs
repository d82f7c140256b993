//! The phases after which a build does not change any more.

use quay_api::types::BuildPhase;

#[test]
fn a_build_that_the_server_starts_again_has_not_ended() {
    let ended = ["complete", "error", "cancelled", "expired"];
    let going_on = [
        "waiting",
        "build-scheduled",
        "unpacking",
        "pulling",
        "building",
        "pushing",
        // The builder failed; the phase becomes `expired` when no attempts remain.
        "internalerror",
        // The server can't read the progress.
        "cannot_load",
    ];
    for phase in ended {
        assert!(BuildPhase::from(phase).is_final(), "{phase}");
    }
    for phase in going_on {
        assert!(!BuildPhase::from(phase).is_final(), "{phase}");
    }
}
