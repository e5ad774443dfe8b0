//! Statistics of a stretch of time.

/// What CloudWatch keeps of a stretch of time. Values are thought to be spread log-normally between the percentiles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    pub count: f64,
    pub sum: f64,
    pub min: f64,
    pub max: f64,
    pub p50: f64,
    pub p99: f64,
}

impl Sample {
    pub fn flat(value: f64, count: f64) -> Self {
        Self {
            count,
            sum: value * count,
            min: value,
            max: value,
            p50: value,
            p99: value,
        }
    }

    /// So many ones among zeros: a count of events among `count` requests.
    pub fn events(events: f64, count: f64) -> Self {
        let ratio = if count > 0.0 { events / count } else { 0.0 };
        let step = |share: f64| if ratio > share { 1.0 } else { 0.0 };
        Self {
            count,
            sum: events,
            min: if ratio >= 1.0 { 1.0 } else { 0.0 },
            max: if events > 0.0 { 1.0 } else { 0.0 },
            p50: step(0.5),
            p99: step(0.01),
        }
    }

    /// Log-normal between two percentiles.
    pub fn spread(p50: f64, p99: f64, count: f64) -> Self {
        let sigma = (p99 / p50).max(1.0).ln() / 2.326;
        // The largest of n values lies about where 1 - 1/n does.
        let extreme = (2.0 * (count + 1.0).ln()).sqrt();
        Self {
            count,
            sum: p50 * (sigma * sigma / 2.0).exp() * count,
            min: p50 * (-sigma * extreme.min(3.0)).exp(),
            max: p50 * (sigma * extreme).exp(),
            p50,
            p99,
        }
    }

    pub fn merge(self, other: Self) -> Self {
        let count = self.count + other.count;
        let mean = |a: f64, b: f64| {
            if count > 0.0 {
                (a * self.count + b * other.count) / count
            } else {
                a
            }
        };
        Self {
            count,
            sum: self.sum + other.sum,
            min: self.min.min(other.min),
            max: self.max.max(other.max),
            p50: mean(self.p50, other.p50),
            p99: mean(self.p99, other.p99),
        }
    }

    /// `Sum`, `Average`, `SampleCount`, `Minimum`, `Maximum` or a percentile such as `p99`.
    pub fn statistic(&self, name: &str) -> Option<f64> {
        Some(match name {
            "Sum" => self.sum,
            "SampleCount" => self.count,
            "Average" if self.count > 0.0 => self.sum / self.count,
            "Average" => return None,
            "Minimum" => self.min,
            "Maximum" => self.max,
            _ => {
                let percent: f64 = name.strip_prefix('p')?.parse().ok()?;
                if !(0.0..=100.0).contains(&percent) {
                    return None;
                }
                if self.p99 <= self.p50 {
                    return Some(self.p50);
                }
                let sigma = (self.p99 / self.p50).ln() / 2.326;
                let z = normal_quantile(percent / 100.0);
                (self.p50 * (sigma * z).exp()).clamp(self.min, self.max)
            }
        })
    }
}

/// The quantile of the standard normal distribution (Acklam's rational approximation, central part
/// widened by the tail formula; error below 0.5 % in the range asked for here).
fn normal_quantile(p: f64) -> f64 {
    let p = p.clamp(0.0005, 0.9995);
    let tail = if p < 0.5 { p } else { 1.0 - p };
    let t = (-2.0 * tail.ln()).sqrt();
    let z = t
        - (2.515_517 + 0.802_853 * t + 0.010_328 * t * t)
            / (1.0 + 1.432_788 * t + 0.189_269 * t * t + 0.001_308 * t * t * t);
    if p < 0.5 { -z } else { z }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn percentiles_lie_where_they_were_put() {
        let sample = Sample::spread(10.0, 60.0, 1000.0);
        assert!((sample.statistic("p50").unwrap() / 10.0 - 1.0).abs() < 0.01);
        assert!((sample.statistic("p99").unwrap() / 60.0 - 1.0).abs() < 0.02);
        assert!(sample.statistic("p90").unwrap() < sample.statistic("p99").unwrap());
        assert!(sample.max > 60.0 && sample.min < 10.0);
        assert_eq!(sample.statistic("p101"), None);
        assert_eq!(sample.statistic("Median"), None);
    }

    #[test]
    fn the_average_of_an_error_metric_is_the_error_ratio() {
        let sample = Sample::events(3.0, 60.0);
        assert_eq!(sample.statistic("Sum"), Some(3.0));
        assert_eq!(sample.statistic("Average"), Some(0.05));
        assert_eq!(sample.statistic("Maximum"), Some(1.0));
    }
}
