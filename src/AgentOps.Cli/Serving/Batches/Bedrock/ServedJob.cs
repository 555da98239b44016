using System.Text.Json;

namespace AgentOps.Cli.Serving;

/// <summary>A job of Bedrock's batch inference.</summary>
/// <param name="Batch">Its records.</param>
/// <param name="Name">The caller's name of it.</param>
/// <param name="Token">The caller's token, of which there is one job.</param>
/// <param name="Model">The model of all records.</param>
/// <param name="Role">The role's ARN; nothing is checked of it but its form.</param>
/// <param name="Input">The file of records, <c>s3://</c>.</param>
/// <param name="Output">The folder that the job's own goes into, <c>s3://</c>.</param>
/// <param name="Failure">Why the job failed as a whole; null where it did not.</param>
internal sealed record ServedJob(ServedBatch Batch, string Name, string? Token, string Model, string Role, string Input, string Output, string? Failure)
{
    /// <summary>The job's own id: 12 letters and digits.</summary>
    public string Id => Batch.Number.PadLeft(12, '0');

    /// <summary>The id that clients are told.</summary>
    public string Arn => $"arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/{Id}";

    /// <summary>The answers lie in S3.</summary>
    public bool IsWritten { get; set; }

    /// <summary>Bedrock's word for how it stands.</summary>
    public string Status => (Failure, IsWritten, Batch.IsCancelling) switch
    {
        (not null, _, _) => "Failed",
        (_, true, true) => "Stopped",
        (_, true, false) => "Completed",
        (_, false, true) => "Stopping",
        _ => "InProgress",
    };

    /// <summary>Writes it in the form of GetModelInvocationJob and ListModelInvocationJobs.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("jobArn", Arn);
        json.WriteString("jobName", Name);
        json.WriteString("modelId", Model);
        json.WriteString("modelInvocationType", "Converse");
        json.WriteString("roleArn", Role);
        json.WriteString("status", Status);
        json.WriteString("submitTime", BatchResponse.Time(Batch.Created));
        json.WriteString("lastModifiedTime", BatchResponse.Time(Batch.Ended ?? Batch.Created));
        json.WriteString("jobExpirationTime", BatchResponse.Time(Batch.Created.AddDays(1)));
        json.WriteNumber("timeoutDurationInHours", 24);
        json.WriteNumber("totalRecordCount", Batch.Count);
        json.WriteNumber("processedRecordCount", Batch.Counted(ServedOutcome.Answered) + Batch.Counted(ServedOutcome.Failed));
        json.WriteNumber("successRecordCount", Batch.Counted(ServedOutcome.Answered));
        json.WriteNumber("errorRecordCount", Batch.Counted(ServedOutcome.Failed));
        if (Token is not null)
        {
            json.WriteString("clientRequestToken", Token);
        }

        if (Failure is not null)
        {
            json.WriteString("message", Failure);
        }

        if (Batch.Ended is { } ended)
        {
            json.WriteString("endTime", BatchResponse.Time(ended));
        }

        WriteLocation(json, "inputDataConfig", "s3InputDataConfig", Input);
        WriteLocation(json, "outputDataConfig", "s3OutputDataConfig", Output);
        json.WriteEndObject();
    }

    private static void WriteLocation(Utf8JsonWriter json, string config, string kind, string uri)
    {
        json.WriteStartObject(config);
        json.WriteStartObject(kind);
        json.WriteString("s3Uri", uri);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
