use super::super::seen;
use super::{Twin, one};
use crate::support::account::Account;
use crate::support::doubles::{REGIONS, shared};

#[test]
fn model_versions_past_page_one_and_images_in_both_regions() {
    let account = Account::of(shared());
    for seeded in REGIONS {
        let seen = seen(&seeded);
        let twin = Twin::ask(&account, seeded.region, &["versions"]);
        let of = |kind| -> Vec<_> { twin.of_type(kind).into_iter().cloned().collect() };
        let (groups, versions, images) = (of("model_group"), of("model_version"), of("image"));

        let expected = seen["versions"]["groups"].as_array().unwrap();
        assert_eq!(groups.len(), expected.len());
        let mut count = 0;
        for theirs in expected {
            let ours = one(&groups, "name", &theirs["name"]);
            assert_eq!(ours["arn"], theirs["arn"]);
            let members = theirs["versions"].as_array().unwrap();
            assert_eq!(ours["versions"], members.len());
            for theirs in members {
                let ours = one(&versions, "arn", &theirs["arn"]);
                for member in ["version", "status", "approval"] {
                    assert_eq!(ours[member], theirs[member], "{member} of {ours}");
                }
                count += 1;
            }
        }
        assert_eq!(versions.len(), count);

        let expected = seen["versions"]["images"].as_array().unwrap();
        assert_eq!(images.len(), expected.len());
        for theirs in expected {
            let found = images.iter().any(|ours| {
                ["repository", "digest", "tags", "size_bytes"]
                    .iter()
                    .all(|m| ours[m] == theirs[m])
            });
            assert!(found, "no image {theirs}");
        }
    }
}
