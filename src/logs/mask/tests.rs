use std::sync::LazyLock;

use super::*;

static MASKER: LazyLock<Masker> = LazyLock::new(|| Masker::new::<&str>(&[]).unwrap());

fn masker() -> &'static Masker {
    &MASKER
}

/// Numbers that look drawn by chance and are always the same.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn from(&mut self, alphabet: &str, length: usize) -> String {
        let letters: Vec<char> = alphabet.chars().collect();
        (0..length)
            .map(|_| letters[usize::try_from(self.next()).unwrap() % letters.len()])
            .collect()
    }
}

const HEX: &str = "0123456789abcdef";
const CAPITALS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A line, what must not be read in it, and what must stay. Nothing here looks like a live key: all is made up when run.
fn secrets() -> Vec<(String, String, &'static str)> {
    let mut dice = Dice(7);
    let mut made = Vec::new();
    let mut add = |line: &dyn Fn(&str) -> String, secret: String, stays: &'static str| {
        made.push((line(&secret), secret, stays));
    };
    let aws = dice.from(CAPITALS, 16);
    add(
        &|s| format!("using AKIA{s} for s3"),
        aws.clone(),
        "AKIA••••",
    );
    add(
        &|s| format!("https://b.s3/k?X-Amz-Credential=ASIA{s}%2F20261122"),
        aws,
        "ASIA••••",
    );
    let key = dice.from(LETTERS, 40);
    add(
        &|s| format!("aws_secret_access_key = {s}"),
        key.clone(),
        "aws_secret_access_key = ••••",
    );
    add(
        &|s| format!("export AWS_SECRET_ACCESS_KEY='{s}'"),
        key.clone(),
        "KEY='••••'",
    );
    add(
        &|s| format!(r#"{{"SecretAccessKey": "{s}", "x": 1}}"#),
        key.clone(),
        r#""x": 1"#,
    );
    add(
        &|s| format!("AWS Secret Access Key: {s}"),
        key.clone(),
        "Key: ••••",
    );
    add(
        &|s| format!(r#"{{"AccountKey":"{s}=="}}"#),
        key,
        "AccountKey",
    );
    let session = format!("{}{}", "IQoJb3Jp", dice.from(LETTERS, 300));
    add(
        &|s| format!("AWS_SESSION_TOKEN={s}"),
        session.clone(),
        "AWS_SESSION_TOKEN=",
    );
    add(&|s| format!("header {s} end"), session, "end");
    add(
        &|s| format!("password={s}"),
        "hunter2".into(),
        "password=••••",
    );
    add(
        &|s| format!("passwd: {s}, next"),
        "tr0ub4dor".into(),
        ", next",
    );
    add(
        &|s| format!(r#"{{"password": "{s}"}}"#),
        "a b\\\"c".into(),
        r#"{"password": "••••"}"#,
    );
    add(
        &|s| format!(r#"{{\"db_password\":\"{s}\"}}"#),
        "hunter2".into(),
        "db_password",
    );
    add(
        &|s| format!(r#"{{"password": "{s}"#),
        "cutoff".into(),
        "password",
    );
    add(
        &|s| format!("mysql --db-password {s} -h x"),
        "hunter2".into(),
        "-h x",
    );
    add(
        &|s| format!("jdbc:mysql://h/db?user=a&password={s}&ssl=true"),
        "hunter2".into(),
        "&ssl=true",
    );
    add(
        &|s| format!("postgresql://admin:{s}@db.internal:5432/x"),
        "p4ss:w".into(),
        "admin:••••@db.internal",
    );
    let token = dice.from(LETTERS, 36);
    add(&|s| format!("token={s}"), token.clone(), "token=••••");
    add(
        &|s| format!("access_token: {s}"),
        token.clone(),
        "access_token: ••••",
    );
    add(&|s| format!("api_key={s}"), token.clone(), "api_key=••••");
    add(
        &|s| format!("X-Api-Key: {s}"),
        token.clone(),
        "X-Api-Key: ••••",
    );
    add(
        &|s| format!("WANDB_API_KEY={s}"),
        dice.from(HEX, 40),
        "WANDB_API_KEY=••••",
    );
    add(
        &|s| format!("wandb login --relogin {s}"),
        dice.from(HEX, 40),
        "--relogin ••••",
    );
    add(
        &|s| format!("Authorization: Bearer {s}"),
        token.clone(),
        "Bearer ••••",
    );
    add(
        &|s| format!("{{'Authorization': 'Basic {s}=='}}"),
        token.clone(),
        "Basic ••••",
    );
    add(&|s| format!("curl -H bearer {s}"), token.clone(), "••••");
    add(
        &|s| {
            format!(
                "Authorization: AWS4-HMAC-SHA256 Credential=x/y, SignedHeaders=host, Signature={s}"
            )
        },
        dice.from(HEX, 64),
        "AWS4-HMAC-SHA256",
    );
    add(
        &|s| format!("https://b.s3/k?X-Amz-Signature={s}&x=1"),
        dice.from(HEX, 64),
        "&x=1",
    );
    for (head, kept) in [
        ("ghp_", "ghp_••••"),
        ("github_pat_", "github_pat_••••"),
        ("glpat-", "glpat-••••"),
        ("xoxb-1234-", "xoxb-••••"),
        ("hf_", "hf_••••"),
        ("sk-", "sk-••••"),
        ("sk-proj-", "sk-••••"),
        ("npm_", "npm_••••"),
    ] {
        add(
            &|s| format!("cloning with {head}{s} now"),
            dice.from(LETTERS, 36),
            kept,
        );
    }
    add(
        &|s| format!("key AIza{s} x"),
        dice.from(LETTERS, 35),
        "AIza••••",
    );
    let web = format!(
        "{}.eyJ{}.{}",
        dice.from(LETTERS, 30),
        dice.from(LETTERS, 60),
        dice.from(LETTERS, 43)
    );
    add(&|s| format!("cookie eyJ{s}; x"), web, "eyJ••••; x");
    let block = format!("{}\n{}", dice.from(LETTERS, 64), dice.from(LETTERS, 40));
    add(
        &|s| format!("-----BEGIN RSA PRIVATE KEY-----\n{s}\n-----END RSA PRIVATE KEY-----\nafter"),
        block.clone(),
        "-----\n••••\n-----END RSA PRIVATE KEY-----\nafter",
    );
    add(
        &|s| format!("-----BEGIN {}-----\n{s}", "PRIVATE KEY"),
        block,
        "-----BEGIN",
    );
    made
}

#[test]
fn secrets_are_masked_and_their_kind_stays() {
    let masker = masker();
    for (line, secret, stays) in secrets() {
        let masked = masker.masked(&line);
        assert!(!masked.contains(&secret), "{line} -> {masked}");
        assert!(masked.contains(stays), "{line} -> {masked}");
        assert_eq!(masker.masked(&masked), masked, "masked twice");
    }
}

/// One of the lines that training and pipelines write.
fn ordinary(dice: &mut Dice) -> String {
    let n = dice.next() % 1_000;
    let loss = format!("0.{:04}", dice.next() % 10_000);
    let hex40 = dice.from(HEX, 40);
    let hex64 = dice.from(HEX, 64);
    let base = dice.from(LETTERS, 27);
    match dice.next() % 34 {
        0 => format!("2026-11-22 13:02:11,123 INFO epoch={n} loss={loss} val_acc: 0.9 lr=4.9e-05"),
        1 => format!("checked out commit {hex40}"),
        2 => format!("downloading s3://acme-ml-data/churn/{hex40}/features-{n}.parquet"),
        3 => format!("arn:aws:sagemaker:eu-west-1:123456789012:training-job/churn-{n}"),
        4 => format!("secret=arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-{n}"),
        5 => format!("image 123456789012.dkr.ecr.eu-west-1.amazonaws.com/churn@sha256:{hex64}"),
        6 => format!(
            "saved checkpoint /opt/ml/checkpoints/step_{n}/model.safetensors md5={}",
            &hex40[..32]
        ),
        7 => format!("{n} tokens/s max_tokens=512 tokenizer=bert-base-uncased token_count: {n}"),
        8 => format!(
            "pad_token='<pad>' eos_token=</s> bos_token: 1 unk_token=[UNK] pad_token_id={n}"
        ),
        9 => format!("token: {n}, tokens: {n}, num_tokens={n} next_token=abc123def456"),
        10 => format!(
            "run id {}-{}-4{}-a{}-{}",
            &hex40[..8],
            &hex40[8..12],
            &hex40[12..15],
            &hex40[15..18],
            &hex40[18..30]
        ),
        11 => format!(
            "{{'loss': {loss}, 'grad_norm': 1.2, 'learning_rate': 4.9e-05, 'epoch': {n}.5}}"
        ),
        12 => format!(r#"{{"level":"info","msg":"step done","loss":{loss},"sha":"{hex64}"}}"#),
        13 => format!("REPORT RequestId: {hex40} Duration: {n} ms Billed Duration: {n} ms"),
        14 => format!("password authentication is disabled, attempt {n}"),
        15 => format!(
            "loading tokenizer.json from /home/ubuntu/.cache/huggingface/hub/models--org--model/snapshots/{hex40}"
        ),
        16 => format!("hf_hub_download(repo_id='org/model-{n}', token=None)"),
        17 => format!("sklearn sk-learn-model-training-2026-{n} task-{n} disk-usage {n}"),
        18 => {
            format!("PWD=/opt/ml/code HOME=/root SM_CHANNEL_TRAIN=/opt/ml/input/data/train N={n}")
        }
        19 => "api_key=None secret=*** password=${DB_PASSWORD} token=<redacted>".to_owned(),
        20 => format!("key={base} partition_key=2026-11-{n} sort_key: a{n} public_key_id=K{n}"),
        21 => format!(
            "wandb: Syncing run cosmic-{n} https://wandb.ai/acme/churn/runs/{}",
            &base[..8]
        ),
        22 => format!(
            "https://eu-west-1.console.aws.amazon.com/sagemaker/home?region=eu-west-1#/jobs/x-{n}"
        ),
        23 => format!("Unexpected token: '}}' at line {n}"),
        24 => format!(
            "26/11/22 13:02:11 INFO SecurityManager: authentication disabled; ui acls disabled; users {n}"
        ),
        25 => format!(
            "attention_mask shape (8, {n}) mask_token_id={n} token_type_ids: tensor([0, 1])"
        ),
        26 => format!("etag \"{hex40}\" version {base} size {n} B"),
        27 => format!("git clone git@github.com:acme/churn.git at {hex40}, ssh://git@host:22/x"),
        28 => format!("tcp://10.0.1.{n}:23456 init_method=tcp://algo-1:7777 world_size={n}"),
        29 => {
            format!("Epoch {n}/1000: 100%|████| 50/50 [00:01<00:00, 9.7it/s, loss={loss}, v_num=0]")
        }
        30 => format!("authorization failed for role arn:aws:iam::123456789012:role/x-{n}"),
        31 => format!("token embeddings {n} x 768, token-level accuracy: {loss}, tokens=[{n}, 3]"),
        32 => format!("nccl comm 0x{} rank {n} nranks 8 busId {n}", &hex40[..12]),
        _ => format!(
            "secrets manager: cached, bearer of news {n}, basic auth off, secret_name=db-{n}"
        ),
    }
}

#[test]
fn ordinary_training_logs_are_left_alone() {
    let masker = masker();
    let mut dice = Dice(42);
    for _ in 0..10_000 {
        let line = ordinary(&mut dice);
        let masked = masker.masked(&line);
        assert_eq!(masked, line);
        assert!(matches!(masked, Cow::Borrowed(_)));
    }
}

#[test]
fn patterns_of_the_user() {
    let masker = Masker::new(&[r"customer-\d+", r"ssn=(\S+)", "z*"]).unwrap();
    assert_eq!(
        masker.masked("é customer-12 ssn=1-2 a"),
        "é •••• ssn=•••• a"
    );
    assert_eq!(masker.masked("azz"), "a••••");
    let error = Masker::new(&["fine", "(open"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "\"(open\" is no regular expression: unclosed group"
    );
}

#[test]
fn neighbours_become_one_mask() {
    let masker = Masker::new(&["abc", "bcd"]).unwrap();
    assert_eq!(masker.find("xabcdx"), vec![1..5]);
}

proptest::proptest! {
    #[test]
    fn masks_stand_on_characters_and_masking_twice_is_masking_once(
        text in r#"(password|token|secret|api_key|Authorization|: |Bearer |=|"|'|\\|\n|--|://|@|:|-----BEGIN PRIVATE KEY-----|-----END |eyJ|\.|AKIA|[A-Z]{16}|ghp_|sk-|[a-zA-Z0-9]{20}|é|•|••••| ){0,14}"#
    ) {
        let masker = masker();
        let found = masker.find(&text);
        for range in &found {
            proptest::prop_assert!(text.get(range.clone()).is_some_and(|t| !t.is_empty()));
        }
        proptest::prop_assert!(found.windows(2).all(|r| r[0].end < r[1].start));
        let once = masker.masked(&text).into_owned();
        proptest::prop_assert_eq!(masker.masked(&once).into_owned(), once);
    }

    #[test]
    fn any_text_is_masked(text in "\\PC{0,60}") {
        let _ = masker().masked(&text);
    }
}
