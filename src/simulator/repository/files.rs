//! The files of the demo repository: small, but real code, parameters and DVC stages.

use std::fmt::Write as _;

use super::data::{Data, dir_md5, md5};
use super::timeline::Knobs;

/// The files of a commit, by path, in the order of Git's trees within each folder.
pub fn files(knobs: &Knobs) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(&str, String)> = vec![
        (".dvc/.gitignore", "/config.local\n/tmp\n/cache\n".into()),
        (".dvc/config", "[core]\n    remote = storage\n    analytics = false\n['remote \"storage\"']\n    url = ../../dvc-remote\n".into()),
        (".dvcignore", "# Patterns of files dvc should ignore\n*.tmp\n".into()),
        (".gitignore", "__pycache__/\n*.pyc\n.venv/\n".into()),
        ("README.md", README.into()),
        ("data/.gitignore", "/raw.csv\n/prepared\n/features.parquet\n".into()),
        ("data/raw.csv.dvc", raw_dvc(knobs)),
        ("dvc.lock", lock(knobs)),
        ("dvc.yaml", DVC_YAML.into()),
        ("metrics.json", metrics(knobs)),
        ("models/.gitignore", "/churn.pt\n".into()),
        ("params.yaml", params(knobs)),
        ("requirements.txt", requirements(knobs)),
        ("src/evaluate.py", evaluate(knobs)),
        ("src/featurize.py", featurize(knobs)),
        ("src/prepare.py", PREPARE.into()),
        ("src/serve.py", serve(knobs)),
        ("src/train.py", train(knobs)),
    ];
    all.sort_by(|a, b| a.0.cmp(b.0));
    all.into_iter()
        .map(|(path, text)| (path.to_owned(), text.into_bytes()))
        .collect()
}

pub fn params(knobs: &Knobs) -> String {
    format!(
        "prepare:\n  seed: 20170428\n  split: 0.15\nfeatures:\n  version: {}\n  history_days: {}\ntrain:\n  lr: {}\n  batch_size: {}\n  epochs: {}\n  dropout: {}\n  loss: {}\nevaluate:\n  min_auc: {}\n",
        knobs.features,
        if knobs.features >= 12 { 180 } else { 90 },
        knobs.learning_rate,
        knobs.batch_size,
        knobs.epochs,
        knobs.dropout,
        knobs.loss,
        knobs.min_auc
    )
}

fn metrics(knobs: &Knobs) -> String {
    let loss = 0.48 - 0.27 * knobs.auc;
    format!(
        "{{\n  \"auc\": {:.4},\n  \"log_loss\": {loss:.4},\n  \"recall_new_customers\": {:.4},\n  \"market\": {{\n    \"de\": {:.4},\n    \"fr\": {:.4},\n    \"jp\": {:.4}\n  }}\n}}\n",
        knobs.auc,
        knobs.auc - 0.249,
        knobs.auc + 0.004,
        knobs.auc - 0.003,
        knobs.auc - 0.011
    )
}

fn raw_dvc(knobs: &Knobs) -> String {
    let raw = Data::of(knobs).raw;
    format!(
        "outs:\n- md5: {}\n  size: {}\n  hash: md5\n  path: raw.csv\n",
        md5(&raw),
        raw.len()
    )
}

const DVC_YAML: &str = "\
stages:
  prepare:
    cmd: python src/prepare.py
    deps:
    - data/raw.csv
    - src/prepare.py
    params:
    - prepare.seed
    - prepare.split
    outs:
    - data/prepared
  featurize:
    cmd: python src/featurize.py
    deps:
    - data/prepared
    - src/featurize.py
    params:
    - features.history_days
    - features.version
    outs:
    - data/features.parquet
  train:
    cmd: python src/train.py
    deps:
    - data/features.parquet
    - src/train.py
    params:
    - train.batch_size
    - train.dropout
    - train.epochs
    - train.loss
    - train.lr
    outs:
    - models/churn.pt
  evaluate:
    cmd: python src/evaluate.py
    deps:
    - data/features.parquet
    - models/churn.pt
    - src/evaluate.py
    params:
    - evaluate.min_auc
    metrics:
    - metrics.json:
        cache: false
artifacts:
  churn:
    path: models/churn.pt
    type: model
    desc: Probability that a customer leaves within 60 days
    labels:
    - pytorch
    - churn
";

