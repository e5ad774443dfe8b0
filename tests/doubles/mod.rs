//! Flightdeck against independent AWS doubles: what it says must be what boto3 sees there.

mod faulty;
mod seeded;
mod twins;
