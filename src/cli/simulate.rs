//! `flightdeck simulate`: the simulated account over HTTP, for any AWS client.

use super::args::SimulateArgs;
use super::open::Opening;

#[cfg(not(feature = "aws"))]
pub async fn run(_: Opening, _: &SimulateArgs) -> anyhow::Result<()> {
    anyhow::bail!("this build has no simulated account: build with the default features")
}

/// Serves until interrupted.
#[cfg(feature = "aws")]
pub async fn run(opening: Opening, args: &SimulateArgs) -> anyhow::Result<()> {
    use anyhow::Context as _;

    anyhow::ensure!(
        args.listen.ip().is_loopback(),
        "{} is not a loopback address: the simulated account has no passwords",
        args.listen
    );
    let simulator = super::open::simulator(&opening)?;
    let region = simulator.region().to_owned();
    let told = |address| {
        // The address first: a script reads the port from it.
        println!("http://{address}");
        eprintln!(
            "Simulated account in {region}. Point any AWS client at it:\n  \
             export AWS_ENDPOINT_URL=http://{address} AWS_REGION={region} \
             AWS_ACCESS_KEY_ID=simulated AWS_SECRET_ACCESS_KEY=simulated\n\
             Ctrl-C ends it."
        );
    };
    tokio::select! {
        served = crate::simulator::serve(simulator, args.listen, told) => {
            served.with_context(|| format!("{} cannot be served on", args.listen))
        }
        _ = tokio::signal::ctrl_c() => Ok(()),
    }
}
