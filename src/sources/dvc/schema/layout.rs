//! The layouts of DVC 3's files, as its own schemas have them.

use super::Kind::{
    self, AnyList, AnyMap, Anything, Each, Exactly, Flag, Hash, Keys, List, Nothing, OneOf, Stage,
    Text, Whole,
};

const CLOUD: Kind = Each(&Keys(&[
    ("md5", false, Hash),
    ("etag", false, Hash),
    ("checksum", false, Hash),
    ("size", false, Whole),
    ("nfiles", false, Whole),
    ("isexec", false, Flag),
    ("version_id", false, Text),
]));
const FILES: Kind = List(&Keys(&[
    ("relpath", true, Text),
    ("md5", false, Hash),
    ("etag", false, Hash),
    ("checksum", false, Hash),
    ("size", false, Whole),
    ("nfiles", false, Whole),
    ("isexec", false, Flag),
    ("version_id", false, Text),
    ("cloud", false, CLOUD),
]));
const OUT: Kind = Keys(&[
    ("md5", false, Hash),
    ("etag", false, Hash),
    ("checksum", false, Hash),
    ("size", false, Whole),
    ("nfiles", false, Whole),
    ("isexec", false, Flag),
    ("version_id", false, Text),
    ("path", false, Text),
    ("persist", false, Flag),
    ("cloud", false, CLOUD),
    ("hash", false, Text),
    ("desc", false, Text),
    ("type", false, Text),
    ("labels", false, List(&Text)),
    ("meta", false, Anything),
    ("cache", false, Flag),
    ("remote", false, Text),
    ("push", false, Flag),
    ("files", false, FILES),
    ("fs_config", false, AnyMap),
]);
const DEP: Kind = Keys(&[
    ("md5", false, Hash),
    ("etag", false, Hash),
    ("checksum", false, Hash),
    ("size", false, Whole),
    ("nfiles", false, Whole),
    ("isexec", false, Flag),
    ("version_id", false, Text),
    ("path", false, Text),
    ("persist", false, Flag),
    ("cloud", false, CLOUD),
    ("hash", false, Text),
    (
        "repo",
        false,
        Keys(&[
            ("url", true, Text),
            ("rev", false, Text),
            ("rev_lock", false, Text),
            ("config", false, OneOf(&[Text, AnyMap])),
            ("remote", false, OneOf(&[Text, AnyMap])),
        ]),
    ),
    (
        "db",
        false,
        Keys(&[
            ("query", false, Text),
            ("connection", false, Text),
            ("file_format", false, Text),
            ("table", false, Text),
        ]),
    ),
    ("files", false, FILES),
    ("fs_config", false, AnyMap),
]);
pub(super) const SINGLE: Kind = Keys(&[
    ("md5", false, Hash),
    ("wdir", false, OneOf(&[Text, Nothing])),
    ("deps", false, OneOf(&[List(&DEP), Nothing])),
    ("outs", false, OneOf(&[List(&OUT), Nothing])),
    ("locked", false, Flag),
    ("frozen", false, Flag),
    ("meta", false, Anything),
    ("always_changed", false, Flag),
    ("desc", false, Text),
]);

const RECORDED: Kind = List(&Keys(&[
    ("path", true, Text),
    ("md5", false, Hash),
    ("etag", false, Hash),
    ("checksum", false, Hash),
    ("size", false, Whole),
    ("nfiles", false, Whole),
    ("isexec", false, Flag),
    ("version_id", false, Text),
    ("cloud", false, CLOUD),
    ("files", false, FILES),
    ("hash", false, Text),
    ("dataset", false, AnyMap),
]));
pub(super) const LOCK: Kind = Keys(&[
    ("schema", true, Exactly("2.0")),
    ("datasets", false, Anything),
    (
        "stages",
        false,
        Each(&Keys(&[
            ("cmd", true, OneOf(&[Text, AnyList])),
            ("deps", false, RECORDED),
            ("params", false, Each(&Each(&Anything))),
            ("outs", false, RECORDED),
        ])),
    ),
]);

const PRODUCED: Kind = List(&OneOf(&[
    Text,
    Each(&Keys(&[
        ("desc", false, Text),
        ("type", false, Text),
        ("labels", false, List(&Text)),
        ("meta", false, Anything),
        ("cache", false, Flag),
        ("persist", false, Flag),
        ("checkpoint", false, Flag),
        ("remote", false, Text),
        ("push", false, Flag),
    ])),
]));
const PLOT: Kind = Keys(&[
    ("desc", false, Text),
    ("type", false, Text),
    ("labels", false, List(&Text)),
    ("meta", false, Anything),
    ("cache", false, Flag),
    ("persist", false, Flag),
    ("checkpoint", false, Flag),
    ("remote", false, Text),
    ("push", false, Flag),
    ("template", false, Text),
    ("x", false, Text),
    ("y", false, Text),
    ("x_label", false, Text),
    ("y_label", false, Text),
    ("title", false, Text),
    ("header", false, Flag),
]);
const VARS: Kind = List(&OneOf(&[Text, AnyMap]));
pub(super) const STAGE: Kind = Keys(&[
    ("matrix", false, Each(&OneOf(&[Text, AnyList]))),
    ("cmd", true, OneOf(&[Text, AnyList])),
    ("wdir", false, Text),
    ("deps", false, List(&Text)),
    ("params", false, List(&OneOf(&[Text, AnyMap]))),
    ("vars", false, VARS),
    ("frozen", false, Flag),
    ("meta", false, Anything),
    ("desc", false, Text),
    ("always_changed", false, Flag),
    ("outs", false, PRODUCED),
    ("metrics", false, PRODUCED),
    (
        "plots",
        false,
        List(&OneOf(&[Text, Each(&OneOf(&[PLOT, List(&PLOT)]))])),
    ),
]);
pub(super) const GROUP: Kind = Keys(&[
    ("foreach", true, OneOf(&[AnyMap, AnyList, Text])),
    ("do", true, STAGE),
]);
pub(super) const PIPELINE: Kind = Keys(&[
    ("datasets", false, Anything),
    (
        "plots",
        false,
        List(&OneOf(&[
            Text,
            Each(&OneOf(&[
                Nothing,
                Keys(&[
                    ("x", false, OneOf(&[Text, Each(&Text)])),
                    (
                        "y",
                        false,
                        OneOf(&[Text, List(&Text), Each(&OneOf(&[Text, List(&Text)]))]),
                    ),
                    ("x_label", false, Text),
                    ("y_label", false, Text),
                    ("title", false, Text),
                    ("template", false, Text),
                ]),
            ])),
        ])),
    ),
    ("stages", false, Each(&Stage)),
    ("vars", false, VARS),
    ("params", false, List(&Text)),
    ("metrics", false, List(&Text)),
    (
        "artifacts",
        false,
        Each(&Keys(&[
            ("path", true, Text),
            ("desc", false, Text),
            ("type", false, Text),
            ("labels", false, List(&Text)),
            ("meta", false, Anything),
        ])),
    ),
]);
