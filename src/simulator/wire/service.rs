//! The services that the simulated account has.

/// A service of AWS, as far as protocols and errors tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Service {
    Sagemaker,
    StepFunctions,
    CodePipeline,
    CodeBuild,
    Glue,
    CloudWatch,
    Logs,
    CostExplorer,
    Budgets,
    Ecr,
    Sts,
}

impl Service {
    pub const ALL: [Self; 11] = [
        Self::Sagemaker,
        Self::StepFunctions,
        Self::CodePipeline,
        Self::CodeBuild,
        Self::Glue,
        Self::CloudWatch,
        Self::Logs,
        Self::CostExplorer,
        Self::Budgets,
        Self::Ecr,
        Self::Sts,
    ];

    /// The name in AWS's models, before the dot in `X-Amz-Target` and in the path of CBOR requests.
    pub fn shape_name(self) -> &'static str {
        match self {
            Self::Sagemaker => "SageMaker",
            Self::StepFunctions => "AWSStepFunctions",
            Self::CodePipeline => "CodePipeline_20150709",
            Self::CodeBuild => "CodeBuild_20161006",
            Self::Glue => "AWSGlue",
            Self::CloudWatch => "GraniteServiceVersion20100801",
            Self::Logs => "Logs_20140328",
            Self::CostExplorer => "AWSInsightsIndexService",
            Self::Budgets => "AWSBudgetServiceGateway",
            Self::Ecr => "AmazonEC2ContainerRegistry_V20150921",
            Self::Sts => "AWSSecurityTokenServiceV20110615",
        }
    }

    pub fn of_shape_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.shape_name() == name)
    }

    /// The prefix of its IAM actions (`sagemaker:ListEndpoints`), also its name in scenario files.
    pub fn iam_prefix(self) -> &'static str {
        match self {
            Self::Sagemaker => "sagemaker",
            Self::StepFunctions => "states",
            Self::CodePipeline => "codepipeline",
            Self::CodeBuild => "codebuild",
            Self::Glue => "glue",
            Self::CloudWatch => "cloudwatch",
            Self::Logs => "logs",
            Self::CostExplorer => "ce",
            Self::Budgets => "budgets",
            Self::Ecr => "ecr",
            Self::Sts => "sts",
        }
    }

    pub fn of_iam_prefix(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.iam_prefix() == name)
    }

    /// The version that Query requests name, and the namespace of the answers to them.
    pub fn query(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Sts => Some(("2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/")),
            Self::CloudWatch => Some((
                "2010-08-01",
                "http://monitoring.amazonaws.com/doc/2010-08-01/",
            )),
            _ => None,
        }
    }

    /// How the member with the text of an error is spelled.
    pub fn message_member(self) -> &'static str {
        match self {
            Self::Glue | Self::Budgets | Self::CostExplorer => "Message",
            _ => "message",
        }
    }

    /// What it calls a paging token that it did not give out.
    pub fn bad_token_code(self) -> &'static str {
        match self {
            Self::Sagemaker => "ValidationException",
            Self::StepFunctions => "InvalidToken",
            Self::CodePipeline | Self::CostExplorer | Self::Budgets => "InvalidNextTokenException",
            Self::CodeBuild | Self::Glue => "InvalidInputException",
            Self::CloudWatch => "InvalidNextToken",
            Self::Logs | Self::Ecr => "InvalidParameterException",
            Self::Sts => "ValidationError",
        }
    }

    /// What it calls an argument that does not fit.
    pub fn bad_input_code(self) -> &'static str {
        match self {
            Self::Sagemaker | Self::CodePipeline | Self::CostExplorer | Self::StepFunctions => {
                "ValidationException"
            }
            Self::CodeBuild | Self::Glue => "InvalidInputException",
            Self::CloudWatch => "InvalidParameterValue",
            Self::Logs | Self::Ecr | Self::Budgets => "InvalidParameterException",
            Self::Sts => "ValidationError",
        }
    }
}
