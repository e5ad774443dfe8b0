//! Data by its content: hashes in S3 addresses, as DVC's remotes are laid out.

/// The hash that an address of a DVC remote ends with, and whether its layout leaves no doubt.
///
/// `…/files/md5/ab/cdef…` (with `.dir` for a directory) since DVC 3; `…/ab/cdef…` before, which only looks like it.
pub fn hash_of(uri: &str) -> Option<(String, bool)> {
    let path = uri.trim_end_matches('/');
    let (rest, tail) = path.rsplit_once('/')?;
    let (rest, head) = rest.rsplit_once('/')?;
    let digits = tail.strip_suffix(".dir").unwrap_or(tail);
    let is_hex = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let fits = head.len() == 2 && digits.len() == 30 && is_hex(head) && is_hex(digits);
    fits.then(|| (format!("{head}{tail}"), rest.ends_with("/files/md5")))
}

/// Where a remote at `url` keeps an object.
pub fn address(url: &str, hash: &str) -> Option<String> {
    let (head, tail) = hash.split_at_checked(2)?;
    Some(format!(
        "{}/files/md5/{head}/{tail}",
        url.trim_end_matches('/')
    ))
}

/// Addresses that mean the same are one text.
pub fn tidy(uri: &str) -> String {
    uri.trim().trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MD5: &str = "900150983cd24fb0d6963f7d28e17f72";

    #[test]
    fn addresses_of_both_layouts_tell_the_hash() {
        let new = address("s3://b/dvc/", MD5);
        assert_eq!(
            new.as_deref(),
            Some("s3://b/dvc/files/md5/90/0150983cd24fb0d6963f7d28e17f72")
        );
        assert_eq!(hash_of(&new.unwrap_or_default()), Some((MD5.into(), true)));
        let dir = "s3://b/dvc/files/md5/90/0150983cd24fb0d6963f7d28e17f72.dir/";
        assert_eq!(hash_of(dir), Some((format!("{MD5}.dir"), true)));
        let old = "s3://b/dvc/90/0150983cd24fb0d6963f7d28e17f72";
        assert_eq!(hash_of(old), Some((MD5.into(), false)));
        for other in [
            "s3://b/churn/features/train",
            "s3://b/90/0150983cd24fb0d6963f7d28e17f7",
            "s3://b/9Z/0150983cd24fb0d6963f7d28e17f72",
            "",
        ] {
            assert_eq!(hash_of(other), None, "{other}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_address_is_taken(uri in ".*") {
            let _ = (hash_of(&uri), address(&uri, &uri));
        }
    }
}