/// The lock as `dvc repro` leaves it.
fn lock(knobs: &Knobs) -> String {
    let data = Data::of(knobs);
    let file = |path: &str, content: &[u8]| {
        format!(
            "    - path: {path}\n      hash: md5\n      md5: {}\n      size: {}\n",
            md5(content),
            content.len()
        )
    };
    let (dir, size, count) = dir_md5(&data.prepared);
    let prepared = format!(
        "    - path: data/prepared\n      hash: md5\n      md5: {dir}\n      size: {size}\n      nfiles: {count}\n"
    );
    let features = file("data/features.parquet", &data.features);
    let model = file("models/churn.pt", &data.model);
    let stage = |name: &str, deps: &[String], params: &[(&str, String)], outs: &str| {
        let mut text = format!(
            "  {name}:\n    cmd: python src/{name}.py\n    deps:\n{}    params:\n      params.yaml:\n",
            deps.concat()
        );
        for (key, value) in params {
            let _ = writeln!(text, "        {key}: {value}");
        }
        text + "    outs:\n" + outs
    };
    let code = |name: &str, text: String| file(&format!("src/{name}.py"), text.as_bytes());
    let history = if knobs.features >= 12 { 180 } else { 90 };
    [
        "schema: '2.0'\nstages:\n".to_owned(),
        stage(
            "prepare",
            &[
                file("data/raw.csv", &data.raw),
                code("prepare", PREPARE.into()),
            ],
            &[
                ("prepare.seed", "20170428".into()),
                ("prepare.split", "0.15".into()),
            ],
            &prepared,
        ),
        stage(
            "featurize",
            &[prepared.clone(), code("featurize", featurize(knobs))],
            &[
                ("features.history_days", history.to_string()),
                ("features.version", knobs.features.to_string()),
            ],
            &features,
        ),
        stage(
            "train",
            &[features.clone(), code("train", train(knobs))],
            &[
                ("train.batch_size", knobs.batch_size.to_string()),
                ("train.dropout", knobs.dropout.to_string()),
                ("train.epochs", knobs.epochs.to_string()),
                ("train.loss", knobs.loss.to_owned()),
                ("train.lr", knobs.learning_rate.to_string()),
            ],
            &model,
        ),
        stage(
            "evaluate",
            &[
                features.clone(),
                model.clone(),
                code("evaluate", evaluate(knobs)),
            ],
            &[("evaluate.min_auc", knobs.min_auc.to_string())],
            &file("metrics.json", metrics(knobs).as_bytes()),
        ),
    ]
    .concat()
}

fn requirements(knobs: &Knobs) -> String {
    let torch = if knobs.code >= 9 { "2.6.0" } else { "2.4.1" };
    format!("torch=={torch}\neinops==0.8.0\npandas==2.2.3\npyarrow==18.1.0\nscikit-learn==1.6.0\n")
}

fn featurize(knobs: &Knobs) -> String {
    let reader = if knobs.code >= 14 {
        "read_parquet"
    } else {
        "read_csv"
    };
    let market = if knobs.code >= 11 {
        "    frame = frame.assign(market=frame.market.astype('category'))\n"
    } else {
        ""
    };
    let tier = if knobs.code >= 15 {
        "    frame = frame.assign(plan_tier=frame.plan_tier.astype('category'))\n"
    } else {
        ""
    };
    format!(
        "import pandas as pd\nimport yaml\n\n\ndef main():\n    params = yaml.safe_load(open('params.yaml'))['features']\n    frame = pd.{reader}('data/prepared/train.csv')\n    days = params['history_days']\n    frame = frame[frame.age_days <= days]\n{market}{tier}    frame.to_parquet('data/features.parquet')\n\n\nif __name__ == '__main__':\n    main()\n"
    )
}

fn train(knobs: &Knobs) -> String {
    let memory = if knobs.code >= 16 {
        "        log_gpu_memory(step)\n"
    } else {
        ""
    };
    let checkpointing = if knobs.code >= 24 {
        "    model.enable_gradient_checkpointing()\n"
    } else {
        ""
    };
    let warm_up = if knobs.code >= 8 {
        "    schedule = WarmUp(optimizer, steps=400)\n"
    } else {
        ""
    };
    format!(
        "import torch\nimport yaml\n\nfrom churn.model import Churn\nfrom churn.data import batches\n\n\ndef main():\n    params = yaml.safe_load(open('params.yaml'))['train']\n    model = Churn(dropout=params['dropout'])  # revision {}\n{checkpointing}    optimizer = torch.optim.AdamW(model.parameters(), lr=params['lr'])\n{warm_up}    for step, batch in enumerate(batches(params['batch_size'], params['epochs'])):\n        loss = model.loss(batch, kind=params['loss'])\n        loss.backward()\n        optimizer.step()\n{memory}    torch.save(model.state_dict(), 'models/churn.pt')\n\n\nif __name__ == '__main__':\n    main()\n",
        knobs.code
    )
}

fn evaluate(knobs: &Knobs) -> String {
    let markets = if knobs.code >= 6 {
        "    report['market'] = {m: auc(part) for m, part in by_market(frame)}\n"
    } else {
        ""
    };
    format!(
        "import json\n\nfrom churn.metrics import auc, by_market, load\n\n\ndef main():\n    frame = load()\n    report = {{'auc': auc(frame)}}\n{markets}    json.dump(report, open('metrics.json', 'w'), indent=2)\n\n\nif __name__ == '__main__':\n    main()\n"
    )
}

fn serve(knobs: &Knobs) -> String {
    let tiers = if knobs.code >= 20 {
        "TIERS = {'basic': 0, 'family': 1, 'student': 2}\n\n\n"
    } else {
        "\n"
    };
    let lookup = if knobs.code >= 20 {
        "    tier = TIERS[record['plan_tier']]\n"
    } else {
        "    tier = record.get('plan_tier')\n"
    };
    format!(
        "import torch\n\n{tiers}def predict_fn(record, model):\n{lookup}    with torch.no_grad():\n        return model(record, tier).sigmoid().item()\n"
    )
}

const PREPARE: &str = "\
import pandas as pd
import yaml


def main():
    params = yaml.safe_load(open('params.yaml'))['prepare']
    frame = pd.read_csv('data/raw.csv').sample(frac=1, random_state=params['seed'])
    cut = int(len(frame) * params['split'])
    frame[cut:].to_csv('data/prepared/train.csv', index=False)
    frame[:cut].to_csv('data/prepared/test.csv', index=False)


if __name__ == '__main__':
    main()
";

const README: &str = "\
# churn

The probability that a customer leaves within 60 days.

    dvc pull
    dvc repro

Models are registered with GTO tags (`churn@v14.0.0`) and staged with `churn#prod`.
";
